"""
Law: nobody gets into an account whose addresses somebody else holds (`docs/explanation/account-linking.md`).

Honest people and an attacker sign up and in, verify, reset, link, unlink, change addresses, join tenants, in any order
and at two applications over one store. ``nox -s takeover`` runs ten thousand schedules in memory and a thousand on each
database; here there are as many as the profile says.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from authweave.storage import Storage
from authweave.storage.memory import MemoryStorage
from tests.property.account_machine import Takeover
from tests.property.account_world import World
from tests.stores import open_whole

pytestmark = pytest.mark.property

STEPS = 30


def run(stores: Sequence[Storage], *, share: int = 1) -> None:
    """Run as many schedules as AUTHWEAVE_SCHEDULES says, else such a share of them as the profile does."""
    count = int(os.environ.get("AUTHWEAVE_SCHEDULES", max(settings().max_examples // share, 1)))
    logger = logging.getLogger("authweave")
    with ExitStack() as stack, closing(World(stores, one_by_one=True)) as world:
        stack.callback(logger.setLevel, logger.level)
        logger.setLevel(logging.CRITICAL)
        machine = type("TakeoverOnThese", (Takeover,), {"world": world})
        run_state_machine_as_test(
            machine, settings=settings(max_examples=count, stateful_step_count=STEPS, deadline=None)
        )
        print(f"\n{world.schedule:,} schedules", *world.counted(), sep="\n")  # noqa: T201  for nox


def test_takeover_in_memory() -> None:
    """In memory."""
    storage = MemoryStorage()
    run([storage, storage], share=2)


def test_takeover_on_sqlite(tmp_path: Path) -> None:
    """On SQLite, which each of the two applications has opened for itself."""
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'auth.db'}"
        run([stack.enter_context(closing(open_whole(url))) for _ in range(2)], share=20)


def test_takeover_on_postgresql(new_postgresql_url: Callable[[], str]) -> None:
    """The same on PostgreSQL."""
    with ExitStack() as stack:
        url = new_postgresql_url()
        run([stack.enter_context(closing(open_whole(url))) for _ in range(2)], share=20)
