"""Steps for a store of one-time tokens, held against a dictionary of them."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from typing_extensions import override

from authweave.storage.machine import StorageMachine, emails, numbers, tenant_ids, times_ms

from . import ONE_TIME_TOKENS, OneTimeToken, OneTimeTokenStore, Voids

purposes: st.SearchStrategy[str] = st.sampled_from(["reset", "verify"])
voids: st.SearchStrategy[Voids] = st.sampled_from(["user", "address"])


class OneTimeTokenMachine(StorageMachine):
    """Steps for one-time tokens."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens: dict[str, OneTimeToken] = {}
        self.made: int = 0
        self.token_store: OneTimeTokenStore = self.storage.part(ONE_TIME_TOKENS)

    def siblings(self, purpose: str, user_id: str, email: str | None) -> list[OneTimeToken]:
        """Return the tokens of a user, the oldest first."""
        theirs = [
            each
            for each in self.tokens.values()
            if (each.purpose, each.user_id) == (purpose, user_id) and email in {None, each.email}
        ]
        return sorted(theirs, key=lambda each: (each.created_at_ms, each.token_hash))

    @override
    def forget_user(self, ids: AbstractSet[str]) -> None:
        super().forget_user(ids)
        self.forget([each for each in self.tokens.values() if each.user_id in ids])

    @override
    def forget_disabled_user(self, ids: AbstractSet[str]) -> None:
        super().forget_disabled_user(ids)
        self.forget([each for each in self.tokens.values() if each.user_id in ids])

    def forget(self, tokens: list[OneTimeToken]) -> None:
        """Take tokens out of the model."""
        for token in tokens:
            del self.tokens[token.token_hash]

    @rule(
        purpose=purposes, user=numbers, email=emails, tenant_id=tenant_ids, now_ms=times_ms, at_most=st.integers(1, 3)
    )
    def make_token(self, purpose: str, user: int, email: str, tenant_id: str, now_ms: int, at_most: int) -> None:
        """Make one for a user."""
        self.made += 1
        token = OneTimeToken(
            token_hash=f"hash-{self.made:09}",
            purpose=purpose,
            tenant_id=tenant_id,
            user_id=f"user-{user % 2}",
            email=email,
            created_at_ms=now_ms,
            expires_at_ms=now_ms + 2,
        )
        self.token_store.add_token(token, at_most=at_most)
        theirs = [*self.siblings(purpose, token.user_id, None), token]
        self.tokens[token.token_hash] = token
        self.forget(theirs[: max(len(theirs) - at_most, 0)])

    @rule(data=st.data(), purpose=purposes, tenant_id=tenant_ids, now_ms=times_ms, voids=voids)
    def use_token(self, data: st.DataObject, purpose: str, tenant_id: str, now_ms: int, voids: Voids) -> None:
        """Use one of them, or none, as of some purpose and tenant."""
        token_hash = data.draw(st.sampled_from(["unknown", *sorted(self.tokens)]))
        used = self.token_store.consume_token(purpose, tenant_id, token_hash, now_ms, voids=voids)
        token = self.tokens.get(token_hash)
        if token is None or (token.purpose, token.tenant_id) != (purpose, tenant_id):
            assert used is None
        elif token.expires_at_ms <= now_ms:
            assert used is None
            self.forget([token])
        else:
            assert used == token
            self.forget(self.siblings(purpose, token.user_id, token.email if voids == "address" else None))

    @rule(purpose=purposes, user=numbers, email=st.none() | emails)
    def revoke_some_tokens(self, purpose: str, user: int, email: str | None) -> None:
        """Revoke those of a user."""
        theirs = self.siblings(purpose, f"user-{user % 2}", email)
        assert self.token_store.revoke_tokens(purpose, f"user-{user % 2}", email) == len(theirs)
        self.forget(theirs)

    @rule(now_ms=times_ms, limit=st.integers(-1, 3))
    def purge_tokens(self, now_ms: int, limit: int) -> None:
        """Purge some of the expired ones."""
        expired = {key for key, token in self.tokens.items() if token.expires_at_ms <= now_ms}
        purged = self.token_store.purge_expired_tokens(now_ms, limit)
        assert purged == min(len(expired), max(limit, 0))
        gone = [token for token in self.tokens.values() if self.find_again(token) is None]
        assert len(gone) == purged
        assert {token.token_hash for token in gone} <= expired
        self.forget(gone)

    def find_again(self, token: OneTimeToken) -> OneTimeToken | None:
        """Return what the store has of a token."""
        return self.token_store.find_token(token.purpose, token.tenant_id, token.token_hash)

    @invariant()
    def tokens_agree(self) -> None:
        """Hold every token against the model."""
        for token in self.tokens.values():
            assert self.find_again(token) == token
