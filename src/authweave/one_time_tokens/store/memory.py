"""One-time tokens, in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection

import attrs
from typing_extensions import override

from authweave.storage import (
    KeepsShownIds,
    OfEnabledUsers,
    OfMemberships,
    OfUsers,
    StorageError,
    check_email,
    check_text,
)
from authweave.storage.memory import MemoryCore

from .protocol import OneTimeTokenStore
from .records import OneTimeToken, Voids, check_token


class MemoryOneTimeTokens(OneTimeTokenStore, OfUsers, OfEnabledUsers, OfMemberships, KeepsShownIds):
    """One-time tokens, by their hashes."""

    def __init__(self, core: MemoryCore) -> None:
        self._core = core
        self._tokens: dict[str, OneTimeToken] = {}

    @override
    def add_token(self, token: OneTimeToken, *, at_most: int) -> None:
        check_token(token)
        with self._core.transaction():
            self._core.check_tenant(token.tenant_id)
            if token.token_hash in self._tokens:
                raise StorageError("A token of this hash exists already: hashes have to be new.")
            ids = self._ids_of(token.user_id)
            token = attrs.evolve(token, user_id=self._core.shown_id_of(token.user_id))
            siblings = [each for each in self._tokens.values() if each.purpose == token.purpose and each.user_id in ids]
            siblings.sort(key=lambda each: (each.created_at_ms, each.token_hash), reverse=True)
            self._tokens[token.token_hash] = token
            for beyond in [token, *siblings][at_most:]:
                del self._tokens[beyond.token_hash]

    @override
    def find_token(self, purpose: str, tenant_id: str, token_hash: str) -> OneTimeToken | None:
        for name, text in (("purpose", purpose), ("tenant_id", tenant_id), ("token_hash", token_hash)):
            check_text(text, name)
        with self._core.transaction():
            token = self._tokens.get(token_hash)
        return token if token is not None and (token.purpose, token.tenant_id) == (purpose, tenant_id) else None

    @override
    def consume_token(
        self, purpose: str, tenant_id: str, token_hash: str, now_ms: int, *, voids: Voids
    ) -> OneTimeToken | None:
        with self._core.transaction():
            token = self.find_token(purpose, tenant_id, token_hash)
            if token is None:
                return None
            if token.expires_at_ms <= now_ms:
                del self._tokens[token_hash]
                return None
            self.revoke_tokens(purpose, token.user_id, token.email if voids == "address" else None)
            return token

    @override
    def revoke_tokens(self, purpose: str, user_id: str, email: str | None) -> int:
        check_text(purpose, "purpose")
        check_text(user_id, "user_id")
        check_email(email or "")
        ids = self._ids_of(user_id)
        return self._forget(
            lambda token: token.purpose == purpose and token.user_id in ids and email in {None, token.email}
        )

    @override
    def purge_expired_tokens(self, now_ms: int, limit: int) -> int:
        with self._core.transaction():
            expired = [key for key, token in self._tokens.items() if token.expires_at_ms <= now_ms][: max(limit, 0)]
            for key in expired:
                del self._tokens[key]
            return len(expired)

    @override
    def forget_users(self, ids: Collection[str]) -> None:
        self._forget(lambda token: token.user_id in ids)

    @override
    def forget_disabled_users(self, ids: Collection[str]) -> None:
        self.forget_users(ids)

    @override
    def forget_memberships(self, tenant_id: str, ids: Collection[str] | None) -> None:
        self._forget(lambda token: token.tenant_id == tenant_id and (ids is None or token.user_id in ids))

    @override
    def rename_user(self, former: str, new: str) -> None:
        with self._core.transaction():
            for key, token in self._tokens.items():
                if token.user_id == former:
                    self._tokens[key] = attrs.evolve(token, user_id=new)

    def _ids_of(self, user_id: str) -> Collection[str]:
        """Return all ids of who is named by one of them."""
        with self._core.transaction():
            return {user_id, *self._core.all_ids([self._core.own_id_of(user_id)])}

    def _forget(self, is_meant: Callable[[OneTimeToken], bool]) -> int:
        """Delete some tokens, and return how many there were."""
        with self._core.transaction():
            meant = [key for key, token in self._tokens.items() if is_meant(token)]
            for key in meant:
                del self._tokens[key]
            return len(meant)
