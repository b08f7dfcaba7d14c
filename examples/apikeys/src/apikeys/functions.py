"""The functions of the recipe, as they are without overrides."""

from __future__ import annotations

from typing_extensions import override

from authweave.extending import Services
from authweave.kernel import overridable
from authweave.security import constant_time_equal

from .config import APIKeysConfig
from .interfaces import ContextT_contra, RecipeInterface
from .store import API_KEYS, StoredKey
from .tokens import Token
from .types import (
    APIKey,
    CreateKeyOkResult,
    CreateKeyResult,
    TooManyKeysError,
    VerifyKeyOkResult,
    VerifyKeyResult,
    WrongKeyError,
)


class RecipeImplementation(RecipeInterface[ContextT_contra]):
    """The functions without overrides."""

    def __init__(self, config: APIKeysConfig, services: Services) -> None:
        self.config = config
        self.services = services
        self.store = services.storage.part(API_KEYS)

    @overridable
    @override
    async def create_key(
        self, user_id: str, name: str, scopes: tuple[str, ...], validity_s: int | None, user_context: ContextT_contra
    ) -> CreateKeyResult:
        self.config.check(name, scopes, validity_s)
        token = Token.new(self.services.random_bytes)
        now_ms = self.services.clock()
        key = APIKey(
            key_id=token.key_id,
            user_id=user_id,
            name=name,
            scopes=tuple(sorted(set(scopes))),
            created_at_ms=now_ms,
            expires_at_ms=now_ms + 1000 * (validity_s or self.config.max_validity_s),
        )
        stored = StoredKey(key, token.secret_hash)
        if not await self.services.off_loop(self.store.add_key, stored, at_most=self.config.max_keys):
            return TooManyKeysError(self.config.max_keys)
        return CreateKeyOkResult(key, token.text)

    @overridable
    @override
    async def list_keys(self, user_id: str, user_context: ContextT_contra) -> tuple[APIKey, ...]:
        return await self.services.off_loop(self.store.keys_of, user_id)

    @overridable
    @override
    async def verify_key(self, token: str, user_context: ContextT_contra) -> VerifyKeyResult:
        parsed = Token.parse(token)
        if parsed is None:
            return WrongKeyError()
        stored = await self.services.off_loop(self.store.find_key, parsed.key_id)
        if stored is None or not constant_time_equal(stored.secret_hash, parsed.secret_hash):
            return WrongKeyError()
        if stored.key.expires_at_ms <= self.services.clock():
            return WrongKeyError()
        return VerifyKeyOkResult(stored.key)

    @overridable
    @override
    async def revoke_key(self, user_id: str, key_id: str, user_context: ContextT_contra) -> bool:
        return await self.services.off_loop(self.store.remove_key, user_id, key_id)
