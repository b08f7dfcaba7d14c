"""Refusals are answered at once to who is refused once, and at a pace to who asks again and again."""

from __future__ import annotations

import asyncio

from authweave.app._refusals import MOST_HELD, Refusals


def paced(*clients: str | None) -> list[float]:
    """Refuse clients at the same moment; return for how long each was held back."""
    pauses: list[float] = []
    opened = asyncio.Event()

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        await opened.wait()

    async def main() -> None:
        refusals = Refusals(pause)
        held = [asyncio.create_task(refusals.hold(client)) for client in clients]
        await asyncio.sleep(0)
        opened.set()
        await asyncio.gather(*held)
        await refusals.hold(clients[0])

    asyncio.run(main())
    assert pauses.pop() == 0.0  # once all have gone, nothing is left of them
    return pauses


def test_the_more_are_under_way_the_longer_each_waits() -> None:
    """Of one client, and for five seconds at most; another client is answered at once."""
    assert paced("a", "a", "a", "b", None, None) == [0.0, 0.05, 0.1, 0.0, 0.0, 0.05]
    assert max(paced(*["a"] * 300)) == 5.0


def test_only_so_many_are_held() -> None:
    """Beyond that they are answered at once: what waits takes memory."""
    pauses = paced(*["a"] * (MOST_HELD + 5))
    assert pauses[MOST_HELD - 1] == 5.0
    assert pauses[MOST_HELD:] == [0.0] * 5


def test_who_goes_away_is_forgotten() -> None:
    """A client that is cancelled while it waits does not hold up the next."""

    async def main() -> list[float]:
        pauses: list[float] = []

        async def pause(seconds: float) -> None:
            pauses.append(seconds)
            await asyncio.Event().wait()

        refusals = Refusals(pause)
        for _ in range(2):
            held = asyncio.create_task(refusals.hold("a"))
            await asyncio.sleep(0)
            held.cancel()
            await asyncio.gather(held, return_exceptions=True)
        return pauses

    assert asyncio.run(main()) == [0.0, 0.0]
