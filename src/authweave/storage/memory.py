"""A store in memory, for tests: everything is gone when the process ends."""

from __future__ import annotations

import threading
from collections.abc import Callable

import attrs
from typing_extensions import override

from authweave.types import JSONObject, User

from ._json_text import json_object, json_text
from ._limits import (
    check_email,
    check_identity,
    check_password_hash,
    check_password_login,
    check_session,
    check_signing_key,
    check_tenant_provider,
    check_text,
    check_third_party_login,
)
from ._protocols import EmailTakenError, Storage, StorageError
from ._records import (
    KeyRecord,
    PasswordLogin,
    SessionRecord,
    TenantProvider,
    ThirdPartyLogin,
    ThirdPartySignIn,
)
from ._users import new_user


class MemoryStorage(Storage):
    """
    Keep everything in dictionaries, behind one lock.

    It passes the same contract as the SQL store (`authweave.testing.storage_contract`).

    .. versionadded:: 0.1.0
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._closed = False
        self._logins: dict[str, PasswordLogin] = {}
        self._third_party_logins: dict[tuple[str, str, str, str], ThirdPartyLogin] = {}
        self._providers: dict[tuple[str, str], TenantProvider] = {}
        self._sessions: dict[str, SessionRecord] = {}
        self._keys: dict[str, KeyRecord] = {}
        self._tenants = {"public"}

    def _transaction(self) -> threading.RLock:
        if self._closed:
            raise StorageError("The store is closed: open another one.")
        return self._lock

    def _check_tenant(self, tenant_id: str) -> None:
        if tenant_id not in self._tenants:
            raise StorageError(f"There is no tenant {tenant_id!r}: create it first.")

    @override
    def create_user_with_password(self, login: PasswordLogin) -> User:
        check_password_login(login)
        with self._transaction():
            self._check_tenant(login.tenant_id)
            if self.find_password_login(login.tenant_id, login.email) is not None:
                raise EmailTakenError(login.tenant_id)
            self._check_ids(login)
            self._logins[login.recipe_user_id] = login
            return new_user(login)

    @override
    def find_password_login(self, tenant_id: str, email: str) -> PasswordLogin | None:
        check_text(tenant_id, "tenant_id")
        check_email(email)
        with self._transaction():
            found = (login for login in self._logins.values() if (login.tenant_id, login.email) == (tenant_id, email))
            return next(found, None)

    @override
    def find_password_login_by_id(self, recipe_user_id: str) -> PasswordLogin | None:
        check_text(recipe_user_id, "recipe_user_id")
        with self._transaction():
            return self._logins.get(recipe_user_id)

    @override
    def find_user(self, user_id: str) -> User | None:
        check_text(user_id, "user_id")
        with self._transaction():
            logins: list[PasswordLogin | ThirdPartyLogin] = [*self._logins.values()]
            logins += self._third_party_logins.values()
            by_user_id = (login for login in logins if login.user_id == user_id)
            by_recipe_user_id = (login for login in logins if login.recipe_user_id == user_id)
            login = next(by_user_id, None) or next(by_recipe_user_id, None)
            return None if login is None else new_user(login)

    @override
    def update_password_login(
        self, recipe_user_id: str, *, email: str | None, password_hash: str | None, from_hash: str | None = None
    ) -> bool:
        check_text(recipe_user_id, "recipe_user_id")
        check_email(email or "")
        check_password_hash(password_hash or "")
        with self._transaction():
            login = self._logins.get(recipe_user_id)
            if login is None or from_hash not in {None, login.password_hash}:
                return False
            if email is not None:
                holder = self.find_password_login(login.tenant_id, email)
                if holder is not None and holder.recipe_user_id != recipe_user_id:
                    raise EmailTakenError(login.tenant_id)
                login = attrs.evolve(login, email=email)
            if password_hash is not None:
                login = attrs.evolve(login, password_hash=password_hash)
            self._logins[recipe_user_id] = login
            return True

    def _check_ids(self, login: PasswordLogin | ThirdPartyLogin) -> None:
        if self.find_user(login.user_id) is not None or self.find_user(login.recipe_user_id) is not None:
            raise StorageError("A user or login method of this id exists already: ids have to be new.")

    @override
    def sign_in_or_up(self, login: ThirdPartyLogin) -> ThirdPartySignIn:
        check_third_party_login(login)
        identity = (login.tenant_id, login.third_party_id, login.issuer, login.third_party_user_id)
        with self._transaction():
            self._check_tenant(login.tenant_id)
            known = self._third_party_logins.get(identity)
            if known is None:
                self._check_ids(login)
                kept = login
            else:
                kept = attrs.evolve(known, email=login.email, verified=login.verified)
            self._third_party_logins[identity] = kept
            return ThirdPartySignIn(new_user(kept), kept.recipe_user_id, is_new=known is None)

    @override
    def find_third_party_login(
        self, tenant_id: str, third_party_id: str, issuer: str, third_party_user_id: str
    ) -> ThirdPartyLogin | None:
        check_identity(tenant_id, third_party_id, issuer, third_party_user_id)
        with self._transaction():
            return self._third_party_logins.get((tenant_id, third_party_id, issuer, third_party_user_id))

    @override
    def tenant_providers(self, tenant_id: str) -> tuple[TenantProvider, ...]:
        check_text(tenant_id, "tenant_id")
        with self._transaction():
            return tuple(each for key, each in sorted(self._providers.items()) if key[0] == tenant_id)

    @override
    def set_tenant_provider(self, provider: TenantProvider) -> bool:
        check_tenant_provider(provider)
        key = (provider.tenant_id, provider.third_party_id)
        with self._transaction():
            self._check_tenant(provider.tenant_id)
            is_new = key not in self._providers
            self._providers[key] = provider
            return is_new

    @override
    def remove_tenant_provider(self, tenant_id: str, third_party_id: str) -> bool:
        check_text(tenant_id, "tenant_id")
        check_text(third_party_id, "third_party_id")
        with self._transaction():
            return self._providers.pop((tenant_id, third_party_id), None) is not None

    @override
    def create_session(self, session: SessionRecord) -> None:
        check_session(session)
        kept = copy_of(session)
        with self._transaction():
            self._check_tenant(session.tenant_id)
            if session.handle in self._sessions:
                raise StorageError("A session of this handle exists already: handles have to be new.")
            self._sessions[session.handle] = kept

    @override
    def find_session(self, handle: str) -> SessionRecord | None:
        check_text(handle, "handle")
        with self._transaction():
            session = self._sessions.get(handle)
            return None if session is None else copy_of(session)

    @override
    def advance_session(self, session: SessionRecord, *, from_generation: int) -> bool:
        check_session(session)
        with self._transaction():
            stored = self._sessions.get(session.handle)
            if stored is None or stored.generation != from_generation:
                return False
            self._sessions[session.handle] = attrs.evolve(
                stored,
                generation=session.generation,
                refresh_hash=session.refresh_hash,
                previous_hash=session.previous_hash,
                confirmed_at_ms=session.confirmed_at_ms,
                anti_csrf_token=session.anti_csrf_token,
                expires_at_ms=session.expires_at_ms,
            )
            return True

    @override
    def change_session_payload(self, handle: str, change: Callable[[JSONObject], JSONObject]) -> JSONObject | None:
        with self._transaction():
            session = self.find_session(handle)
            if session is None:
                return None
            payload = change(session.payload)
            kept = json_object(json_text(payload, "payload"))
            self._sessions[handle] = attrs.evolve(session, payload=kept)
            return payload

    @override
    def update_session_data(self, handle: str, data: JSONObject) -> bool:
        check_text(handle, "handle")
        kept = json_object(json_text(data, "data"))
        with self._transaction():
            session = self._sessions.get(handle)
            if session is not None:
                self._sessions[handle] = attrs.evolve(session, data=kept)
            return session is not None

    @override
    def revoke_session(self, handle: str) -> bool:
        check_text(handle, "handle")
        with self._transaction():
            return self._sessions.pop(handle, None) is not None

    @override
    def revoke_sessions_of_user(self, user_id: str, tenant_id: str | None) -> tuple[str, ...]:
        with self._transaction():
            handles = tuple(session.handle for session in self._sessions_of_user(user_id, tenant_id))
            for handle in handles:
                del self._sessions[handle]
            return handles

    @override
    def session_handles_of_user(self, user_id: str, tenant_id: str | None, now_ms: int) -> tuple[str, ...]:
        with self._transaction():
            sessions = self._sessions_of_user(user_id, tenant_id)
            return tuple(session.handle for session in sessions if session.expires_at_ms > now_ms)

    def _sessions_of_user(self, user_id: str, tenant_id: str | None) -> list[SessionRecord]:
        check_text(user_id, "user_id")
        check_text(tenant_id or "", "tenant_id")
        sessions = (session for session in self._sessions.values() if session.user_id == user_id)
        of_tenant = (session for session in sessions if tenant_id is None or session.tenant_id == tenant_id)
        return sorted(of_tenant, key=lambda session: (session.created_at_ms, session.handle))

    @override
    def purge_expired_sessions(self, now_ms: int, limit: int) -> int:
        with self._transaction():
            expired = [session.handle for session in self._sessions.values() if session.expires_at_ms <= now_ms]
            purged = expired[: max(limit, 0)]
            for handle in purged:
                del self._sessions[handle]
            return len(purged)

    @override
    def add_signing_key(self, key: KeyRecord) -> KeyRecord:
        check_signing_key(key)
        with self._transaction():
            holder = self._keys.get(key.slot)
            if holder is not None:
                return holder
            if any(kept.kid == key.kid for kept in self._keys.values()):
                raise StorageError(
                    f"A signing key {key.kid!r} exists already, in another slot: key ids have to be new."
                )
            return self._keys.setdefault(key.slot, key)

    @override
    def signing_keys(self) -> tuple[KeyRecord, ...]:
        with self._transaction():
            return tuple(sorted(self._keys.values(), key=lambda key: (-key.created_at_ms, key.kid)))

    @override
    def remove_signing_key(self, kid: str) -> bool:
        check_text(kid, "kid")
        with self._transaction():
            found = next((slot for slot, key in self._keys.items() if key.kid == kid), None)
            return found is not None and self._keys.pop(found, None) is not None

    @override
    def tenant_exists(self, tenant_id: str) -> bool:
        check_text(tenant_id, "tenant_id")
        with self._transaction():
            return tenant_id in self._tenants

    @override
    def create_tenant(self, tenant_id: str) -> bool:
        check_text(tenant_id, "tenant_id")
        with self._transaction():
            is_new = tenant_id not in self._tenants
            self._tenants.add(tenant_id)
            return is_new

    @override
    def close(self) -> None:
        self._closed = True


def copy_of(session: SessionRecord) -> SessionRecord:
    """Return a session whose JSON shares nothing with that of the one given, as if it had been to a database."""
    return attrs.evolve(
        session,
        payload=json_object(json_text(session.payload, "payload")),
        data=json_object(json_text(session.data, "data")),
    )
