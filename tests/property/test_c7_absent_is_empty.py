"""Law C7: reading where no context is current gives an empty one, never an exception."""

import asyncio
import threading
from collections.abc import Callable
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authweave.kernel import UserContext, carry_context, current_context, forked_context
from tests.property.programs import Call, Spec, machine, run
from tests.property.strategies import SETTINGS, calls, stacks

pytestmark = pytest.mark.property


def in_a_thread(read: Callable[[], UserContext]) -> UserContext:
    """Read in a bare thread."""
    found: list[UserContext] = []
    thread = threading.Thread(target=lambda: found.append(read()))
    thread.start()
    thread.join()
    return found[0]


async def in_a_task(read: Callable[[], UserContext]) -> UserContext:
    """Read in a task and its thread."""
    return await asyncio.create_task(asyncio.to_thread(read))


def read_in_a_fork() -> UserContext:
    """Read in a fork of nothing."""
    with forked_context() as copy:
        return copy


READERS: dict[str, Callable[[], UserContext]] = {
    "here": current_context,
    "thread": lambda: in_a_thread(current_context),
    "task": lambda: asyncio.run(in_a_task(current_context)),
    "fork": read_in_a_fork,
    "carried": carry_context(current_context),
}


@pytest.mark.threads
@given(st.lists(st.sampled_from(sorted(READERS)), max_size=6), st.text())
@SETTINGS
def test_every_reader_gets_an_empty_one_of_its_own(readers: list[str], key: str) -> None:
    """Nobody sees what another reader wrote into the empty context that it was given."""
    for reader in readers:
        found = READERS[reader]()
        assert found == {}
        cast("dict[str, object]", found)[key] = True  # a key that no TypedDict declares
    assert current_context() == {}


@given(stacks(), calls())
@SETTINGS
def test_it_is_empty_again_after_a_root_call(stack: tuple[Spec, ...], call: Call) -> None:
    """A root call leaves nothing behind."""

    async def main() -> None:
        await run(machine(stack), call)
        assert current_context() == {}

    asyncio.run(main())
    assert current_context() == {}
