"""
What storing costs: reads by key; refreshes at once, by several workers, and among millions of sessions.

Run ``python benchmarks/storage.py``, or some of its parts: ``--parts read commits workers size``. PostgreSQL has to be
installed: a server of our own is started, which writes to the disk as it does by default. ``--rounds`` (51),
``--users`` (1,000,000) and ``--sessions`` (5,000,000), against ``--few`` (1,000), and ``--folder``, where the SQLite
files go, can be given. The folder has to be on a disk.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))  # the tests know how to start a server

from _storage_commits import measure_commits
from _storage_read import measure_read
from _storage_size import measure_size
from _storage_workers import measure_workers
from measure import with_versions


def main() -> None:
    """Measure, and set the figures against their bars."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=51)
    parser.add_argument("--few", type=int, default=1_000)
    parser.add_argument("--users", type=int, default=1_000_000)
    parser.add_argument("--sessions", type=int, default=5_000_000)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--parts", nargs="+", default=["read", "commits", "workers", "size"])
    given = parser.parse_args()
    parts: dict[str, Callable[[Path], None]] = {
        "read": lambda folder: measure_read(folder, given.rounds),
        "size": lambda _: measure_size(given.rounds, given.few, given.users, given.sessions),
        "commits": lambda folder: measure_commits(folder, given.rounds),
        "workers": lambda _: measure_workers(min(given.rounds, 9), given.workers),
    }
    print(with_versions("Storage"))
    for part in given.parts:
        print(f"{part}:", flush=True)
        with tempfile.TemporaryDirectory(dir=given.folder) as folder:
            parts[part](Path(folder))


if __name__ == "__main__":
    main()
