"""What stands for a text that nobody is to read."""

from __future__ import annotations

import hmac

from ._encoding import base64url


def keyed(key: bytes, *parts: str) -> str:
    """
    Return what stands for texts that nobody is to read, and is always the same: their HMAC-SHA256, in base64url.

    Args:
        key: of the server alone, for this purpose: see `authweave.security.ServerSecret.key`.
        parts: the texts.
    """
    text = "".join(f"{len(part)}:{part}" for part in parts)  # the lengths keep the parts apart
    return base64url(hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256"))
