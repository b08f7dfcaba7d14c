"""Refused attempts, as security events: few of them, however many are refused."""

from __future__ import annotations

import threading
from typing import Final

import attrs

from authweave._per_process import PerProcess
from authweave.events import Events
from authweave.kernel import UserContext
from authweave.types import Clock

from .types import Action

RECIPE_ID: Final = "attempts"

AGAIN_MS: Final = 60_000
"""After how long the refusals of an account for an address are told again."""

TOLD_AT_ONCE: Final = 100
"""Of how many accounts and addresses is told in that time, in a process."""


@attrs.define(eq=False)
class Told:
    """What was told in a process, and when. Loops of several threads share it."""

    told_ms: dict[tuple[str, ...], int] = attrs.field(factory=dict[tuple[str, ...], int], repr=False)
    lock: threading.Lock = attrs.field(factory=threading.Lock)

    def is_news(self, about: tuple[str, ...], now_ms: int) -> bool:
        """Note that something is told now; return False where it was a moment ago, or too much was."""
        with self.lock:
            # Also what lies in the future is forgotten: the clock was set back.
            self.told_ms = {each: at_ms for each, at_ms in self.told_ms.items() if 0 <= now_ms - at_ms < AGAIN_MS}
            if about in self.told_ms or len(self.told_ms) >= TOLD_AT_ONCE:
                return False
            self.told_ms[about] = now_ms
            return True


class Refusals:
    """
    Tell of refused attempts, now and then.

    A refusal costs an attacker nothing. An event for each would fill log and store for him.

    Args:
        events: where they are told.
        clock: tells the time.
    """

    def __init__(self, events: Events, clock: Clock) -> None:
        self._events = events
        self._clock = clock
        self._told = PerProcess(Told)

    def tell(
        self,
        action: Action,
        tenant_id: str,
        account: str,
        address: str | None,
        user_context: UserContext,
        *,
        retry_after_s: int,
    ) -> None:
        """Tell that an attempt was refused, unless that was told a moment ago, or too much was."""
        about = (action, tenant_id, account, address or "")
        if self._told.get().is_news(about, self._clock()):
            # Of no user: whether there is the account is not known here, and not looked up.
            self._events.emit(
                "limited",
                RECIPE_ID,
                user_context,
                tenant_id=tenant_id,
                action=action,
                retry_after_s=str(retry_after_s),
            )
