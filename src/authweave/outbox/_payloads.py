"""What is in a row: sealed, bound to its row, and as long as that of others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import attrs

from authweave.security import ServerSecret
from authweave.types import BadInputError

if TYPE_CHECKING:
    from authweave.security import Sealer

SMALLEST_BYTES: Final = 8 * 1024
"""A mail of ours has some 5,000 bytes. Whatever is longer is padded to twice as much, and so on."""

MAX_BYTES: Final = 1024 * 1024
"""Of a message. A mail with more in it carries attachments, and is sent by a service of the application's own."""

REAL: Final = b"\x01"
DECOY: Final = b"\x00"
HEAD_BYTES: Final = 5
"""Whether it is real, and how long it is."""


@attrs.frozen
class Payload:
    """What was in a row. That of a decoy is there for its length alone."""

    content: bytes = attrs.field(repr=False)
    is_decoy: bool


class Payloads:
    """
    Seals what goes into rows, and opens it.

    Neither the copy of a database nor whoever can write to it makes anything of a row: it does not open under another
    id, as another kind or with another expiry, and a decoy looks like any other.

    Args:
        secret: the server's.
        random_bytes: returns as many unpredictable bytes as asked.
    """

    def __init__(self, secret: ServerSecret, random_bytes: Callable[[int], bytes]) -> None:
        self._secret = secret
        self._random_bytes = random_bytes
        self._made: Sealer | None = None

    @property
    def _sealer(self) -> Sealer:
        """The sealer, made with the first message: deriving its key loads what other starts do without."""
        if self._made is None:
            from authweave.security import Sealer  # noqa: PLC0415  as above

            self._made = Sealer(self._secret, "outbox", random_bytes=self._random_bytes)
        return self._made

    def seal(self, content: bytes, *, row_id: str, kind: str, expires_at_ms: int, is_decoy: bool) -> str:
        """
        Seal what goes into a row.

        Raises:
            BadInputError: it is too long.
        """
        if len(content) > MAX_BYTES:
            raise BadInputError(f"A message of {len(content)} bytes does not fit into the outbox: {MAX_BYTES} do.")
        framed = (DECOY if is_decoy else REAL) + len(content).to_bytes(HEAD_BYTES - 1, "big") + content
        return self._sealer.seal(framed.ljust(padded_bytes(len(framed)), b"\0"), (row_id, kind, str(expires_at_ms)))

    def open(self, sealed: str, *, row_id: str, kind: str, expires_at_ms: int) -> Payload | None:
        """Return what is in a row; None where it was not sealed for this row with this secret."""
        framed = self._sealer.open(sealed, (row_id, kind, str(expires_at_ms)))
        if framed is None:
            return None
        length = int.from_bytes(framed[1:HEAD_BYTES], "big")
        return Payload(framed[HEAD_BYTES : HEAD_BYTES + length], is_decoy=framed[:1] != REAL)


def padded_bytes(length: int) -> int:
    """Return how long something of a length is with its padding: the next power of two, and 8 KiB at least."""
    return max(SMALLEST_BYTES, 1 << (length - 1).bit_length())
