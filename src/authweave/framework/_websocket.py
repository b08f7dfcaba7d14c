"""The opening of a WebSocket, and how one is refused."""

from __future__ import annotations

from contextlib import suppress
from typing import Final, cast

import attrs

from authweave.http import SERVER_ERROR, Serving, message_in
from authweave.types import Response

from ._body import Message, Receive, Scope, Send
from ._response import encode_headers

HTTP_RESPONSE: Final = "websocket.http.response"
"""The extension of ASGI by which a handshake is answered with a status, headers and a body (WebSocket Denial)."""

PRIVATE_CODES: Final = 4000
"""Where the codes begin that applications may choose (RFC 6455, section 7.4.2)."""

FAILURES: Final = frozenset({1011, PRIVATE_CODES + SERVER_ERROR})
"""The codes for that: "an unexpected condition" (RFC 6455, section 7.4.1), and Litestar's."""

MAX_REASON_BYTES: Final = 123
"""What a close frame holds beside its code (RFC 6455, section 5.5)."""


@attrs.define(eq=False, repr=False)
class WebSocketOpening:
    """
    The messages of a WebSocket between server and application, as far as they say what can still be answered.

    Args:
        scope: of the connection.
        server_receive: gives the server's messages.
        server_send: takes the application's.
        serving: answers what a session raised in the application.

    Attributes:
        error: that, where the application has made a failure of its own of it, which is held back.
    """

    scope: Scope
    server_receive: Receive
    server_send: Send
    serving: Serving
    error: Exception | None = attrs.field(default=None, init=False)
    has_connected: bool = attrs.field(default=False, init=False)
    is_accepted: bool = attrs.field(default=False, init=False)
    has_ended: bool = attrs.field(default=False, init=False)
    is_gone: bool = attrs.field(default=False, init=False)

    async def receive(self) -> Message:
        """Give the application the next message."""
        message = await self.server_receive()
        self.has_connected = True  # the first message is `websocket.connect`, or that the client has gone
        self.is_gone = self.is_gone or message["type"] == "websocket.disconnect"
        return message

    async def send(self, message: Message) -> None:
        """Send a message of the application; that which a framework ends what it cannot answer with is held back."""
        if self.error is not None:
            return
        if message["type"] == "websocket.accept":
            self.is_accepted = True
        elif is_failure(message) and (error := self.serving.may_give_way()) is not None:
            self.error = error
            return
        elif message["type"] in {"websocket.close", f"{HTTP_RESPONSE}.start"}:
            self.has_ended = True
        await self.server_send(message)

    async def end(self) -> None:
        """End the connection with the answer to the error whose answer was held back."""
        error, self.error = self.error, None
        if error is not None and (response := await self.serving.response_to(error)) is not None:
            await self.refuse(response)

    async def refuse(self, response: Response) -> bool:
        """
        End the connection with the answer to an error; return False where the application has ended it itself.

        Before it is accepted a handshake is answered like any request, where the server can do that. Otherwise, since
        a browser tells a page nothing of a handshake that failed, it is accepted and closed at once, with 4000 more
        than the status.
        """
        if not self.has_connected:
            await self.receive()
        if self.has_ended or self.is_gone:
            return self.is_gone  # then nobody is left to tell
        with suppress(OSError):  # which a server may raise where the client has gone (ASGI 2.4)
            extensions = cast("dict[str, object]", self.scope.get("extensions") or {})  # ASGI: by their names
            if not self.is_accepted and HTTP_RESPONSE in extensions:
                # Without its length, which some servers add to whatever they are handed (uvicorn 0.35).
                headers = encode_headers(each for each in response.headers if each[0] != "content-length")
                await self.send({"type": f"{HTTP_RESPONSE}.start", "status": response.status, "headers": headers})
                await self.send({"type": f"{HTTP_RESPONSE}.body", "body": response.body})
                return True
            if not self.is_accepted:
                await self.send({"type": "websocket.accept"})
            code = PRIVATE_CODES + response.status
            reason = message_in(response).encode()[:MAX_REASON_BYTES].decode(errors="ignore")
            await self.send({"type": "websocket.close", "code": code, "reason": reason})
        return True


def is_failure(message: Message) -> bool:
    """Return whether a message ends a connection because something failed that the framework knows nothing of."""
    if message["type"] == "websocket.close":
        return message.get("code") in FAILURES
    return message["type"] == f"{HTTP_RESPONSE}.start" and message.get("status") == SERVER_ERROR
