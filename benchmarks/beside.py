"""
What the kernel costs beside an older revision of itself, which is taken out of the repository.

Run ``python benchmarks/beside.py [REVISION]``; ``--rounds`` (21) can be given. Both are measured in processes of their
own, in turns, by their CPU time; the older one twice, to tell what is noise.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import statistics
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from measure import verdict

ROOT: Final = Path(__file__).parents[1]
REVISION: Final = "da3a8e5"  # the last one before there was the call style
NO_SLOWER: Final = 1.02  # two runs of one revision differ by as much
IMPORT_BAR: Final = 1.05
IMPORTS_A_ROUND: Final = 5
OWN_MODULES: Final = "its own modules, all else that they import being there"
IMPORTS: Final = ("the import statement", "a process that imports, nothing taken off", OWN_MODULES)
IMPORT: Final = """
import resource, sys, time
before = time.process_time_ns()
import authweave.kernel
statement = time.process_time_ns() - before
used = resource.getrusage(resource.RUSAGE_SELF)
process = round((used.ru_utime + used.ru_stime) * 1e9)
for name in [name for name in sys.modules if name.partition(".")[0] == "authweave"]:
    del sys.modules[name]
before = time.process_time_ns()
import authweave.kernel
print(authweave.kernel.__file__, statement, process, time.process_time_ns() - before, sep="\\n")
"""


def source_of(revision: str, folder: Path) -> Path:
    """Take the source of a revision out of the repository. Needs its history: a shallow clone has none."""
    archive = subprocess.check_output(["git", "-C", str(ROOT), "archive", revision, "src"])  # noqa: S603, S607  the git on the PATH
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        packed.extractall(folder, filter="data")
    return folder / "src"


def child(arguments: Sequence[str], source: Path, cache: Path) -> str:
    """Run a process that imports the library from a source, compiled once."""
    environment = {**os.environ, "PYTHONPATH": str(source), "PYTHONPYCACHEPREFIX": str(cache)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return subprocess.check_output([sys.executable, *arguments], text=True, env=environment)  # noqa: S603  our own


def calls_cost(source: Path, cache: Path) -> dict[str, float]:
    """Measure calls, in nanoseconds."""
    found = json.loads(child([str(ROOT / "benchmarks" / "_beside_calls.py")], source, cache))
    check_source(found["kernel"], source)
    cost: dict[str, float] = found["cpu_ns"]
    return cost


def import_cost(source: Path, cache: Path) -> dict[str, float]:
    """Measure imports, in nanoseconds; each process imports once, and once more with all else loaded."""
    processes: list[list[int]] = []
    for _ in range(IMPORTS_A_ROUND):
        kernel, *times = child(["-c", IMPORT], source, cache).splitlines()
        check_source(kernel, source)
        processes.append([int(each) for each in times])
    return dict(zip(IMPORTS, map(statistics.median, zip(*processes, strict=True)), strict=True))


def check_source(kernel: str, source: Path) -> None:
    """See to it that the kernel that was measured is the one that was meant."""
    if not Path(kernel).is_relative_to(source):
        message = f"{kernel} was measured instead of what is in {source}: does something else stand first on the path?"
        raise RuntimeError(message)


def ratio(rounds: Sequence[Mapping[str, Mapping[str, float]]], which: str, name: str) -> float:
    """Return the median of the ratios of each round."""
    return statistics.median(each[which][name] / each["then"][name] for each in rounds)


def in_turns(
    revision: str, count: int, cost: Callable[[Path, Path], dict[str, float]]
) -> list[dict[str, dict[str, float]]]:
    """Measure this source and that of a revision, twice, in turns; return the costs of each round by name."""
    rounds: list[dict[str, dict[str, float]]] = []
    with tempfile.TemporaryDirectory() as folder:
        then = source_of(revision, Path(folder))
        cache = Path(folder) / "cache"
        sources = {"now": ROOT / "src", "then": then, "again": then}
        for number in range(count + 1):
            turns = list(sources.items())[:: 1 if number % 2 else -1]  # who comes first has no advantage
            found = {name: cost(source, cache) for name, source in turns}
            if number:  # the first one compiles
                rounds.append(found)
    return rounds


def main() -> None:
    """Measure both in turns and print the ratios beside their bars."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("revision", nargs="?", default=REVISION)
    parser.add_argument("--rounds", type=int, default=21)
    given = parser.parse_args()
    rounds = in_turns(given.revision, given.rounds, lambda *at: calls_cost(*at) | import_cost(*at))
    title = f"Python {sys.version.split()[0]}, {sysconfig.get_platform()}, {given.rounds} rounds of processes in turns"
    print(f"{title}, CPU time, against {given.revision}")
    for name in rounds[0]["now"]:
        now, again = ratio(rounds, "now", name), ratio(rounds, "again", name)
        took = ", ".join(f"{statistics.median(each[which][name] for each in rounds):.0f}" for which in ("now", "then"))
        if name == OWN_MODULES:
            print(f"{'':4}({name}: {now:.2f} x)")
            continue
        print(verdict(f"{name}, against {given.revision}", now, IMPORT_BAR if name in IMPORTS else NO_SLOWER))
        print(f"{'':4}({took} ns; {given.revision} against itself: {again:.3f} x)")


if __name__ == "__main__":
    main()
