"""What a client may send to the server, and how long it may take: over a socket, byte by byte."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress

import pytest
import uvicorn

from authweave.serving._protocol import MAX_HEAD_BYTES, BoundedProtocol
from authweave.serving._requests import ASGIApp, Receive, Scope, Send, answer
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.sockets

HEAD = b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\n\r\n"


class ShortOfTime(BoundedProtocol):
    """Waits for no longer than a test does."""

    arrives_in_s = 0.1


async def read_and_answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer when the body is there."""
    assert scope["type"] == "http"
    while (message := await receive()).get("more_body"):
        pass
    if message["type"] == "http.request":
        await answer(send, 200, "It came.")


async def answer_at_once(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer before the body is there."""
    del scope, receive
    await answer(send, 401, "No.")


@contextmanager
def listening(protocol: type[asyncio.Protocol], app: ASGIApp = read_and_answer) -> Generator[socket.socket]:
    """Serve on a port of its own, and return a connection to it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(
            app,
            http=protocol,
            h11_max_incomplete_event_size=MAX_HEAD_BYTES,
            lifespan="off",
            log_config=None,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            with socket.create_connection(listener.getsockname(), PATIENCE_S) as connection:
                yield connection
        finally:
            server.should_exit = True
            thread.join()


def ends(connection: socket.socket, sent: bytes, again: bytes = b"") -> bytes:
    """Send something, and more of it now and then; return what is received until the server ends the connection."""
    received = b""
    connection.settimeout(0.02)
    deadline = time.monotonic() + PATIENCE_S
    with suppress(ConnectionError):
        connection.sendall(sent)
        while time.monotonic() < deadline:
            with suppress(TimeoutError):
                if not (chunk := connection.recv(65536)):
                    return received
                received += chunk
            connection.sendall(again)
        pytest.fail("The server waits for ever.")
    return received


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET / HT", b"GET / HTTP/1.1\r\nx: ", HEAD, HEAD + b"a"],
    ids=["nothing", "half a line", "half a head", "no body", "half a body"],
)
def test_a_request_that_does_not_arrive_in_time_ends_the_connection(sent: bytes) -> None:
    """Whatever is missing of it."""
    with listening(ShortOfTime) as connection:
        assert ends(connection, sent) == b""


def test_one_that_came_together_with_another_has_to_arrive_too() -> None:
    """The first is answered; the second, whose head came with it, lacks its body."""

    class LosingPatience(BoundedProtocol):
        """Has time for the first."""

        arrives_in_s = PATIENCE_S

    async def lose_patience(scope: Scope, receive: Receive, send: Send) -> None:
        LosingPatience.arrives_in_s = 0.05
        await read_and_answer(scope, receive, send)

    with listening(LosingPatience, lose_patience) as connection:
        assert ends(connection, HEAD + b"ab" + HEAD).count(b"200 OK") == 1


def test_a_body_that_nobody_waits_for_does_not_come_for_ever() -> None:
    """The answer has gone out, and a byte now and then keeps the connection open no longer."""
    with listening(ShortOfTime, answer_at_once) as connection:
        ends(connection, HEAD.replace(b"2", b"999999999"), again=b"a")


def test_requests_that_arrive_in_time_are_answered_on_one_connection() -> None:
    """In one piece, in pieces, and two at once."""
    with listening(BoundedProtocol) as connection:
        for pieces in ([HEAD + b"ab"], [HEAD[:20], HEAD[20:], b"a", b"b"], [HEAD + b"ab" + HEAD + b"ab"]):
            for piece in pieces:
                connection.sendall(piece)
            received = b""
            while received.count(b"It came.") < sum(piece.count(b"POST") for piece in pieces):
                received += connection.recv(65536)


def test_a_head_that_never_ends_is_refused() -> None:
    """Not kept, however long it goes on."""
    with listening(BoundedProtocol) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n" + b"x: " + b"a" * MAX_HEAD_BYTES)
        assert b"400 Bad Request" in connection.recv(65536)
