"""The keys that sign access tokens, in memory: verifying a token asks no store."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Final, cast

import attrs

from authweave.recipe._services import Services
from authweave.security import (
    SigningKey,
    VerifyingKey,
    decrypt_key,
    encrypt_key,
    generate_dynamic_key,
    generate_static_key,
)
from authweave.storage import KeyRecord
from authweave.types import JSONObject

RELOAD_MS: Final = 500
"""How often a token with an unknown key may make the store be asked (wire contract, section 5.3)."""

DYNAMIC: Final = "d-"
STATIC: Final = "s-"


@attrs.define(eq=False)
class SigningKeys:
    """
    The signing keys of an application. The first one is made when it is first needed.

    Attributes:
        prefix: begins the ids of the keys that sign new tokens.
    """

    services: Services = attrs.field(repr=False)
    prefix: str
    _known: Mapping[str, SigningKey] = attrs.field(factory=dict[str, SigningKey], repr=False)
    _loaded_at_ms: int | None = None
    _lock: threading.Lock = attrs.field(factory=threading.Lock, repr=False)

    async def current(self) -> SigningKey:
        """Return the key that signs new tokens."""
        if (found := self._newest()) is None:
            found = await self.services.off_loop(self.ensure)
        return found

    async def find(self, kid: str) -> VerifyingKey | None:
        """Return the key of an id, or None. Where it is unknown, the store is asked, if it was not just now."""
        if kid not in self._known and self._may_reload():
            await self.services.off_loop(self.reload)
        found = self._known.get(kid)
        return None if found is None else found.verifying

    async def public(self) -> list[JSONObject]:
        """Return the public halves, the newest first, as JSON Web Keys."""
        await self.current()
        return [cast("JSONObject", key.verifying.jwk) for key in self._known.values()]  # a TypedDict of texts

    def ensure(self) -> SigningKey:
        """
        Load the keys, and make one if there is none yet. Blocks.

        Raises:
            authweave.security.KeyDecryptionError: the server secret is not the one that they were stored with.
        """
        with self._lock:
            found = self._newest()
            if found is None:
                self._load()
                found = self._newest() or self._make()
            return found

    def reload(self) -> None:
        """Load the keys that other processes may have made. Blocks. Raises as `ensure`."""
        with self._lock:
            self._load()

    def _newest(self) -> SigningKey | None:
        return next((key for kid, key in self._known.items() if kid.startswith(self.prefix)), None)

    def _may_reload(self) -> bool:
        """Say whether the store may be asked, and note that it is. Runs on the loop: one of many at once may."""
        now_ms, last_ms = self.services.clock(), self._loaded_at_ms
        if last_ms is not None and abs(now_ms - last_ms) < RELOAD_MS:
            return False
        self._loaded_at_ms = now_ms
        return True

    def _load(self) -> None:
        self._loaded_at_ms = self.services.clock()
        records = self.services.storage.signing_keys()
        self._known = {record.kid: self._known.get(record.kid) or self._opened(record) for record in records}

    def _make(self) -> SigningKey:
        """Make a key. Of processes that do so at once all use the one that the store has kept."""
        services, dynamic = self.services, self.prefix == DYNAMIC
        now_ms = services.clock()
        random_bytes = services.random_bytes
        key = generate_dynamic_key(now_ms) if dynamic else generate_static_key(random_bytes=random_bytes)
        services.storage.add_signing_key(
            KeyRecord(
                kid=key.kid,
                slot="dynamic-0" if dynamic else "static",
                algorithm="RS256",
                private_key=encrypt_key(key, services.secret, services.app_info.app_name, random_bytes=random_bytes),
                created_at_ms=now_ms,
            )
        )
        self._load()
        return self._newest() or key

    def _opened(self, record: KeyRecord) -> SigningKey:
        return decrypt_key(record.kid, record.private_key, self.services.secret, self.services.app_info.app_name)
