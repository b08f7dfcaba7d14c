"""What may wait is done with what comes next, or at the end of its block; and once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

import pytest

from authweave.extending import PutOff, current_put_off, put_off, putting_off
from authweave.storage import StorageError
from authweave.storage.memory import MemoryStorage

P = ParamSpec("P")
R = TypeVar("R")


async def at_once(function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Do what is to be done off the loop, here."""
    return function(*args, **kwargs)


def off_loop(function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[R]:
    """Return what does it."""
    return at_once(function, *args, **kwargs)


def note(done: list[str], what: str, error: Exception | None = None) -> Callable[[], None]:
    """Return work that notes that it is done, and raises then."""

    def work() -> None:
        done.append(what)
        if error is not None:
            raise error

    return work


def test_without_a_block_nothing_is_put_off() -> None:
    """The caller has to do it."""
    assert not put_off(off_loop, check=note([], "check"))
    assert (current_put_off().checks, current_put_off().writes) == ([], [])


def test_it_is_done_before_what_comes_next_and_not_again() -> None:
    """Checks come first, then what is written, then the work."""
    done: list[str] = []

    async def scenario() -> None:
        async with putting_off():
            assert put_off(off_loop, write=note(done, "write"))
            assert put_off(off_loop, check=note(done, "check"))
            assert done == []
            current_put_off().do_before(MemoryStorage(), note(done, "work"))
            assert (current_put_off().checks, current_put_off().writes) == ([], [])

    asyncio.run(scenario())
    assert done == ["check", "write", "work"]


def test_who_tries_again_is_checked_again() -> None:
    """What failed still waits, whatever failed; what was done does not."""
    done: list[str] = []
    faults: list[Exception] = [LookupError(), StorageError("The store is away.")]

    def check() -> None:
        done.append("check")
        if len(faults) > 1:
            raise faults.pop(0)

    def work() -> None:
        if faults:
            raise faults.pop()

    async def scenario() -> None:
        async with putting_off():
            assert put_off(off_loop, check=check, write=note(done, "write"))
            for fault in (LookupError, StorageError):
                with pytest.raises(fault):
                    current_put_off().do_before(MemoryStorage(), work)
            current_put_off().do_before(MemoryStorage(), work)

    asyncio.run(scenario())
    assert done == ["check", "check", "write", "check", "write"]


def test_what_is_left_is_done_at_the_end() -> None:
    """Where nobody took it along; what a check raises leaves the block, and nothing is written then."""
    done: list[str] = []

    async def scenario(error: Exception | None) -> None:
        async with putting_off():
            assert put_off(off_loop, write=note(done, "write"))
            assert put_off(off_loop, check=note(done, "check", error))

    asyncio.run(scenario(None))
    assert done == ["check", "write"]
    with pytest.raises(LookupError):
        asyncio.run(scenario(LookupError()))
    assert done == ["check", "write", "check"]


@pytest.mark.parametrize("failure", [None, StorageError("The store is away.")])
def test_where_the_block_raises_what_was_to_be_written_is(failure: Exception | None) -> None:
    """A check has nothing to stop any more; and what the block raised is told, whatever the store says."""
    done: list[str] = []

    async def scenario() -> None:
        async with putting_off():
            put_off(off_loop, check=note(done, "check"))
            put_off(off_loop, write=note(done, "write", failure))
            raise LookupError

    with pytest.raises(LookupError):
        asyncio.run(scenario())
    assert done == ["write"]


def test_a_task_that_outlives_the_block_puts_nothing_off() -> None:
    """Nobody would do it."""

    async def late(may: asyncio.Event) -> bool:
        await may.wait()
        return put_off(off_loop, write=note([], "write"))

    async def scenario() -> bool:
        may = asyncio.Event()
        async with putting_off():
            task = asyncio.create_task(late(may))
            await asyncio.sleep(0)
        may.set()
        return await task

    assert not asyncio.run(scenario())


def test_what_is_written_is_so_with_the_work_or_not_at_all() -> None:
    """One transaction."""
    storage = MemoryStorage()

    def work() -> None:
        raise LookupError

    def write() -> None:
        storage.create_tenant("t1")

    waiting = PutOff(writes=[write])
    with pytest.raises(LookupError):
        waiting.do_before(storage, work)
    assert storage.create_tenant("t1")
