"""Who delivers what is in the outbox."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import attrs

from authweave.kernel import AuthweaveError


@attrs.frozen(kw_only=True)
class OutboxMessage:
    """
    What is to be delivered.

    Attributes:
        id: the row's. It is the same each time that the message is delivered: others can recognise it by that.
        kind: says who delivers it.
        payload: what was put into the outbox.
        attempt: 1 for the first time.

    .. versionadded:: 0.1.0
    """

    id: str
    kind: str
    payload: bytes = attrs.field(repr=False)
    attempt: int = 1


Handler: TypeAlias = Callable[[OutboxMessage], Awaitable[None]]
"""
Delivers a message, on a loop in the background. When it returns, the message is deleted.

It may be called again for the same message: where it raised, and where its process ended before that was noted.
"""


class RefusedError(AuthweaveError):
    """
    A message can never be delivered, so it is not tried again. A handler raises it.

    Args:
        reason: shown by ``authweave outbox list``: nothing secret, no address.

    .. versionadded:: 0.1.0
    """

    code = "refused"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"A message was refused for good ({reason}), and is not tried again.")
