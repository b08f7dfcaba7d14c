"""Sessions, in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection

import attrs
from typing_extensions import override

from authweave.storage import (
    BarredUserError,
    KeepsShownIds,
    LinkedUserError,
    MappedUserError,
    OfEnabledUsers,
    OfLoginMethods,
    OfMemberships,
    OfUsers,
    StorageError,
    check_text,
    json_object,
    json_text,
)
from authweave.storage.memory import MemoryCore
from authweave.types import JSONObject

from .protocol import SessionStore
from .records import SessionRecord, check_session


class MemorySessions(SessionStore, OfUsers, OfLoginMethods, OfEnabledUsers, OfMemberships, KeepsShownIds):
    """Sessions."""

    def __init__(self, core: MemoryCore) -> None:
        self._core = core
        self._sessions: dict[str, SessionRecord] = {}

    @override
    def create_session(self, session: SessionRecord, *, at_most: int | None = None) -> tuple[str, ...]:
        check_session(session)
        copy = copy_of(session)
        with self._core.transaction():
            self._core.check_tenant(session.tenant_id)
            if self._core.is_barred(session.user_id):
                raise BarredUserError(session.user_id)
            if session.user_id in self._core.mappings:
                raise MappedUserError(session.user_id, self._core.shown_id_of(session.user_id))
            self._require_current(session)
            if session.handle in self._sessions:
                raise StorageError("A session of this handle exists already: handles have to be new.")
            others = self.session_handles_of_user(session.user_id, None, session.created_at_ms)
            self._sessions[session.handle] = copy
            beyond = () if at_most is None else others[: max(len(others) + 1 - at_most, 0)]
            for handle in beyond:
                del self._sessions[handle]
            return beyond

    def _require_current(self, session: SessionRecord) -> None:
        """
        Require that what the session is made with is the user's, if the store knows it.

        Raises:
            LinkedUserError: it is another user's.
            BarredUserError: it was deleted, and the user has others.
        """
        core = self._core
        users, methods = core.own_ids_of(session.user_id), core.own_ids_of(session.recipe_user_id)
        for own in sorted(users | methods):
            owner = core.logins[own].user_id if own in core.logins else None
            if owner is not None and owner not in users:
                raise LinkedUserError(core.shown_id_of(own), core.shown_id_of(owner))
        if methods & core.barred.keys() and not methods & core.logins.keys():
            raise BarredUserError(session.user_id)

    @override
    def find_session(self, handle: str) -> SessionRecord | None:
        check_text(handle, "handle")
        with self._core.transaction():
            session = self._sessions.get(handle)
            return None if session is None or self._core.is_barred(session.user_id) else copy_of(session)

    @override
    def advance_session(self, session: SessionRecord, *, from_generation: int) -> bool:
        check_session(session)
        with self._core.transaction():
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
        with self._core.transaction():
            session = self.find_session(handle)
            if session is None:
                return None
            payload = change(session.payload)
            payload_copy = json_object(json_text(payload, "payload"))
            self._sessions[handle] = attrs.evolve(session, payload=payload_copy)
            return payload

    @override
    def update_session_data(self, handle: str, data: JSONObject) -> bool:
        check_text(handle, "handle")
        data_copy = json_object(json_text(data, "data"))
        with self._core.transaction():
            session = self._sessions.get(handle)
            if session is not None:
                self._sessions[handle] = attrs.evolve(session, data=data_copy)
            return session is not None

    @override
    def revoke_session(self, handle: str) -> bool:
        check_text(handle, "handle")
        with self._core.transaction():
            return self._sessions.pop(handle, None) is not None

    @override
    def revoke_sessions_of_user(
        self, user_id: str, tenant_id: str | None, *, linked_too: bool = True
    ) -> tuple[str, ...]:
        with self._core.transaction():
            sessions = self._sessions_of_user(user_id, tenant_id, linked_too=linked_too)
            for session in sessions:
                del self._sessions[session.handle]
            return tuple(session.handle for session in sessions)

    @override
    def session_handles_of_user(
        self, user_id: str, tenant_id: str | None, now_ms: int, *, linked_too: bool = True
    ) -> tuple[str, ...]:
        with self._core.transaction():
            sessions = self._sessions_of_user(user_id, tenant_id, linked_too=linked_too)
            return tuple(session.handle for session in sessions if session.expires_at_ms > now_ms)

    def _sessions_of_user(self, user_id: str, tenant_id: str | None, *, linked_too: bool) -> list[SessionRecord]:
        check_text(user_id, "user_id")
        check_text(tenant_id or "", "tenant_id")
        owner = self._core.owner_of(user_id)
        user_ids = {user_id, *self._core.all_ids([owner or user_id])}
        made_with = {user_id, *self._core.all_ids([self._core.own_id_of(user_id)])}
        found = [
            session
            for session in self._sessions.values()
            if session.user_id in user_ids
            and tenant_id in {None, session.tenant_id}
            and (linked_too or owner is None or session.recipe_user_id in made_with)
        ]
        return sorted(found, key=lambda session: (session.created_at_ms, session.handle))

    @override
    def purge_expired_sessions(self, now_ms: int, limit: int) -> int:
        with self._core.transaction():
            expired = [session.handle for session in self._sessions.values() if session.expires_at_ms <= now_ms]
            purged = expired[: max(limit, 0)]
            for handle in purged:
                del self._sessions[handle]
            return len(purged)

    @override
    def forget_users(self, ids: Collection[str]) -> None:
        for handle in [each.handle for each in self._sessions.values() if each.user_id in ids]:
            del self._sessions[handle]

    @override
    def forget_disabled_users(self, ids: Collection[str]) -> None:
        self.forget_users(ids)

    @override
    def forget_login_methods(self, user_ids: Collection[str], ids: Collection[str]) -> None:
        for each in [*self._sessions.values()]:
            if each.user_id in user_ids and each.recipe_user_id in ids:
                del self._sessions[each.handle]

    @override
    def forget_memberships(self, tenant_id: str, ids: Collection[str] | None) -> None:
        for each in [*self._sessions.values()]:
            if each.tenant_id == tenant_id and (ids is None or each.recipe_user_id in ids):
                del self._sessions[each.handle]

    @override
    def rename_user(self, former: str, new: str) -> None:
        def renamed(user_id: str) -> str:
            return new if user_id == former else user_id

        for each in [*self._sessions.values()]:
            self._sessions[each.handle] = attrs.evolve(
                each, user_id=renamed(each.user_id), recipe_user_id=renamed(each.recipe_user_id)
            )


def copy_of(session: SessionRecord) -> SessionRecord:
    """Return a session whose JSON shares nothing with that of the one given, as if it had been to a database."""
    return attrs.evolve(
        session,
        payload=json_object(json_text(session.payload, "payload")),
        data=json_object(json_text(session.data, "data")),
    )
