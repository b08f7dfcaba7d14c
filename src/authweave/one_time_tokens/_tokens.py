"""One-time tokens, as recipes make and use them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Final

import attrs

from authweave.security import base64url
from authweave.storage import Storage
from authweave.types import Clock

from .store import ONE_TIME_TOKENS, OneTimeToken, Voids

TOKEN_BYTES: Final = 48
"""Random bytes of a token. Nobody guesses one, nor finds one that has a given hash."""

TOKEN_CHARACTERS: Final = 64
"""How long a token is: its bytes in base64url (RFC 4648, section 5)."""

MAX_PER_USER: Final = 20
"""How many tokens of one purpose a user may have. A newer one takes the place of the oldest."""

SHAPE: Final = re.compile(rf"[A-Za-z0-9_-]{{{TOKEN_CHARACTERS}}}")


@attrs.frozen
class OneTimeTokens:
    """
    Makes tokens, finds them, and uses them up.

    All methods block: call them in a worker thread (``services.off_loop``). Each is one transaction, or part of the
    one that its thread has open.

    The store has the SHA-256 of a token, which needs neither salt nor stretching, since a token is random (OWASP
    Forgot Password Cheat Sheet, 2025). It is looked up by that hash, and never compared itself: how long a comparison
    takes could only tell of hashes, which nobody can choose.

    Args:
        storage: the store of the application, which has the part `ONE_TIME_TOKENS`.
        clock: tells the time, in milliseconds since the epoch.
        random_bytes: returns as many unpredictable bytes as asked.

    .. versionadded:: 0.1.0
    """

    storage: Storage = attrs.field(repr=False)
    clock: Clock = attrs.field(repr=False)
    random_bytes: Callable[[int], bytes] = attrs.field(repr=False)

    def create(self, purpose: str, *, tenant_id: str, user_id: str, email: str, lifetime_s: float) -> str:
        """
        Make a token. Those that the user has stay valid, but for the oldest beyond `MAX_PER_USER`.

        Args:
            purpose: what it is good for (``"password_reset"``); it is found for nothing else.
            tenant_id: it is found in this tenant alone.
            user_id: the user's, or that of one of his login methods; in the store there need be none.
            email: the address that it is sent to.
            lifetime_s: for how many seconds it is valid.

        Returns:
            The token, of `TOKEN_CHARACTERS` characters of base64url. It is nowhere else.

        Raises:
            authweave.types.BadInputError: a text cannot be stored.
            authweave.storage.StorageError: the store failed, or there is no such tenant.
        """
        return self._add(purpose, tenant_id, user_id, email, lifetime_s, at_most=MAX_PER_USER)

    def create_decoy(self, purpose: str, *, tenant_id: str, email: str) -> str:
        """
        Do what `create` does, in as many statements, and keep nothing: the address has no account.

        Returns:
            Something that looks like a token.

        Raises:
            authweave.types.BadInputError: as `create`, like the following.
            authweave.storage.StorageError: likewise.
        """
        return self._add(purpose, tenant_id, self.random_bytes(16).hex(), email, 0, at_most=0)

    def _add(self, purpose: str, tenant_id: str, user_id: str, email: str, lifetime_s: float, *, at_most: int) -> str:
        """Make a token, and return it."""
        token = base64url(self.random_bytes(TOKEN_BYTES))
        now_ms = self.clock()
        made = OneTimeToken(
            token_hash=hash_of(token),
            purpose=purpose,
            tenant_id=tenant_id,
            user_id=user_id,
            email=email,
            created_at_ms=now_ms,
            expires_at_ms=now_ms + round(1000 * lifetime_s),
        )
        self.storage.part(ONE_TIME_TOKENS).add_token(made, at_most=at_most)
        return token

    def find(self, purpose: str, token: str, *, tenant_id: str) -> OneTimeToken | None:
        """
        Return what is kept of a token, and leave it valid.

        Returns:
            None where it is unknown, used, expired, malformed, or one of another purpose or tenant.

        Raises:
            authweave.types.BadInputError: no store could hold the tenant's id.
            authweave.storage.StorageError: the store failed.
        """
        if not has_shape(token):
            return None
        found = self.storage.part(ONE_TIME_TOKENS).find_token(purpose, tenant_id, hash_of(token))
        return found if found is not None and found.expires_at_ms > self.clock() else None

    def consume(self, purpose: str, token: str, *, tenant_id: str, voids: Voids) -> OneTimeToken | None:
        """
        Use a token up, and its siblings with it. Of callers at once, with one token or with siblings, one gets it.

        An expired one is deleted, and its siblings stay.

        Args:
            purpose: what it was made for.
            token: as a client sent it.
            tenant_id: the tenant that it was sent to. One that belongs to another tenant stays valid there.
            voids: which siblings: ``"user"`` for all tokens of this purpose that the user has, in every tenant;
                ``"address"`` for those of them that were sent to the same address.

        Returns:
            What was kept of it; None as for `find`.

        Raises:
            authweave.types.BadInputError: no store could hold the tenant's id.
            authweave.storage.StorageError: the store failed. Nothing is used up.
        """
        if not has_shape(token):
            return None
        return self.storage.part(ONE_TIME_TOKENS).consume_token(
            purpose, tenant_id, hash_of(token), self.clock(), voids=voids
        )

    def revoke(self, purpose: str, *, user_id: str, email: str | None = None) -> int:
        """
        Delete the tokens of a user, in every tenant; only those sent to ``email`` where that is given.

        Returns:
            How many there were.

        Raises:
            authweave.types.BadInputError: no store could hold one of the texts.
            authweave.storage.StorageError: the store failed.
        """
        return self.storage.part(ONE_TIME_TOKENS).revoke_tokens(purpose, user_id, email)


def has_shape(token: str) -> bool:
    """Return whether a text could be a token: what cannot is not hashed, and no store is asked for it."""
    return SHAPE.fullmatch(token) is not None


def hash_of(token: str) -> str:
    """Return what the store has of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
