"""A loop whose time leaps, so that nobody has to wait for a timeout."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from typing_extensions import override

T = TypeVar("T")


class LeapingLoop(asyncio.SelectorEventLoop):
    """A loop whose clock goes as the machine's, and leaps when it is told to."""

    ahead_s = 0.0

    @override
    def time(self) -> float:
        return super().time() + self.ahead_s

    def leap(self, seconds: float) -> None:
        """Have so much time pass at once; may be called in any thread."""

        def pass_by() -> None:
            self.ahead_s += seconds

        self.call_soon_threadsafe(pass_by)


def run(loop: LeapingLoop, main: Coroutine[Any, Any, T]) -> T:  # Any: what a coroutine yields is the loop's own affair
    """Run a coroutine on the loop, and close the loop."""
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(main)
