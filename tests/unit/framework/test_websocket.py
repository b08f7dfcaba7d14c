"""What is left to say when a session is refused, message by message."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from authweave.app import App
from authweave.framework._body import ASGIApp, Message, Receive, Scope, Send
from authweave.framework.asgi import Middleware
from authweave.http import STATE
from authweave.kernel import current_context
from authweave.recipe.session.exceptions import UnauthorisedError

CONNECT: Message = {"type": "websocket.connect"}
GONE: Message = {"type": "websocket.disconnect", "code": 1006}


def run(auth: App, app: ASGIApp, received: Sequence[Message] = (CONNECT,), **more: object) -> list[Message]:
    """Run an application behind the middleware; return what was sent."""
    sent: list[Message] = []
    messages = iter(received)
    scope: Scope = {"type": "websocket", "path": "/ws", "headers": [(b"cookie", b"sAccessToken=x")], **more}

    async def receive() -> Message:
        return next(messages)

    async def send(message: Message) -> None:
        sent.append(message)

    try:
        asyncio.run(Middleware(app, auth)(scope, receive, send))
    finally:
        assert STATE not in scope
    return sent


def refusing(*before: Message, asks_first: bool = False) -> ASGIApp:
    """Return an application that sends messages and then finds that there is no session."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert current_context().get("_default") is not None
        if asks_first:
            await receive()
        for message in before:
            await send(message)
        raise UnauthorisedError("there is none")

    return app


CLOSED: Message = {"type": "websocket.close", "code": 4401, "reason": "unauthorised"}
ACCEPTED: Message = {"type": "websocket.accept"}


@pytest.mark.parametrize("asks_first", [False, True])
def test_before_it_is_accepted(auth: App, asks_first: bool) -> None:
    """Where the server can answer the handshake it does, without cookies; elsewhere a close code tells the page."""
    app = refusing(asks_first=asks_first)
    others: dict[str, object] = {}
    for extensions in (others, None):
        assert run(auth, app, extensions=extensions) == [ACCEPTED, CLOSED]
    assert run(auth, app) == [ACCEPTED, CLOSED]
    start, body = run(auth, app, extensions={"websocket.http.response": {}})
    assert (start["type"], start["status"]) == ("websocket.http.response.start", 401)
    assert start["headers"] == [(b"content-type", b"application/json; charset=utf-8"), (b"cache-control", b"no-store")]
    assert body == {"type": "websocket.http.response.body", "body": b'{"message":"unauthorised"}'}


def test_after_it_was_accepted(auth: App) -> None:
    """An extension that is for handshakes is of no use any more."""
    assert run(auth, refusing(ACCEPTED), extensions={"websocket.http.response": {}}) == [ACCEPTED, CLOSED]


@pytest.mark.parametrize("ended", ["websocket.close", "websocket.http.response.start"])
def test_after_the_application_ended_it(auth: App, ended: str) -> None:
    """Nothing can be said any more, so the error is the server's to log."""
    with pytest.raises(UnauthorisedError):
        run(auth, refusing({"type": ended}))


@pytest.mark.parametrize("asks_first", [False, True])
def test_a_client_that_has_gone(auth: App, asks_first: bool) -> None:
    """Nobody is left to tell, which is no fault of the program."""
    assert run(auth, refusing(asks_first=asks_first), [GONE]) == []


def test_a_fault_of_the_program_stays_one(auth: App) -> None:
    """The server answers it."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(auth, app)


def test_a_server_that_says_that_nobody_listens(auth: App) -> None:
    """An OSError of `send` ends the connection in silence (ASGI 2.4)."""

    async def receive() -> Message:
        return CONNECT

    async def send(message: Message) -> None:
        raise OSError

    scope: Scope = {"type": "websocket", "path": "/ws", "headers": []}
    asyncio.run(Middleware(refusing(), auth)(scope, receive, send))
