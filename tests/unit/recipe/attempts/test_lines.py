"""Attempts of one address wait for each other: so many at a time, in turn, and none for ever."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from authweave.recipe.attempts import lines as lines_module
from authweave.recipe.attempts.lines import HELD_BYTES, LineFullError, Lines

NAME = "sign_in 198.51.100.7"


def test_two_hundred_of_one_address_all_have_their_turns() -> None:
    """In the order in which they came, never more than so many at a time; and nothing is left behind."""
    lines = Lines()
    entered: list[int] = []
    inside = most = 0

    async def attempt(number: int) -> None:
        nonlocal inside, most
        await lines.enter(NAME, 20, 1)
        entered.append(number)
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0)
        inside -= 1
        lines.leave(NAME)

    async def everybody() -> None:
        await asyncio.gather(*(attempt(number) for number in range(200)))

    asyncio.run(everybody())
    assert (sorted(entered), most) == (list(range(200)), 20)
    assert entered[:20] == list(range(20))
    assert (lines.taken, len(lines.waiting), lines.waiting.weight) == ({}, 0, 0)


def test_who_gives_up_leaves_his_place_to_the_next() -> None:
    """While he waits, and in the moment in which it has become his turn."""
    lines = Lines()

    async def check() -> None:
        await lines.enter(NAME, 1, 1)
        first, second, third = (asyncio.create_task(lines.enter(NAME, 1, 1)) for _ in range(3))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        lines.leave(NAME)  # it is the second's turn, who does not know yet
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)
        await third
        lines.leave(NAME)

    asyncio.run(check())
    assert (lines.taken, len(lines.waiting), lines.waiting.weight) == ({}, 0, 0)


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose time is over is refused, and holds up no other."""
    monkeypatch.setattr(lines_module, "WAIT_S", 0)
    lines = Lines()

    async def check() -> None:
        await lines.enter(NAME, 1, 1)
        with pytest.raises(LineFullError):
            await lines.enter(NAME, 1, 1)
        lines.leave(NAME)
        await lines.enter(NAME, 1, 1)
        lines.leave(NAME)

    asyncio.run(check())
    assert (lines.taken, len(lines.waiting), lines.waiting.weight) == ({}, 0, 0)


def test_without_room_nobody_waits() -> None:
    """What waiting requests hold is bounded."""
    lines = Lines()

    async def check() -> None:
        await lines.enter(NAME, 1, HELD_BYTES)
        waiting = asyncio.create_task(lines.enter(NAME, 1, HELD_BYTES))
        await asyncio.sleep(0)
        with pytest.raises(LineFullError):
            await lines.enter(NAME, 1, 1)
        await lines.enter("another address", 1, 1)
        lines.leave(NAME)
        await waiting

    asyncio.run(check())


def test_nobody_is_refused_for_what_another_address_sends() -> None:
    """Where there is no room for all, the last of the longest line goes; the others have their turns."""
    lines = Lines()
    other = "sign_in 203.0.113.9"

    async def check() -> None:
        await lines.enter(NAME, 1, 1)
        await lines.enter(other, 1, 1)
        many = [asyncio.create_task(lines.enter(NAME, 1, HELD_BYTES // 4)) for _ in range(4)]
        await asyncio.sleep(0)
        one = asyncio.create_task(lines.enter(other, 1, HELD_BYTES // 4))
        with pytest.raises(LineFullError):
            await many.pop()
        for name, turns in ((other, [one]), (NAME, many)):
            for turn in turns:
                lines.leave(name)
                await turn
            lines.leave(name)

    asyncio.run(check())
    assert (lines.taken, len(lines.waiting), lines.waiting.weight) == ({}, 0, 0)


def test_loops_of_several_threads_share_them() -> None:
    """A turn that ends on one loop begins on another."""
    lines = Lines()
    entered = threading.Semaphore(0)

    def run(attempts: Callable[[], object]) -> threading.Thread:
        thread = threading.Thread(target=attempts)
        thread.start()
        return thread

    async def attempt() -> None:
        await lines.enter(NAME, 1, 1)
        entered.release()
        lines.leave(NAME)

    async def some() -> None:
        await asyncio.gather(*(attempt() for _ in range(50)))

    threads = [run(lambda: asyncio.run(some())) for _ in range(4)]
    for thread in threads:
        thread.join()
    assert sum(entered.acquire(blocking=False) for _ in range(201)) == 200
    assert (lines.taken, len(lines.waiting), lines.waiting.weight) == ({}, 0, 0)
