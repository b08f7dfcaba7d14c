"""The answer of an application under ASGI, as its messages pass by."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Final, cast

import attrs

from authweave.http import CLIENT_ERROR, Serving

from ._body import Message, Send
from ._response import START, send_response, with_changes

MAX_KEPT_BYTES: Final = 64 * 1024
"""More than any page that says "internal server error"."""


@attrs.define(eq=False, repr=False)
class KeptBack:
    """
    The answer that an application gave to an error which is answered here, unless it turns out otherwise.

    Attributes:
        serving: answers the error.
        send: the server's.
        status: of the answer.
        error: what it was made of, until it is decided.
    """

    serving: Serving
    send: Send
    status: int
    error: Exception | None
    messages: list[Message] = attrs.field(factory=list[Message], init=False)
    length_bytes: int = attrs.field(default=0, init=False)

    async def add(self, message: Message) -> None:
        """Keep the next message; let all go where they are more than the answer to an error."""
        if self.serving.begun:
            await self.send(message)
            return
        self.messages.append(message)
        self.length_bytes += len(cast("bytes", message.get("body", b"")))  # ASGI: byte string
        if self.length_bytes > MAX_KEPT_BYTES:
            await self.release()

    async def end(self) -> None:
        """Send what was kept, since nothing was raised; or what is answered to the error that it was made of."""
        error, self.error = self.error, None
        if error is not None and not self.serving.begun:
            response = await self.serving.instead_of(self.status, error)
            if response is not None:
                await send_response(response, self.send)
                return
        await self.release()

    async def release(self) -> None:
        """Send what was kept."""
        self.error = None
        messages, self.messages = self.messages, []
        for message in messages:
            await self.send(with_changes(message, self.serving) if message["type"] == START else message)


@attrs.define(eq=False, repr=False)
class Sending:
    """
    What the application sends its answer with.

    Attributes:
        serving: adds what the session changed.
        server: the server's own.
        kept: what is kept back of the answer, where that may have to give way to an answer to an error.
    """

    serving: Serving
    server: Send
    kept: KeptBack | None = None

    def send(self, message: Message) -> Awaitable[None]:
        """Send the next message, or keep it back."""
        if self.kept is not None:
            return self.kept.add(message)
        serving = self.serving
        if serving.begun or message["type"] != START:
            return self.server(message)
        status = message["status"]
        if isinstance(status, int) and status >= CLIENT_ERROR and (error := serving.may_give_way()) is not None:
            self.kept = KeptBack(serving, self.server, status, error)
            return self.kept.add(message)
        return self.server(message if serving.begins_unchanged() else with_changes(message, serving))
