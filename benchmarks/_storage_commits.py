"""Refreshes at once on SQLite: transactions that share commits, against a commit for each."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import attrs
from measure import interleaved, verdict

from authweave.recipe.session.store import SESSIONS, SessionRecord
from authweave.recipe.session.store.contract import a_session
from authweave.storage import Storage
from authweave.storage.sql import _group_commit, open_storage

AT_ONCE = 64
GROUPS = {"a commit for each": 1, "shared commits": _group_commit.MAX_GROUP}
BAR = 3.0


@attrs.define
class Refreshing:
    """Sessions, each of which is refreshed by a thread of its own."""

    storage: Storage
    threads: ThreadPoolExecutor
    known: list[SessionRecord]

    def refresh(self, number: int) -> None:
        """Store the progress of one, as a refresh does: after a look at it."""
        self.advance(number, self.storage.part(SESSIONS).find_session(f"handle-{number}"))

    def advance(self, number: int, found: SessionRecord | None = None) -> None:
        """Store the progress of one: the transaction alone, where it is known what is stored."""
        known = found or self.known[number]
        self.known[number] = attrs.evolve(known, generation=known.generation + 1)
        assert self.storage.part(SESSIONS).advance_session(self.known[number], from_generation=known.generation)

    def all_at_once(self, call: Callable[[int], None], most: int) -> int:
        """Let each thread call once, so many to a commit at most. Returns nanoseconds."""
        _group_commit.MAX_GROUP = most  # the one thing that differs
        start = time.perf_counter_ns()
        list(self.threads.map(call, range(AT_ONCE)))
        return time.perf_counter_ns() - start


def measure_commits(folder: Path, rounds: int) -> None:
    """Print how long so many refreshes take."""
    with (
        closing(open_storage(f"sqlite:///{folder}/auth.db", parts=[SESSIONS])) as storage,
        ThreadPoolExecutor(AT_ONCE) as threads,
    ):
        sessions = [a_session(number) for number in range(AT_ONCE)]
        for session in sessions:
            storage.part(SESSIONS).create_session(session)
        work = Refreshing(storage, threads, sessions)
        for what, call in (("refreshes", work.refresh), ("transactions", work.advance)):
            cases = {name: partial(work.all_at_once, call, most) for name, most in GROUPS.items()}
            found = interleaved(cases, rounds=rounds)
            for name, result in found.items():
                print(f"  {AT_ONCE} {what}, {name:<20} {result.median_ns / 1e6:8.1f} ms")
            each, shared = found.values()
            measure = f"{AT_ONCE} {what} at once, shared commits against one each"
            print(verdict(measure, each.ratio_to(shared), BAR, at_least=True))
