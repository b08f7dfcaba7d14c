"""Steps for a store of sessions, held against a dictionary of them."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from typing_extensions import override

from authweave.storage import BarredUserError
from authweave.storage.contract import raises
from authweave.storage.machine import StorageMachine, json_objects, numbers, tenant_ids, texts, times_ms
from authweave.types import JSONObject

from . import SESSIONS, SessionRecord, SessionStore
from .contract import a_session, replaced_by


class SessionMachine(StorageMachine):
    """Steps for sessions."""

    def __init__(self) -> None:
        super().__init__()
        self.sessions: dict[str, SessionRecord] = {}
        self.session_store: SessionStore = self.storage.part(SESSIONS)

    @rule(
        number=numbers,
        user=numbers,
        tenant_id=tenant_ids,
        expires_at_ms=times_ms,
        payload=json_objects,
        at_most=st.none() | st.integers(1, 3),
    )
    def create_session(
        self, number: int, user: int, tenant_id: str, expires_at_ms: int, payload: JSONObject, at_most: int | None
    ) -> None:
        """Add a session, unless its number is in use; where its user has too many, the oldest go."""
        session = a_session(
            number, user_id=f"user-{user}", tenant_id=tenant_id, expires_at_ms=expires_at_ms, payload=payload
        )
        session = attrs.evolve(session, recipe_user_id=f"method-{user}")
        if session.handle in self.sessions:
            return
        if self.is_barred(session.user_id):
            assert raises(BarredUserError, self.session_store.create_session, session)
            return
        others = [each for each in self.sessions_of(session.user_id, None) if each.expires_at_ms > number]
        beyond = [] if at_most is None else others[: max(len(others) + 1 - at_most, 0)]
        ended = self.session_store.create_session(session, at_most=at_most)
        assert ended == tuple(each.handle for each in beyond)
        self.sessions[session.handle] = session
        for handle in ended:
            del self.sessions[handle]

    @rule(number=numbers, from_generation=st.integers(0, 2), hashed=texts.filter(str.isalnum), at_ms=times_ms)
    def advance(self, number: int, from_generation: int, hashed: str, at_ms: int) -> None:
        """Advance a session, from the right generation or another."""
        progress = attrs.evolve(
            a_session(number, expires_at_ms=at_ms),
            generation=from_generation + 1,
            refresh_hash=hashed,
            confirmed_at_ms=at_ms,
        )
        stored = self.sessions.get(progress.handle)
        expected = stored is not None and stored.generation == from_generation
        assert self.session_store.advance_session(progress, from_generation=from_generation) == expected
        if stored is not None and expected:
            self.sessions[progress.handle] = attrs.evolve(
                progress,
                user_id=stored.user_id,
                recipe_user_id=stored.recipe_user_id,
                tenant_id=stored.tenant_id,
                payload=stored.payload,
                data=stored.data,
            )

    @rule(number=numbers, payload=json_objects, data=json_objects)
    def replace_json(self, number: int, payload: JSONObject, data: JSONObject) -> None:
        """Replace payload and data."""
        handle = f"handle-{number}"
        changed = self.session_store.change_session_payload(handle, replaced_by(payload))
        assert changed == (payload if handle in self.sessions else None)
        assert self.session_store.update_session_data(handle, data) == (handle in self.sessions)
        if handle in self.sessions:
            self.sessions[handle] = attrs.evolve(self.sessions[handle], payload=payload, data=data)

    @rule(number=numbers)
    def revoke(self, number: int) -> None:
        """Revoke one session."""
        handle = f"handle-{number}"
        assert self.session_store.revoke_session(handle) == (self.sessions.pop(handle, None) is not None)

    @rule(user=numbers, tenant_id=st.none() | tenant_ids)
    def revoke_all(self, user: int, tenant_id: str | None) -> None:
        """Revoke the sessions of a user."""
        expected = {session.handle for session in self.sessions_of(f"user-{user}", tenant_id)}
        assert set(self.session_store.revoke_sessions_of_user(f"user-{user}", tenant_id)) == expected
        for handle in expected:
            del self.sessions[handle]

    @rule(now_ms=times_ms, limit=st.integers(-1, 3))
    def purge(self, now_ms: int, limit: int) -> None:
        """Purge some of the expired sessions."""
        expired = {handle for handle, session in self.sessions.items() if session.expires_at_ms <= now_ms}
        purged = self.session_store.purge_expired_sessions(now_ms, limit)
        assert purged == min(len(expired), max(limit, 0))
        gone = {handle for handle in self.sessions if self.session_store.find_session(handle) is None}
        assert len(gone) == purged
        assert gone <= expired
        for handle in gone:
            del self.sessions[handle]

    @override
    def forget_user(self, ids: AbstractSet[str]) -> None:
        super().forget_user(ids)
        self.sessions = {handle: each for handle, each in self.sessions.items() if each.user_id not in ids}

    @override
    def forget_disabled_user(self, ids: AbstractSet[str]) -> None:
        super().forget_disabled_user(ids)
        self.sessions = {handle: each for handle, each in self.sessions.items() if each.user_id not in ids}

    def sessions_of(self, user_id: str, tenant_id: str | None) -> list[SessionRecord]:
        """Return the sessions of a user, the oldest first."""
        of_user = [session for session in self.sessions.values() if session.user_id == user_id]
        of_tenant = [session for session in of_user if tenant_id in {None, session.tenant_id}]
        return sorted(of_tenant, key=lambda session: session.created_at_ms)

    @invariant()
    def sessions_agree(self) -> None:
        """Hold every session, and the lists of a user, against the model."""
        for number in range(4):
            assert self.session_store.find_session(f"handle-{number}") == self.sessions.get(f"handle-{number}")
            live = [each for each in self.sessions_of(f"user-{number}", None) if each.expires_at_ms > 2]
            handles = self.session_store.session_handles_of_user(f"user-{number}", None, 2)
            assert handles == tuple(session.handle for session in live)
