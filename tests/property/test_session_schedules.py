"""
Laws of refresh over schedules (`docs/explanation/sessions.md`): clients, thieves, crashes, and time that passes.

No honest client is ever logged out; and every use of a parent later than the grace after its child was confirmed is
seen: the session is revoked, and the error names it and its user. ``nox -s schedules`` runs ten thousand of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from authweave.storage import Storage
from authweave.storage.memory import MemoryStorage
from tests.property.session_machine import Schedules
from tests.property.session_processes import OwnProcesses, Processes
from tests.property.session_workers import workers
from tests.stores import open_whole

pytestmark = pytest.mark.property

MACHINE_STEPS = 40


def run(storage: Storage, processes: Processes, *, share: int = 1) -> None:
    """Run as many schedules as AUTHWEAVE_SCHEDULES says, else such a share of them as the profile does."""
    count = int(os.environ.get("AUTHWEAVE_SCHEDULES", settings().max_examples // share))
    chosen = settings(max_examples=count, stateful_step_count=MACHINE_STEPS, deadline=None)
    machine = type("SchedulesOnThese", (Schedules,), {"storage": storage, "processes": processes})
    run_state_machine_as_test(machine, settings=chosen)


def run_workers(url: str) -> None:
    """Run schedules over two processes in earnest and one store. Starting them again takes longer than all the rest."""
    with closing(open_whole(url)) as storage, workers(url) as lent:
        run(storage, lent, share=10)


def test_schedules_in_memory() -> None:
    """On the store in memory no honest client is logged out, and every late parent is seen."""
    storage = MemoryStorage()
    run(storage, OwnProcesses([storage, storage]))


def test_schedules_on_sqlite(tmp_path: Path) -> None:
    """The same on SQLite, where each of the two processes has opened the database for itself."""
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'auth.db'}"
        storages = [stack.enter_context(closing(open_whole(url))) for _ in range(2)]
        run(storages[0], OwnProcesses(storages))


def test_schedules_of_processes_on_sqlite(tmp_path: Path) -> None:
    """The same on SQLite with two processes in earnest, which are killed (SIGKILL) where the others only stop."""
    run_workers(f"sqlite:///{tmp_path / 'auth.db'}")


def test_schedules_of_processes_on_postgresql(new_postgresql_url: Callable[[], str]) -> None:
    """The same on PostgreSQL."""
    run_workers(new_postgresql_url())
