"""What is asked of a store of tokens. All methods block, and each is one transaction: see `authweave.storage`."""

from __future__ import annotations

from typing import Protocol

from .records import OneTimeToken, Voids


class OneTimeTokenStore(Protocol):
    """One-time tokens, by their hashes."""

    def add_token(self, token: OneTimeToken, *, at_most: int) -> None:
        """
        Keep a token. Its hash is new.

        Args:
            token: the token.
            at_most: how many of its purpose its user may have then, this one among them; with 0 it is not kept either.
                The oldest beyond them are deleted; of several that are added at once, a few more may stay until the
                next one is.
        """
        ...

    def find_token(self, purpose: str, tenant_id: str, token_hash: str) -> OneTimeToken | None:
        """Return a token of a purpose and a tenant, whether expired or not; None where there is none."""
        ...

    def consume_token(
        self, purpose: str, tenant_id: str, token_hash: str, now_ms: int, *, voids: Voids
    ) -> OneTimeToken | None:
        """
        Delete a token of a purpose and a tenant, with its siblings, and return it.

        Of callers at once, with one token or with siblings, exactly one gets a token. One that has expired is deleted
        alone.

        Returns:
            None where there is none, or it has expired.
        """
        ...

    def revoke_tokens(self, purpose: str, user_id: str, email: str | None) -> int:
        """Delete the tokens of a user, in all tenants, sent to one address or (None) any. Returns how many."""
        ...

    def purge_expired_tokens(self, now_ms: int, limit: int) -> int:
        """Delete at most ``limit`` tokens that have expired. Returns how many were deleted."""
        ...
