"""The body of a request that both the library and the application behind it may read, without I/O of its own."""

from __future__ import annotations

from typing import Final

import attrs

from authweave.types import BodyTooLargeError

SMALL_BYTES: Final = 4096
"""Parts up to here are joined as they come, for each takes some bytes of its own; larger ones are not copied."""

MAX_DIGITS: Final = 20
"""More than any length has; reading many more would take long."""


@attrs.define(eq=False, repr=False)
class KeptBody:
    """
    What has come of a body, whoever asked for it first.

    An adapter reads nothing ahead. What the library takes of the server is owed to the application, and what the
    application takes is kept for the library, up to the limit. It is held once: what both have is the same object,
    where it came in large parts, and small ones take no more memory than large ones.

    Args:
        limit_bytes: how much is kept. A longer body passes to the application all the same; only we don't read it.
        declared_bytes: how long the request says that it is; 0 where it does not say so.

    Attributes:
        length_bytes: how much has come.
        is_complete: whether that is all.
        owed_bytes: how much of its end the application has still to come; None where nothing was taken ahead.
    """

    limit_bytes: int
    declared_bytes: int = 0
    parts: list[bytes] | None = None
    length_bytes: int = 0
    is_complete: bool = False
    owed_bytes: int | None = None

    @property
    def is_wanted(self) -> bool:
        """Whether the library goes on reading."""
        return not self.is_complete and self.length_bytes <= self.limit_bytes

    def take_ahead(self, chunk: bytes, *, is_last: bool) -> None:
        """Keep what the library has taken of the server."""
        self.keep(chunk, is_last=is_last)
        self.owed_bytes = (self.owed_bytes or 0) + len(chunk)

    def pass_by(self, chunk: bytes, *, is_last: bool) -> None:
        """Keep what the application has taken of the server."""
        self.keep(chunk, is_last=is_last)
        if not self.is_complete or self.length_bytes > self.limit_bytes:  # most bodies come whole, and are short
            self.forget_what_is_too_long()

    def owed(self, size: int = -1) -> bytes | None:
        """Hand the application what was taken ahead, or so much of it; None where nothing was."""
        if self.owed_bytes is None:
            return None
        whole = self.joined()
        start = len(whole) - self.owed_bytes
        part = whole[start : len(whole) if size < 0 else start + size]
        self.owed_bytes -= len(part)
        if not self.owed_bytes:
            self.owed_bytes = None
            self.forget_what_is_too_long()
        return part

    def owed_line(self, size: int = -1) -> bytes:
        """Hand the application a line of what was taken ahead, or so much of one; what there is, where none ends."""
        if not self.owed_bytes:
            return b""
        whole = self.joined()
        start = len(whole) - self.owed_bytes
        length = (whole.find(b"\n", start) + 1 or len(whole)) - start
        return self.owed(length if size < 0 else min(size, length)) or b""

    def whole(self) -> bytes:
        """
        Return the body, of which all has come that is wanted.

        Raises:
            authweave.types.BodyTooLargeError: as `require_short`.
        """
        self.require_short()
        return self.joined()

    def require_short(self) -> None:
        """
        Refuse to read a body that is too long, or says that it is.

        Raises:
            authweave.types.BodyTooLargeError: it is longer than the limit.
        """
        if max(self.declared_bytes, self.length_bytes) > self.limit_bytes:
            raise BodyTooLargeError(self.limit_bytes)

    def keep(self, chunk: bytes, *, is_last: bool) -> None:
        """Note what the server gave."""
        self.is_complete = self.is_complete or is_last
        if not chunk:
            return
        self.length_bytes += len(chunk)
        if not self.parts:
            self.parts = [chunk]
        elif len(self.parts[-1]) + len(chunk) <= SMALL_BYTES:
            self.parts[-1] += chunk
        else:
            self.parts.append(chunk)

    def joined(self) -> bytes:
        """Return what was kept, and keep it in one part."""
        if not self.parts:
            return b""
        if len(self.parts) > 1:
            self.parts = [b"".join(self.parts)]
        return self.parts[0]

    def forget_what_is_too_long(self) -> None:
        """Keep nothing of a body that will not be read."""
        if self.length_bytes > self.limit_bytes or (not self.is_complete and self.declared_bytes > self.limit_bytes):
            self.parts = None


def declared_length(said: str | bytes | None) -> int:
    """Return the length that a request says its body has; 0 where it says none (RFC 9110, section 8.6)."""
    return int(said) if said and said.isascii() and said.isdigit() and len(said) < MAX_DIGITS else 0
