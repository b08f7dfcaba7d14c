from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from authweave.framework._body import Body, Message
from authweave.http import ClientDisconnectedError
from authweave.types import BodyTooLargeError
from tests.leftovers import peak_bytes


def chunk(body: bytes, *, more: bool) -> Message:
    """Return a message with a part of a body."""
    return {"type": "http.request", "body": body, "more_body": more}


TWO_CHUNKS = (chunk(b"ab", more=True), chunk(b"cd", more=False))
GONE: Message = {"type": "http.disconnect"}


class Server:
    """A server that gives its messages and then waits forever, which no test must see."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.messages = list(messages)
        self.given = 0

    async def __call__(self) -> Message:
        self.given += 1
        return self.messages.pop(0)


def test_nothing_is_read_ahead() -> None:
    """A body that nobody asks for stays with the server."""
    server = Server(TWO_CHUNKS)
    Body(server, 100)
    assert server.given == 0


def test_read_then_replayed() -> None:
    """What the library read, the application still receives, in one message."""

    async def scenario() -> None:
        server = Server((*TWO_CHUNKS, GONE))
        body = Body(server, 100)
        assert await body.read() == b"abcd"
        assert await body.read() == b"abcd"
        assert server.given == 2
        assert [await body.receive() for _ in range(2)] == [chunk(b"abcd", more=False), GONE]

    asyncio.run(scenario())


def test_two_readers_at_once() -> None:
    """Who reads while another does gets the same body, and waits for no message that never comes."""

    async def scenario() -> None:
        arrived = asyncio.Event()

        async def server() -> Message:
            await arrived.wait()
            return messages.pop(0)

        messages = [chunk(b"abcd", more=False)]
        body = Body(server, 100)
        readers = [asyncio.create_task(body.read()) for _ in range(2)]
        await asyncio.sleep(0)
        arrived.set()
        assert await asyncio.gather(*readers) == [b"abcd", b"abcd"]

    asyncio.run(scenario())


def test_many_small_messages() -> None:
    """A body that comes byte by byte takes little more memory than its bytes."""

    async def scenario() -> None:
        messages = iter(range(20_000, 0, -1))

        async def server() -> Message:
            return chunk(b"x", more=next(messages) > 1)

        assert len(await Body(server, 20_000).read()) == 20_000

    assert peak_bytes(lambda: asyncio.run(scenario())) < 200_000


def test_shows_nothing_of_itself() -> None:
    """A body may hold a password, so its name in a log does not show it."""

    async def scenario() -> None:
        body = Body(Server([chunk(b"secret", more=False)]), 100)
        assert await body.read() == b"secret"
        assert "secret" not in f"{body!r} {body.read!r}"

    asyncio.run(scenario())


def test_received_then_read() -> None:
    """What the application received first, the library can still read, also in the middle."""

    async def scenario() -> None:
        body = Body(Server(TWO_CHUNKS), 100)
        assert await body.receive() == TWO_CHUNKS[0]
        assert await body.read() == b"abcd"
        assert await body.receive() == TWO_CHUNKS[1]
        assert await body.read() == b"abcd"

    asyncio.run(scenario())


@pytest.mark.parametrize(("limit", "fits"), [(4, True), (3, False), (1, False)])
def test_limit(limit: int, fits: bool) -> None:
    """A body of exactly the limit is read; a longer one is refused, each time."""

    async def scenario() -> None:
        body = Body(Server(TWO_CHUNKS), limit)
        if fits:
            assert await body.read() == b"abcd"
            return
        for _ in range(2):
            with pytest.raises(BodyTooLargeError) as caught:
                await body.read()
            assert caught.value.limit_bytes == limit

    asyncio.run(scenario())


def test_large_body_passes_to_the_application() -> None:
    """A body beyond the limit reaches the application whole, and is not kept."""

    async def scenario() -> None:
        messages = [chunk(b"x" * 10, more=n < 99) for n in range(100)]
        body = Body(Server(messages), 25)
        with pytest.raises(BodyTooLargeError):
            await body.read()
        assert [await body.receive() for _ in range(98)] == [chunk(b"x" * 30, more=True), *messages[3:]]
        with pytest.raises(BodyTooLargeError):
            await body.read()
        assert not body.taken_ahead.parts

    asyncio.run(scenario())


def test_client_goes_away() -> None:
    """A client that goes away in the middle is noticed, and the application is told too."""

    async def scenario() -> None:
        body = Body(Server((TWO_CHUNKS[0], GONE)), 100)
        with pytest.raises(ClientDisconnectedError):
            await body.read()
        assert [await body.receive() for _ in range(2)] == [TWO_CHUNKS[0], GONE]

    asyncio.run(scenario())
