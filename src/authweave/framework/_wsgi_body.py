"""A request's body under WSGI, which both the library and the application behind it may read."""

from __future__ import annotations

from io import IOBase
from typing import Final, Protocol, cast
from wsgiref.types import WSGIEnvironment

import attrs
from typing_extensions import override

from authweave.http import ClientDisconnectedError, KeptBody, declared_length

from ._blocking import BlockingBody

INPUT: Final = "wsgi.input"

CHUNK_BYTES: Final = 64 * 1024


class InputStream(Protocol):
    """What is read of ``wsgi.input`` (PEP 3333, "Input and Error Streams")."""

    def read(self, size: int = -1, /) -> bytes:
        """Return so many bytes, or fewer where there are no more."""
        ...

    def readline(self, size: int = -1, /) -> bytes:
        """Return a line, or so much of one."""
        ...


@attrs.define(eq=False, repr=False)
class InputBody(BlockingBody):
    """
    ``wsgi.input``, read by the library and by the application, whoever comes first.

    Args:
        server: the server's own.
        kept: what has come. Where the request does not say how long it is, it ends with the stream.
    """

    server: InputStream
    kept: KeptBody

    @override
    def read_blocking(self) -> bytes:
        kept = self.kept
        kept.require_short()
        try:
            while kept.is_wanted:
                chunk, is_last = self.next_chunk(min(CHUNK_BYTES, kept.limit_bytes + 1 - kept.length_bytes))
                kept.take_ahead(chunk, is_last=is_last)
        except OSError as error:
            raise ClientDisconnectedError from error
        whole = kept.whole()
        if len(whole) < kept.declared_bytes:
            raise ClientDisconnectedError
        return whole

    def next_chunk(self, size: int, *, is_line: bool = False) -> tuple[bytes, bool]:
        """
        Take bytes of the server, or a line, and whether they are the last.

        It is asked for never more than the request says there are, for some would wait for them.
        """
        kept = self.kept
        left = kept.declared_bytes - kept.length_bytes if kept.declared_bytes else size
        size = left if size < 0 else min(size, left)
        if size == 0:
            return b"", kept.is_complete
        read = self.server.readline if is_line else self.server.read
        chunk = read() if size < 0 else read(size)  # granian takes no -1
        is_rest = size < 0 and not is_line
        return chunk, is_rest or not chunk or kept.length_bytes + len(chunk) == kept.declared_bytes


class Input(IOBase):
    """``wsgi.input`` for the application: first what the library has read, then what the server has still."""

    def __init__(self, body: InputBody) -> None:
        self.body: InputBody = body

    @override
    def readable(self) -> bool:
        return True

    @override
    def read(self, size: int | None = -1, /) -> bytes:
        """Return so many bytes, or all."""
        size = -1 if size is None else size
        first = self.body.kept.owed(size) or b""
        missing = -1 if size < 0 else size - len(first)
        if missing == 0:
            return first
        chunk, is_last = self.body.next_chunk(missing)
        self.body.kept.pass_by(chunk, is_last=is_last)
        return first + chunk

    @override
    def readline(self, size: int | None = -1, /) -> bytes:
        """Return a line, or so much of one. The server finds where it ends: byte by byte would take long."""
        size = -1 if size is None else size
        kept = self.body.kept
        first = kept.owed_line(size)
        if first.endswith(b"\n") or len(first) == size:
            return first
        missing = -1 if size < 0 else size - len(first)
        chunk, is_last = self.body.next_chunk(missing, is_line=True)
        if 0 <= missing < len(chunk):  # granian gives whole lines
            kept.take_ahead(chunk, is_last=is_last)
            return first + (kept.owed(missing) or b"")
        kept.pass_by(chunk, is_last=is_last)
        return first + chunk


def body_of(environ: WSGIEnvironment, limit_bytes: int) -> InputBody | None:
    """Return the body of a request, and leave in its environment what the application reads; None for none."""
    declared = declared_length(environ.get("CONTENT_LENGTH"))
    # A server that ends the stream itself says so; of others nobody knows where a body without a length ends.
    is_streamed = bool(environ.get("wsgi.input_terminated")) and says_no_length(environ)
    if not declared and not is_streamed:
        return None
    server = cast("InputStream", environ[INPUT])  # PEP 3333
    body = InputBody(server, KeptBody(limit_bytes, 0 if is_streamed else declared))
    environ[INPUT] = Input(body)
    return body


def says_no_length(environ: WSGIEnvironment) -> bool:
    """Return whether a request may have a body of whose length it says nothing."""
    if environ.get("HTTP_TRANSFER_ENCODING"):
        return True
    # From HTTP/2 on there is no such header: streams have an end (RFC 9113, section 8.1).
    return not environ.get("CONTENT_LENGTH") and not str(environ.get("SERVER_PROTOCOL", "")).startswith("HTTP/1")
