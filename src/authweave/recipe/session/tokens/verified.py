"""Access tokens whose signature has been checked, so that it need not be checked with every request."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

import attrs

from authweave.security import ParsedToken, VerifyingKey
from authweave.types import JSONObject, RecipeUserId

CAPACITY: Final = 4096
"""How many tokens are remembered, the last used ones: about 3 KB each."""


@attrs.frozen(eq=False)
class VerifiedToken:
    """
    What a token says that was verified. Nobody changes it: each request gets a container of its own.

    It does not have the token itself, so that who reads the memory of the process finds none here.

    Attributes:
        key: what verified it.
        expires_at_ms: milliseconds since the epoch.
        payload: all claims.
    """

    key: VerifyingKey
    expires_at_ms: int
    user_id: str
    recipe_user_id: RecipeUserId
    tenant_id: str
    session_handle: str
    refresh_hash1: str = attrs.field(repr=False)
    parent_refresh_hash1: str | None = attrs.field(repr=False)
    anti_csrf_token: str | None = attrs.field(repr=False)
    payload: JSONObject = attrs.field(repr=False)


def verified_token(key: VerifyingKey, token: ParsedToken) -> VerifiedToken:
    """Note that a key has verified a token."""
    return VerifiedToken(
        key,
        token.expires_at_s * 1000,
        token.user_id,
        RecipeUserId(token.recipe_user_id),
        token.tenant_id,
        token.session_handle,
        token.refresh_hash1,
        token.parent_refresh_hash1,
        token.anti_csrf_token,
        token.payload,
    )


class VerifiedTokens:
    """
    Remembers verified tokens by their SHA-256. One for each application, so it ends with its configuration.

    Whether a token has expired, its key still counts, and its request proves what it has to, is not remembered: that
    is checked every time.

    Any thread may call it, also in a process that was forked meanwhile: each step on a dictionary is whole, so there is
    no lock that a fork could leave held. Threads in each other's way forget a token at worst.

    Args:
        capacity: how many are remembered. Beyond it the half that was not used for longest is forgotten.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._half = max(capacity // 2, 1)
        self._recent: dict[bytes, VerifiedToken] = {}
        self._older: dict[bytes, VerifiedToken] = {}

    def __len__(self) -> int:
        return len(self._recent) + len(self._older)

    def find(self, digest: bytes) -> VerifiedToken | None:
        """Return what is remembered, or None."""
        found = self._recent.get(digest)
        if found is None and (found := self._older.pop(digest, None)) is not None:
            self.keep(digest, found)
        return found

    def keep(self, digest: bytes, verified: VerifiedToken) -> None:
        """Remember a token."""
        if len(self._recent) >= self._half:
            self._recent, self._older = {}, self._recent
        self._recent[digest] = verified

    def forget(self, digest: bytes) -> None:
        """Forget a token, if it is remembered."""
        self._recent.pop(digest, None)
        self._older.pop(digest, None)


def digest_of(text: str) -> bytes:
    """Return the SHA-256 of a token, whatever a client sent."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()
