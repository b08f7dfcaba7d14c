"""HTTP/1.1 as the server speaks it: with bounds for what a client may send, and for how long it may take."""

from __future__ import annotations

import asyncio
from typing import ClassVar, Final

from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol

MAX_HEAD_BYTES: Final = 64 * 1024
"""How long the head of a request may be. Uvicorn would take any length where ``httptools`` is installed."""

ARRIVING: Final = frozenset({"IDLE", "SEND_BODY"})
"""What h11 calls the states of a client whose request is not there, or not all of it."""


class BoundedProtocol(H11Protocol):
    """
    Closes the connection of a client whose request does not arrive in time.

    Uvicorn waits forever: whoever opens connections and sends a byte now and then would take all that a process may
    have.
    """

    arrives_in_s: ClassVar[float] = 30.0
    """How long a request may take from the opening of the connection, or from its first byte, to its last."""

    _arriving: asyncio.TimerHandle | None = None

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._arriving = self.loop.call_later(self.arrives_in_s, transport.abort)

    @override
    def handle_events(self) -> None:
        """Take what came. What is not whole is waited for, as long as is left since it began."""
        super().handle_events()
        if self.conn.their_state.__name__ not in ARRIVING:
            self._stop_waiting()
        elif self._arriving is None and not self.transport.is_closing():
            self._arriving = self.loop.call_later(self.arrives_in_s, self.transport.abort)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _stop_waiting(self) -> None:
        if self._arriving is not None:
            self._arriving.cancel()
            self._arriving = None
