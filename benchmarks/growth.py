"""
What grows with the number of overrides, of tenants, of users and sessions, and of access tokens: time, memory, pauses.

Each size is measured in a process of its own. Times are CPU, medians of some rounds. Memory is by how much the resident
memory of that process grew. The longest pause is that of a collection of garbage, of a call that holds up the event
loop, or of the loop itself; at the end of each there is a full collection, which in a long life comes at some time.

Users and sessions are in a database that is filled past the library: five sessions a user. *Tokens* are verified one
after the other, each of another session, within the bound on what is remembered; *all remembered* shows what it would
take without the bound.

Run ``python benchmarks/growth.py``, or some of its parts: ``--parts overrides tenants sessions tokens``. ``--small``
has sizes that take some seconds. ``--rounds`` (9), ``--plot FILE`` (an SVG), ``--folder``, where SQLite files go
(5,000,000 sessions take 3 GB), and ``--postgresql`` can be given; with that users and sessions are in a server of our
own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

sys.path.append(str(Path(__file__).parents[1]))  # the tests know how to start a server

from _growth import Grown
from _growth_table import drawing, table
from _rows import Row, append
from measure import with_versions

from tests.postgresql import private_server

SIZES: Final = {
    "overrides": (1, 16, 256, 4_096),
    "tenants": (1, 100, 10_000),
    "sessions": (1_000, 100_000, 5_000_000),
    "tokens": (1_000, 30_000, 1_000_000),
    "tokens, all remembered": (1_000, 30_000, 1_000_000),
}
SMALL: Final = {
    "overrides": (1, 16),
    "tenants": (2,),
    "sessions": (100,),
    "tokens": (1_000,),
    "tokens, all remembered": (1_000,),
}
CHILD: Final = Path(__file__).with_name("_growth.py")


def grown(subject: str, size: int, url: str, rounds: int) -> Grown:
    """Measure one size."""
    command = [sys.executable, str(CHILD), subject, str(size), url, str(rounds)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603  our own
    return Grown(**json.loads(output.splitlines()[-1]))


def rows_of(subject: str, grown: Grown) -> Iterator[Row]:
    """Yield what was measured at one size, a row each."""
    figures = [(name, us, "us") for name, us in grown.times_us.items()]
    figures += [("memory", grown.memory_mib, "MiB"), ("longest pause", grown.pause_ms, "ms")]
    if grown.disk_mib:
        figures.append(("on the disk", grown.disk_mib, "MiB"))
    for name, value, unit in figures:
        yield Row(f"{subject}: {name}", value, unit, size=grown.size)


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", nargs="+", choices=list(SIZES), default=list(SIZES))
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--postgresql", action="store_true")
    given = parser.parse_args()
    sizes = SMALL if given.small else SIZES
    rows: list[Row] = []
    with ExitStack() as stack:
        server = stack.enter_context(private_server(durable=True)) if given.postgresql else None
        for subject in given.parts:
            for size in sizes[subject]:
                start = time.monotonic()
                with tempfile.TemporaryDirectory(dir=given.folder) as folder:
                    url = f"sqlite:///{folder}/auth.db"
                    if server is not None and subject == "sessions":
                        url = server.new_store()
                    found = list(rows_of(subject, grown(subject, size, url, given.rounds)))
                for row in found:
                    append(row)
                rows += found
                print(f"{subject}, {size:,}: {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    print(with_versions(f"What grows, medians of {given.rounds} rounds"))
    print("\n".join(table(rows)))
    if given.plot:
        given.plot.write_text(drawing(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
