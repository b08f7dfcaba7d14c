"""
Tokens of forms: they show that a form was read from a page of ours, by the same session.

OWASP, Cross-Site Request Forgery Prevention, 2025: "HMAC Based Token Pattern".
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Final

import attrs

MAC_BYTES: Final = 32
MAX_CHARACTERS: Final = 2 * MAC_BYTES * 2


@attrs.frozen
class FormTokens:
    """
    Make and check the tokens of forms.

    A token is the HMAC-SHA256 of the session's handle, masked anew for each page: a page that is compressed on its way
    does not give it away bit by bit (BREACH).

    Attributes:
        key: 32 bytes that the server alone knows.
        random_bytes: returns as many unpredictable bytes as asked.
    """

    key: bytes = attrs.field(repr=False)
    random_bytes: Callable[[int], bytes] = attrs.field(repr=False)

    def token_for(self, session_handle: str) -> str:
        """Return a token for the forms of a page that a session is shown."""
        mask = self.random_bytes(MAC_BYTES)
        return base64.urlsafe_b64encode(mask + masked(self._mac(session_handle), mask)).decode()

    def fits(self, session_handle: str, token: str) -> bool:
        """Return whether a token is one of a session's, in a time that does not depend on how much of it is right."""
        if len(token) > MAX_CHARACTERS:
            return False
        try:
            data = base64.urlsafe_b64decode(token.encode("ascii"))
        except ValueError:
            return False
        if len(data) != 2 * MAC_BYTES:
            return False
        mask, sent = data[:MAC_BYTES], data[MAC_BYTES:]
        return hmac.compare_digest(masked(sent, mask), self._mac(session_handle))

    def _mac(self, session_handle: str) -> bytes:
        return hmac.digest(self.key, session_handle.encode("utf-8", "surrogatepass"), hashlib.sha256)


def masked(data: bytes, mask: bytes) -> bytes:
    """Return the exclusive or of two texts of one length: masks, and takes a mask off."""
    return bytes(one ^ other for one, other in zip(data, mask, strict=True))
