"""A server in front of another's application, which sends the same answers in another shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs
from starlette.types import ASGIApp, Message, Receive, Scope, Send


@attrs.frozen
class Shape:
    """
    What becomes of an answer.

    Attributes:
        body: makes the body that is sent.
        headers: headers in the place of those of the same name.
    """

    body: Callable[[bytes], bytes]
    headers: Mapping[str, str] = attrs.field(factory=dict[str, str])


@attrs.define(eq=False)
class Reshaping:
    """
    Answers as an application does, in another shape.

    Attributes:
        application: the application.
        shapes: by path; that of ``""`` is for all others.
        seen: the headers of the last request, by path.
        queries: its query, by path.
    """

    application: ASGIApp
    shapes: dict[str, Shape] = attrs.field(factory=dict[str, Shape])
    seen: dict[str, list[tuple[bytes, bytes]]] = attrs.field(factory=dict[str, list[tuple[bytes, bytes]]])
    queries: dict[str, bytes] = attrs.field(factory=dict[str, bytes])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        path = str(scope["path"])
        self.seen[path], self.queries[path] = list(scope["headers"]), scope["query_string"]
        shape = self.shapes.get(path) or self.shapes.get("")
        if shape is None:
            await self.application(scope, receive, send)
            return
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self.application(scope, receive, keep)
        start, *parts = messages
        body = shape.body(b"".join(part.get("body", b"") for part in parts))
        given = {name.encode(): value.encode() for name, value in shape.headers.items()}
        kept = {**dict(start["headers"]), **given, b"content-length": b"%d" % len(body)}
        await send({**start, "headers": list(kept.items())})
        await send({"type": "http.response.body", "body": body})
