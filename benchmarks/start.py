"""
What a password-only application brings along, and how long one with all three recipes takes to start.

Run ``python benchmarks/start.py``; ``--rounds`` (9) can be given, ``--weights`` names the packages that start loads.
Each start is a process of its own, measured by its CPU time; those compared run in turns.

Where Python was told to write no byte code (``PYTHONDONTWRITEBYTECODE``), a clone is compiled at each start, which an
installed package is not.

How many distributions ``pip install .`` brings, pip resolves and does not install: it needs an index to ask. The
library is one of them; pip and setuptools, which an environment has already, are not.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from operator import itemgetter
from pathlib import Path
from typing import Final

from measure import interleaved, verdict, with_versions

ROOT: Final = Path(__file__).parents[1]
START_BAR: Final = 1.0
DISTRIBUTIONS_BAR: Final = 22
HEAVY_MS: Final = 1.0

OURS: Final = """
import authweave
authweave.init
from authweave.recipe import emailpassword, session, thirdparty
from authweave.recipe.thirdparty import ProviderClientConfig, ProviderConfig, ProviderInput, SignInAndUpFeature
google = ProviderInput(ProviderConfig("google", clients=[ProviderClientConfig("id", "secret")]))
emailpassword.init(), session.init(), thirdparty.init(SignInAndUpFeature([google]))
"""

PROGRAMS: Final = {
    "authweave.init and three recipes": OURS,
    "import fastapi": "import fastapi",
    "nothing": "",
}

IMPORT_LINE: Final = re.compile(r"import time:\s+(?P<own_us>\d+) \|\s+\d+ \|\s+(?P<module>\S+)")


def start(program: str) -> Callable[[], int]:
    """Make a case of a process that runs a program. Returns the CPU nanoseconds that it took."""

    def case() -> int:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", program], check=True)  # noqa: S603  this interpreter, a program above
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return round((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e9)

    return case


def shares(program: str, rounds: int) -> dict[str, float]:
    """Return what part of the time that imports take belongs to each package, by the median of some runs."""
    runs = [weights(program) for _ in range(rounds)]
    return {name: statistics.median(run[name] / run.total() for run in runs) for name in runs[0]}


def weights(program: str) -> Counter[str]:
    """Return what the modules of each package take to load, in microseconds; ours by room or recipe."""
    run = subprocess.run(  # noqa: S603  as above
        [sys.executable, "-X", "importtime", "-c", program], check=True, stderr=subprocess.PIPE, text=True
    )
    found = Counter[str]()
    for line in IMPORT_LINE.finditer(run.stderr):
        package, *inner = line["module"].split(".")
        depth = 0 if package != "authweave" else 2 if inner[:1] == ["recipe"] else 1
        name = "the standard library" if package in sys.stdlib_module_names else ".".join([package, *inner[:depth]])
        found[name] += int(line["own_us"])
    return found


def distributions() -> list[str]:
    """Return what ``pip install .`` brings, the library itself included."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
        subprocess.run([*command, "--report", str(report), str(ROOT)], check=True)  # noqa: S603  as above
        listed = json.loads(report.read_text(encoding="utf-8"))["install"]
    return sorted(each["metadata"]["name"].lower() for each in listed)


def main() -> None:
    """Measure, and print each figure beside its bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--weights", action="store_true")
    given = parser.parse_args()
    print(with_versions(f"CPU time of processes that start and end, {given.rounds} rounds in turns"))
    results = interleaved({name: start(program) for name, program in PROGRAMS.items()}, rounds=given.rounds)
    ours, fastapi, nothing = results.values()
    print(verdict("authweave.init and three recipes, against import fastapi", ours.ratio_to(fastapi), START_BAR))
    took = ", ".join(f"{name} {result.median_ns / 1e6:.0f} ms" for name, result in results.items())
    print(f"{'':4}({took})")
    without = (ours.median_ns - nothing.median_ns) / (fastapi.median_ns - nothing.median_ns)
    print(f"{'':4}({without:.2f} x without the interpreter's own start)")
    if given.weights:
        heaviest_first = sorted(shares(OURS, given.rounds).items(), key=itemgetter(1), reverse=True)
        for name, share in heaviest_first:
            if (weight_ms := share * ours.median_ns / 1e6) >= HEAVY_MS:
                print(f"{'':4}{weight_ms:6.0f} ms {share:6.1%}  {name}")
    brought = distributions()
    print(verdict("distributions that pip install . brings", len(brought), DISTRIBUTIONS_BAR, unit=""))
    print(f"{'':4}({', '.join(brought)})")


if __name__ == "__main__":
    main()
