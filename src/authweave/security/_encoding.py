"""Base64url without padding (RFC 7515, section 2), strictly."""

from __future__ import annotations

import base64


def base64url(data: bytes) -> str:
    """Write bytes."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def base64url_bytes(text: str) -> bytes | None:
    """Read bytes, or return None for what `base64url` would not have written."""
    try:
        data = base64.urlsafe_b64decode(f"{text}{'=' * (-len(text) % 4)}")
    except ValueError:
        return None
    # Python's decoder passes over foreign characters and loose bits: then this is not what was written.
    return data if base64url(data) == text else None
