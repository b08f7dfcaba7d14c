"""What an application reads of ``wsgi.input`` when the library may have read it before."""

from __future__ import annotations

from io import IOBase
from typing import Final, cast
from wsgiref.types import WSGIEnvironment

from typing_extensions import override

from authweave.http import KeptBody, declared_length

from ._wsgi_body import InputBody, InputStream

INPUT: Final = "wsgi.input"


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
