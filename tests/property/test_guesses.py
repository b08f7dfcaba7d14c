"""
Law: a code is good once, and for five guesses at all workers together; none of them opens somebody else's account.

Honest people and a guesser ask for codes, have them sent again, type them in, follow links and guess, one after the
other and at once, at two workers over one store. ``nox -s guesses`` runs ten thousand schedules in memory and a
thousand on each database; here there are as many as the profile says.
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
from tests.property.guess_machine import Guesses
from tests.property.guess_world import GuessWorld
from tests.stores import open_whole

pytestmark = pytest.mark.property

STEPS = 30


def run(stores: Sequence[Storage], *, has_callback: bool, share: int = 1) -> None:
    """Run as many schedules as AUTHWEAVE_SCHEDULES says, else such a share of them as the profile does."""
    count = int(os.environ.get("AUTHWEAVE_SCHEDULES", max(settings().max_examples // share, 1)))
    logger = logging.getLogger("authweave")
    with ExitStack() as stack, closing(GuessWorld(stores, has_callback=has_callback)) as world:
        stack.callback(logger.setLevel, logger.level)
        logger.setLevel(logging.CRITICAL)
        machine = type("GuessesOnThese", (Guesses,), {"world": world})
        run_state_machine_as_test(
            machine, settings=settings(max_examples=count, stateful_step_count=STEPS, deadline=None)
        )
        print(f"\n{world.schedule:,} schedules", *world.counted(), sep="\n")  # noqa: T201  for nox


@pytest.mark.parametrize("has_callback", [False, True])
def test_guesses_in_memory(*, has_callback: bool) -> None:
    """In memory; where the application decides about linking, a code is looked at before it is used."""
    storage = MemoryStorage()
    run([storage, storage], has_callback=has_callback, share=2)


def test_guesses_on_sqlite(tmp_path: Path) -> None:
    """On SQLite, which each of the two workers has opened for itself."""
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'auth.db'}"
        run([stack.enter_context(closing(open_whole(url))) for _ in range(2)], has_callback=False, share=10)


def test_guesses_on_postgresql(new_postgresql_url: Callable[[], str]) -> None:
    """The same on PostgreSQL."""
    with ExitStack() as stack:
        url = new_postgresql_url()
        run([stack.enter_context(closing(open_whole(url))) for _ in range(2)], has_callback=True, share=10)
