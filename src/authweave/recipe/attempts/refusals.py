"""What the security events tell of attempts that are refused."""

from __future__ import annotations

from typing import Final

import attrs

from authweave.events import Events
from authweave.kernel import UserContext
from authweave.types import Clock

from .types import Action

RECIPE_ID: Final = "attempts"
TELL_AGAIN_MS: Final = 60_000
KEPT: Final = 1024


@attrs.define
class Refusals:
    """
    Tells of refused attempts: of each client once a minute, so that a flood of them fills neither log nor store.

    Attributes:
        events: who is told.
        clock: tells the time.
    """

    events: Events
    clock: Clock
    _told_ms: dict[tuple[str, ...], int] = attrs.field(factory=dict[tuple[str, ...], int], init=False, repr=False)

    def tell(
        self, action: Action, tenant_id: str, account: str, address: str | None, user_context: UserContext
    ) -> None:
        """Tell that an attempt was refused, where that is news: by its address, or by its account if it has none."""
        client = (tenant_id, account) if address is None else (address,)
        key, now_ms = (action, *client), self.clock()
        told_ms = self._told_ms.pop(key, None)
        is_news = told_ms is None or abs(now_ms - told_ms) >= TELL_AGAIN_MS
        self._told_ms[key] = now_ms if told_ms is None or is_news else told_ms
        if len(self._told_ms) > KEPT:  # who was refused last the longest ago is told of again
            del self._told_ms[next(iter(self._told_ms))]
        if is_news:
            self.events.emit("limited", RECIPE_ID, user_context, tenant_id=tenant_id, action=action)
