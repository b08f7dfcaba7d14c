"""A webhook's program on a real socket, which answers as a test says, also wrongly."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import contextmanager
from typing import Any, Final

import attrs
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from tests.integration.http.serving import serving

SECRET: Final = "whsec_" + base64.b64encode(bytes(range(32))).decode()
OTHER_SECRET: Final = "whsec_" + base64.b64encode(bytes(range(1, 33))).decode()


def signature(secret: str, *parts: bytes) -> str:
    """Sign as the wire format says, in words of its own."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.new(key, b".".join(parts), hashlib.sha256).digest()).decode()


@attrs.define
class Asked:
    """A request as it came in."""

    id: str
    time: str
    signatures: str
    body: bytes

    @property
    def event(self) -> dict[str, Any]:  # Any: JSON
        """Its content."""
        found: dict[str, Any] = json.loads(self.body)  # Any: as above
        return found

    def answer(self, content: object, secret: str = SECRET, status: int = 200) -> Response:
        """Return a signed answer."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        signed = signature(secret, self.id.encode(), self.time.encode(), self.body, body)
        return Response(body, status, {"webhook-signature": signed})


Behaviour = Callable[[Asked], Response]


def goes_on(asked: Asked) -> Response:
    """Answer that there is nothing to say."""
    return asked.answer({})


@attrs.define
class Receiver:
    """The program: what it was asked, and how it answers by the event's type; an event without one goes on."""

    url: str = ""
    asked: list[Asked] = attrs.field(factory=list[Asked])
    behaviours: dict[str, Behaviour] = attrs.field(factory=dict[str, Behaviour])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI)."""
        request = Request(scope, receive)
        head = request.headers
        asked = Asked(head["webhook-id"], head["webhook-timestamp"], head["webhook-signature"], await request.body())
        self.asked.append(asked)
        behaviour = self.behaviours.get(asked.event["type"], goes_on)
        await behaviour(asked)(scope, receive, send)

    def answers(self, event: str, content: object) -> None:
        """Have an event answered with some content, signed."""
        self.behaviours[event] = lambda asked: asked.answer(content)


def endless() -> Response:
    """Return an answer that begins and never ends."""

    async def body() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    return StreamingResponse(body())


@contextmanager
def receiving() -> Generator[Receiver]:
    """Run the program for a block."""
    receiver = Receiver()
    with serving(receiver) as address:
        receiver.url = f"{address}/webhooks"
        yield receiver
