"""Refreshes at once on SQLite: transactions that share commits, against a commit for each."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import attrs
from measure import interleaved, verdict

from authweave.storage import Storage
from authweave.storage.sql import _together, open_storage
from authweave.testing.storage_contract import a_session

AT_ONCE = 64
GROUPS = {"a commit for each": 1, "shared commits": _together.MOST}


@attrs.define
class Refreshing:
    """Sessions, each of which is refreshed by a thread of its own."""

    storage: Storage
    threads: ThreadPoolExecutor

    def refresh(self, number: int) -> None:
        """Store the progress of one."""
        found = self.storage.find_session(f"handle-{number}")
        assert found is not None
        progress = attrs.evolve(found, generation=found.generation + 1)
        assert self.storage.advance_session(progress, from_generation=found.generation)

    def all_at_once(self, most: int) -> int:
        """Refresh all of them, so many to a commit at most. Returns nanoseconds."""
        _together.MOST = most  # the one thing that differs
        start = time.perf_counter_ns()
        list(self.threads.map(self.refresh, range(AT_ONCE)))
        return time.perf_counter_ns() - start


def measure_commits(folder: Path, rounds: int) -> None:
    """Print how long so many refreshes take."""
    with closing(open_storage(f"sqlite:///{folder}/auth.db")) as storage, ThreadPoolExecutor(AT_ONCE) as threads:
        for number in range(AT_ONCE):
            storage.create_session(a_session(number))
        work = Refreshing(storage, threads)
        found = interleaved(
            {name: lambda most=most: work.all_at_once(most) for name, most in GROUPS.items()}, rounds=rounds
        )
    for name, result in found.items():
        print(f"  {AT_ONCE} refreshes, {name:<20} {result.median_ns / 1e6:8.1f} ms")
    each, shared = found.values()
    print(
        verdict(
            f"{AT_ONCE} refreshes at once, shared commits against one each", each.ratio_to(shared), 3.0, at_least=True
        )
    )
