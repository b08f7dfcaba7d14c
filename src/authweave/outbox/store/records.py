"""What is kept of a message, as plain values."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import attrs

from authweave.storage import check_text
from authweave.types import BadInputError

OutboxState: TypeAlias = Literal["waiting", "dead", "expired"]
"""
What becomes of a message.

- ``waiting``: it is tried when it is due.
- ``dead``: it failed for good, or too often. ``authweave outbox retry`` makes it wait again.
- ``expired``: nobody wants it any more; what was in it is erased.
"""

MAX_PAYLOAD_CHARACTERS: Final = 4 * 1024 * 1024
"""Of a sealed message."""

MAX_ROWS: Final = 1000
"""How many rows one question returns at most."""


@attrs.frozen(kw_only=True)
class OutboxRow:
    """
    What is known of a message without opening it.

    Attributes:
        row_id: unique.
        kind: says who delivers it.
        state: what becomes of it.
        attempts: how often it was tried.
        created_at_ms: when it was put into the outbox; milliseconds since the epoch, as all times here.
        due_at_ms: when it is tried next. While somebody delivers it, when his lease ends.
        expires_at_ms: until when somebody wants it.
        last_error: why the last attempt failed, by the name of the error; None where none has.
    """

    row_id: str
    kind: str
    state: OutboxState = "waiting"
    attempts: int = 0
    created_at_ms: int
    due_at_ms: int
    expires_at_ms: int
    last_error: str | None = None


@attrs.frozen(kw_only=True)
class ClaimedRow:
    """
    A message that was taken under a lease.

    Attributes:
        lease: who has it may say what became of the message.
        sealed: what is in it.
        attempts: how often it has been tried, this time included.
    """

    row_id: str
    lease: str
    kind: str
    sealed: str = attrs.field(repr=False)
    attempts: int
    expires_at_ms: int


@attrs.frozen
class Outlook:
    """
    When something is to be done.

    Attributes:
        due_ms: when the first of the messages that wait is due; None where none waits.
        expires_ms: when the first message with something in it expires, of any kind; None where there is none.
    """

    due_ms: int | None
    expires_ms: int | None


def check_row(row: OutboxRow, sealed: str) -> None:
    """
    Check what is to be kept.

    Raises:
        BadInputError: a text cannot be kept, or is too long.
    """
    check_text(row.row_id, "row_id")
    check_text(row.kind, "kind")
    check_text(row.last_error or "", "last_error")
    if len(sealed) > MAX_PAYLOAD_CHARACTERS or not sealed.isascii():
        raise BadInputError(f"A message in the outbox has at most {MAX_PAYLOAD_CHARACTERS} characters once sealed.")


def check_limit(limit: int) -> None:
    """
    Check how many rows are asked for.

    Raises:
        BadInputError: too many, or none.
    """
    if not 1 <= limit <= MAX_ROWS:
        raise BadInputError(f"limit is not from 1 to {MAX_ROWS}.")
