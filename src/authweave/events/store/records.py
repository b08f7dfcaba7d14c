"""What is asked of kept events, and what text they may have."""

from __future__ import annotations

from typing import Final

import attrs

from authweave.events._event import EventKind, SecurityEvent
from authweave.storage import check_text, json_text
from authweave.types import BadInputError

AFTER_ALL: Final = "~"
"""Greater than every id, which has hexadecimal digits."""

MAX_EVENTS: Final = 1000


@attrs.frozen(kw_only=True)
class EventQuery:
    """
    Which events are asked for. What is None does not matter.

    Attributes:
        user_id: those about a user.
        kind: those of a kind.
        since_ms: those that happened then or later, in milliseconds since the epoch.
        before: those before the event of this id: to go on after the last one of an earlier answer.
        limit: how many at most, from 1 to 1,000.
    """

    user_id: str | None = None
    kind: EventKind | None = None
    since_ms: int = 0
    before: str | None = None
    limit: int = 100


def check_query(query: EventQuery) -> None:
    """
    Check a query.

    Raises:
        authweave.types.BadInputError: see `authweave.storage.check_text`; or a number is out of bounds.
    """
    for name, text in (("user_id", query.user_id), ("kind", query.kind), ("before", query.before)):
        check_text(text or "", name)
    if not 1 <= query.limit <= MAX_EVENTS:
        raise BadInputError(f"limit is not from 1 to {MAX_EVENTS}.")
    if not 0 <= query.since_ms < 2**48:
        raise BadInputError("since_ms is no time in milliseconds since the epoch.")


def check_event(event: SecurityEvent) -> None:
    """
    Check all texts of an event.

    Raises:
        authweave.types.BadInputError: see `authweave.storage.check_text` and `authweave.storage.json_text`.
    """
    for name in ("id", "kind", "recipe_id", "user_id", "tenant_id", "client", "session_handle"):
        text: str | None = getattr(event, name)
        check_text(text or "", name)
    json_text(event.details, "details")
