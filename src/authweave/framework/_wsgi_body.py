"""A request's body under WSGI, read once for both the library and the application behind it."""

from __future__ import annotations

from typing import Final, Protocol

import attrs
from typing_extensions import override

from authweave.http import ClientDisconnectedError, KeptBody

from ._blocking_body import BlockingBody

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
