"""The messages of one recipe in the outbox."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine
from typing import Any, Final, Generic, TypeAlias

from typing_extensions import TypeVar

from authweave.kernel import UserContext, current_context
from authweave.outbox import OutboxMessage

from ._app import DeliveryServices

ContentT = TypeVar("ContentT")

SendsRaw: TypeAlias = Callable[[ContentT, UserContext], Coroutine[Any, Any, None]]  # Any: nobody sends to a coroutine
"""Sends a finished message."""

ID_BYTES: Final = 16


class Queue(ABC, Generic[ContentT]):
    """
    The messages of one recipe in the outbox.

    Args:
        services: those of the application.
        kind: how they are called there: ``mail.emailpassword``.
        lifetime_ms: how long one is worth something; afterwards it is erased.
    """

    def __init__(self, services: DeliveryServices, kind: str, lifetime_ms: int) -> None:
        self.services = services
        self._kind = kind
        self._lifetime_ms = lifetime_ms

    @abstractmethod
    def to_bytes(self, content: ContentT, message_id: str, now_ms: int) -> bytes:
        """Return a message as it is put into the outbox, where it gets an id that stays the same."""

    @abstractmethod
    def from_bytes(self, data: bytes) -> ContentT:
        """Return a message as it was put into the outbox."""

    def deliver_by(self, send_raw: SendsRaw[ContentT]) -> None:
        """Have messages delivered by a service's function."""

        async def deliver(message: OutboxMessage) -> None:
            await send_raw(self.from_bytes(message.payload), current_context())

        self.services.outbox.handle(self._kind, deliver)

    async def add(self, content: ContentT | None, *, is_decoy: bool) -> None:
        """Put a message into the outbox."""
        now_ms = self.services.clock()
        message_id = self.services.random_bytes(ID_BYTES).hex()
        payload = b"" if content is None else self.to_bytes(content, message_id, now_ms)
        await self.services.off_loop(
            self.services.outbox.add,
            self._kind,
            payload,
            expires_at_ms=now_ms + self._lifetime_ms,
            is_decoy=is_decoy,
        )
