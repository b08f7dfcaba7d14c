"""Verifies access tokens without the store: never twice the same signature, and everything else every time."""

from __future__ import annotations

from authweave.recipe.session.exceptions import TryRefreshTokenError
from authweave.recipe.session.keys.signing_keys import SigningKeys
from authweave.security import (
    MAX_ACCESS_TOKEN_CHARACTERS,
    ParsedToken,
    VerifyingKey,
    parse_access_token,
    verify_access_token,
)
from authweave.types import Clock

from .verified import VerifiedToken, VerifiedTokens, digest_of, verified_token


class UnknownKey(Exception):  # noqa: N818  no error: it is settled in this room
    """A token names a key that this process does not know: a forger's, or one that another has just made."""

    def __init__(self, kid: str) -> None:
        super().__init__(kid)
        self.kid: str = kid


class Verifier:
    """
    Verifies access tokens. One for each application; any thread may call it.

    Attributes:
        remembered: the tokens whose signature has been checked.
    """

    def __init__(self, keys: SigningKeys, clock: Clock) -> None:
        self.remembered: VerifiedTokens = VerifiedTokens()
        self._keys = keys
        self._clock = clock
        self._last: ParsedToken | None = None
        self._last_digest: tuple[str, bytes] | None = None

    def is_usable(self, text: str) -> bool:
        """Return whether a text has the shape of an access token, genuine or not."""
        if len(text) > MAX_ACCESS_TOKEN_CHARACTERS:
            return False
        self._last_digest = text, (digest := digest_of(text))
        return self.remembered.find(digest) is not None or self._parse(text) is not None

    def verify(self, text: str) -> VerifiedToken | None:
        """
        Verify a token.

        Returns:
            What it says; None for what is no token of ours.

        Raises:
            TryRefreshTokenError: it has expired, or is not genuine.
            UnknownKey: its key is not known yet (`verify_newly_signed`).
        """
        if len(text) > MAX_ACCESS_TOKEN_CHARACTERS:
            return None
        last, self._last_digest = self._last_digest, None
        digest = last[1] if last is not None and last[0] is text else digest_of(text)
        now_ms = self._clock()
        found = self.remembered.find(digest)
        if found is not None:
            key = found.key
            if found.expires_at_ms > now_ms and self._keys.find(key.kid, now_ms) is key:
                return found
            self.remembered.forget(digest)
        token = self._parse(text)
        if token is None:
            return None
        self._last = None
        if not self._keys.knows(token.kid):
            raise UnknownKey(token.kid)
        verified = verified_token(self.require_genuine(token, now_ms), token)
        if verified.expires_at_ms <= now_ms:
            raise TryRefreshTokenError("The access token has expired.")
        self.remembered.keep(digest, verified)
        return verified

    async def verify_newly_signed(self, text: str, unknown: UnknownKey) -> VerifiedToken | None:
        """Verify a token as `verify` does, if its key, which was unknown, can be read by now."""
        if not await self._keys.meet(unknown.kid):
            raise not_genuine() from unknown
        try:
            return self.verify(text)
        except UnknownKey as gone:  # it was over, and another thread has deleted it since
            raise not_genuine() from gone

    def genuine(self, text: str) -> ParsedToken | None:
        """Return a token that we signed with a key that is in use, expired or not; None for any other text."""
        token = parse_access_token(text)
        key = None if token is None else self._keys.find(token.kid, self._clock())
        return token if token is not None and key is not None and verify_access_token(token, key) else None

    def require_genuine(self, token: ParsedToken, now_ms: int) -> VerifyingKey:
        """
        Check who signed a token. Whether it has expired is not looked at.

        Raises:
            TryRefreshTokenError: we did not, or with a key that is not in use any more.
        """
        key = self._keys.find(token.kid, now_ms)
        if key is None or not verify_access_token(token, key):
            raise not_genuine()
        return key

    def _parse(self, text: str) -> ParsedToken | None:
        """Read a token. Who asks whether it is usable asks next what it says: it is read once for both."""
        last = self._last
        if last is None or last.text != text:
            self._last = last = parse_access_token(text)
        return last


def not_genuine() -> TryRefreshTokenError:
    """Return what says that a token is none of ours."""
    return TryRefreshTokenError("The access token was not signed with a key of ours that is in use.")
