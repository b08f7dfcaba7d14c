"""
What sessions cost: verified in process and over HTTP, refreshed, and among a million others.

Run ``python benchmarks/session.py``, or some of its parts: ``--parts verify http refresh size``. Peers are those of
``_peers.py``; where one is not there, its rows say so. ``--rounds`` (15), ``--requests`` (300
a round over HTTP), ``--few`` (1,000) and ``--many`` (1,000,000) stored sessions, and ``--folder``, where the databases
go, can be given. The folder has to be on a disk: on one in memory a bare transaction costs next to nothing.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from _session_http import measure_http
from _session_store import measure_refresh, measure_size
from _session_verify import measure_verify
from measure import with_versions


def main() -> None:
    """Measure, and set the figures against their bars."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--few", type=int, default=1_000)
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--parts", nargs="+", default=["verify", "http", "refresh", "size"])
    given = parser.parse_args()
    parts: dict[str, Callable[[Path], None]] = {
        "verify": lambda folder: measure_verify(folder, given.rounds),
        "http": lambda folder: measure_http(folder, given.rounds, given.requests),
        "refresh": lambda folder: measure_refresh(folder, given.rounds),
        "size": lambda folder: measure_size(folder, given.rounds, given.few, given.many),
    }
    print(with_versions("Sessions"))
    for part in given.parts:
        print(f"{part}:", flush=True)
        with tempfile.TemporaryDirectory(dir=given.folder) as folder:
            parts[part](Path(folder))


if __name__ == "__main__":
    main()
