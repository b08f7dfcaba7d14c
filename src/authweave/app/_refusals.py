"""Refusals that a client asks for again and again, answered at a pace."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final

import attrs

STEP_S: Final = 0.05
MOST_S: Final = 5.0
MOST_HELD: Final = 1000


@attrs.define(eq=False)
class Refusals:
    """
    Hold refusals back, the longer the more of them one client has under way.

    A refusal costs a request's time on the loop. Whoever ignores it and asks again at once, on many connections, would
    keep the loop busy with nothing else, and all others waiting. Who asks once is answered at once.

    Attributes:
        pause: waits so many seconds.
    """

    pause: Callable[[float], Awaitable[object]] = asyncio.sleep
    _held: Counter[str | None] = attrs.field(init=False, factory=Counter[str | None])

    async def hold(self, client: str | None) -> None:
        """
        Wait before a refusal is answered.

        Args:
            client: who is refused; all that are not known are as one.
        """
        before = self._held[client]
        seconds = min(before * STEP_S, MOST_S) if self._held.total() < MOST_HELD else 0.0
        self._held[client] += 1
        try:
            await self.pause(seconds)
        finally:
            self._held[client] -= 1
            if not self._held[client]:
                del self._held[client]
