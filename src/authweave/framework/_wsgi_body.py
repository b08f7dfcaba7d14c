"""A request's body under WSGI, which both the library and the application behind it may read."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from io import BytesIO
from typing import Final, Protocol, cast
from wsgiref.types import WSGIEnvironment

import attrs

from authweave.extending import runs_on_loop
from authweave.http import ClientDisconnectedError
from authweave.types import BodyTooLargeError

INPUT: Final = "wsgi.input"

MAX_DIGITS: Final = 20
"""More than any length has; reading many more would take long."""

CHUNK_BYTES: Final = 64 * 1024


class InputStream(Protocol):
    """What is read of ``wsgi.input`` (PEP 3333, "Input and Error Streams")."""

    def read(self, size: int = -1, /) -> bytes:
        """Return so many bytes, or fewer where there are no more."""
        ...

    def readline(self, size: int = -1, /) -> bytes:
        """Return a line."""
        ...


@attrs.define(eq=False, repr=False)
class InputBody:
    """
    ``wsgi.input``, read by the library and by the application, whoever comes first.

    Nothing is read ahead. What the library reads is handed to the application afterwards, and what the application
    reads is kept, up to the limit.

    Args:
        server: the server's own.
        limit_bytes: how much is kept. A longer body passes to the application all the same; only we don't read it.
        declared_bytes: how long the request says that it is; None where it ends with the stream.
    """

    server: InputStream
    limit_bytes: int
    declared_bytes: int | None
    kept: list[bytes] = attrs.field(factory=list[bytes])
    length_bytes: int = 0
    ahead: BytesIO = attrs.field(factory=BytesIO)
    is_complete: bool = False
    reading: threading.Lock = attrs.field(factory=threading.Lock)

    def take(self, size: int) -> bytes:
        """Take bytes from the server: never more than the request says there are, for some would wait for them."""
        left = size if self.declared_bytes is None else self.declared_bytes - self.length_bytes
        size = left if size < 0 else min(size, left)
        if size == 0:
            return b""
        return self.keep(self.server.read() if size < 0 else self.server.read(size), size)  # granian takes no -1

    def keep(self, data: bytes, wanted: int) -> bytes:
        """Note what the server gave. Of a body that is too long nothing is kept."""
        self.length_bytes += len(data)
        if self.length_bytes > self.limit_bytes:
            self.kept.clear()
        else:
            self.kept.append(data)
        if self.length_bytes == self.declared_bytes or len(data) < wanted or wanted < 0:
            self.is_complete = True
        return data

    def whole(self) -> bytes:
        """
        Return the whole body, for the library. Blocks.

        Raises:
            authweave.types.BodyTooLargeError: it is longer than the limit. Where the request says so, nothing is read.
            ClientDisconnectedError: the client went away.
        """
        with self.reading:  # who comes second has what the first read
            return self.read_whole()

    def read_whole(self) -> bytes:
        """Do what `whole` does, for one at a time."""
        if max(self.declared_bytes or 0, self.length_bytes) > self.limit_bytes:
            raise BodyTooLargeError(self.limit_bytes)
        taken: list[bytes] = []
        try:
            while not self.is_complete and self.length_bytes <= self.limit_bytes:
                taken.append(self.take(min(CHUNK_BYTES, self.limit_bytes + 1 - self.length_bytes)))
        except OSError as error:
            raise ClientDisconnectedError from error
        finally:
            self.ahead = BytesIO(self.ahead.read() + b"".join(taken))
        if self.length_bytes > self.limit_bytes:
            raise BodyTooLargeError(self.limit_bytes)
        if self.length_bytes < (self.declared_bytes or 0):
            raise ClientDisconnectedError
        self.kept = [b"".join(self.kept)]
        return self.kept[0]

    async def read(self) -> bytes:
        """Return the whole body, as `whole` does; a client that is slow does not hold up a loop."""
        if self.is_complete or not runs_on_loop():
            return self.whole()
        return await asyncio.to_thread(self.whole)


@attrs.define(eq=False, repr=False)
class Input:
    """``wsgi.input`` for the application: first what the library has read, then what the server has still."""

    body: InputBody

    def read(self, size: int | None = -1, /) -> bytes:
        """Return so many bytes, or all."""
        size = -1 if size is None else size
        first = self.body.ahead.read(size)
        missing = -1 if size < 0 else size - len(first)
        return first if missing == 0 else first + self.body.take(missing)

    def readline(self, size: int | None = -1, /) -> bytes:
        """Return a line, or so many bytes of it."""
        size = -1 if size is None else size
        line = self.body.ahead.readline(size)
        while not line.endswith(b"\n") and len(line) != size and not self.body.is_complete:
            line += self.body.take(1)
        return line

    def readlines(self, hint: int = -1, /) -> list[bytes]:
        """Return lines, until there are no more, or those so far have so many bytes."""
        lines: list[bytes] = []
        total = 0
        for line in self:
            lines.append(line)
            total += len(line)
            if 0 < hint <= total:
                break
        return lines

    def __iter__(self) -> Iterator[bytes]:
        """Return each line."""
        return iter(self.readline, b"")


def body_of(environ: WSGIEnvironment, limit_bytes: int) -> InputBody | None:
    """Return the body of a request, and leave in its environment what the application reads; None for none."""
    length, encoding = str(environ.get("CONTENT_LENGTH") or ""), environ.get("HTTP_TRANSFER_ENCODING")
    declared = int(length) if length.isascii() and length.isdigit() and len(length) < MAX_DIGITS else 0
    # A server that ends the stream itself says so; of others nobody knows where a body without a length ends.
    is_streamed = bool(encoding) and bool(environ.get("wsgi.input_terminated"))
    if not declared and not is_streamed:
        return None
    server = cast("InputStream", environ[INPUT])  # PEP 3333
    body = InputBody(server, limit_bytes, None if is_streamed else declared)
    environ[INPUT] = Input(body)
    return body
