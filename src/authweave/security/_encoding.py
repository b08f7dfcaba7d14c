"""Base64url without padding (RFC 7515, section 2), strictly."""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from typing import Final

TO_URL: Final = bytes.maketrans(b"+/", b"-_")
FROM_URL: Final = bytes.maketrans(b"-_", b"+/")
PADDING: Final = (b"", b"===", b"==", b"=")
"""By the rest of a length divided by four; the second belongs to no length that there is."""


def base64url(data: bytes) -> str:
    """Write bytes."""
    return ascii_base64url(data).decode("ascii")


def base64url_bytes(text: str) -> bytes | None:
    """Read bytes, or return None for what `base64url` would not have written."""
    try:
        encoded = text.encode("ascii")
        data = a2b_base64(encoded.translate(FROM_URL) + PADDING[len(encoded) % 4])
    except ValueError:
        return None
    # Python's decoder passes over foreign characters and loose bits: then this is not what was written.
    return data if ascii_base64url(data) == encoded else None


def ascii_base64url(data: bytes) -> bytes:
    """Write bytes, as bytes of ASCII."""
    return b2a_base64(data, newline=False).rstrip(b"=").translate(TO_URL)
