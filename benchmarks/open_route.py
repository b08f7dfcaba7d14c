"""
What CPU the middleware adds to an open route, beside an older revision of itself, which is taken out of the repository.

Run ``python benchmarks/open_route.py [REVISION]``; ``--rounds`` (9) can be given. Both are measured in processes of
their own, in turns, by their CPU time; the older one twice, to tell what is noise. An open route is one that asks for
no session: it pays for the middleware alone.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import sysconfig
from pathlib import Path
from typing import Final

from beside import ROOT, check_source, child, in_turns, ratio
from measure import verdict

REVISION: Final = "da3a8e5"  # before there was more than one framework to serve
NO_MORE: Final = 1.0


def added_cost(source: Path, cache: Path) -> dict[str, float]:
    """Measure what the middleware of a source adds, in nanoseconds."""
    found = json.loads(child([str(ROOT / "benchmarks" / "_open_route_calls.py")], source, cache))
    check_source(found["library"], source)
    cost: dict[str, float] = found["cpu_ns"]
    return cost


def main() -> None:
    """Measure both in turns and print the ratios beside their bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("revision", nargs="?", default=REVISION)
    parser.add_argument("--rounds", type=int, default=9)
    given = parser.parse_args()
    rounds = in_turns(given.revision, given.rounds, added_cost)
    title = f"Python {sys.version.split()[0]}, {sysconfig.get_platform()}, {given.rounds} rounds of processes in turns"
    print(f"{title}, CPU time added, against {given.revision}")
    for name in rounds[0]["now"]:
        took = ", ".join(f"{statistics.median(each[which][name] for each in rounds):.0f}" for which in ("now", "then"))
        print(verdict(f"{name}, against {given.revision}", ratio(rounds, "now", name), NO_MORE))
        print(f"{'':4}({took} ns; {given.revision} against itself: {ratio(rounds, 'again', name):.3f} x)")


if __name__ == "__main__":
    main()
