"""What every store of sessions has to do, as tests."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import attrs

from authweave.storage import StorageError
from authweave.storage.contract import AT_ONCE, PUBLIC, StoreContract, at_once, raises
from authweave.types import BadInputError, JSONObject

from . import SESSIONS
from .records import SessionRecord


def a_session(
    number: int,
    *,
    user_id: str = "user-1",
    tenant_id: str = PUBLIC,
    expires_at_ms: int = 2_000,
    payload: JSONObject | None = None,
) -> SessionRecord:
    """Return a session that differs from those of other numbers, and was created after those of lower ones."""
    return SessionRecord(
        handle=f"handle-{number}",
        user_id=user_id,
        recipe_user_id=user_id,
        tenant_id=tenant_id,
        refresh_hash=f"{number:064x}",
        confirmed_at_ms=number,
        anti_csrf_token=None,
        payload={} if payload is None else payload,
        data={},
        created_at_ms=number,
        expires_at_ms=expires_at_ms,
    )


def replaced_by(payload: JSONObject) -> Callable[[JSONObject], JSONObject]:
    """Return the change of a payload into another, whatever it was."""
    return lambda _stored: payload


class SessionContract(StoreContract):
    """What a store owes of sessions."""

    def test_a_session_comes_back_as_it_was(self) -> None:
        """Every attribute survives, JSON of all kinds among them; a handle has to be new, its tenant to exist."""
        store = self.new_storage().part(SESSIONS)
        payload: JSONObject = {"a": [1, 2.5, None, True, {"ü\0\ud800": "𝄞"}], "": {}}
        session = attrs.evolve(
            a_session(1, payload=payload),
            generation=3,
            previous_hash="p",
            anti_csrf_token="t",
            data={"d": "x" * 10_000},
            recipe_user_id="method-1",
        )
        store.create_session(session)
        assert store.find_session("handle-1") == session
        assert store.find_session("handle-2") is None
        assert raises(StorageError, store.create_session, attrs.evolve(session, user_id="user-2"))
        assert raises(StorageError, store.create_session, a_session(2, tenant_id="nowhere"))
        assert store.find_session("handle-1") == session
        assert store.find_session("handle-2") is None

    def test_what_the_store_keeps_is_its_own(self) -> None:
        """Changing a payload after it was handed over, or a payload that was handed out, changes nothing kept."""
        store = self.new_storage().part(SESSIONS)
        payload = {"key": "kept"}
        store.create_session(a_session(1, payload=payload))
        payload["key"] = "changed"
        session = store.find_session("handle-1")
        assert session is not None
        assert session.payload == {"key": "kept"}
        assert isinstance(session.payload, dict)
        session.payload["key"] = "changed"
        again = store.find_session("handle-1")
        assert again is not None
        assert again.payload == {"key": "kept"}

    def test_what_is_no_json_is_bad_input(self) -> None:
        """NaN and JSON without an end are refused, and leave what is stored alone."""
        store = self.new_storage().part(SESSIONS)
        store.create_session(a_session(1))
        for bad in ({"n": float("nan")}, {"n": float("inf")}, {"long": "x" * 1_000_001}):
            assert raises(BadInputError, store.create_session, a_session(2, payload=bad))
            assert raises(BadInputError, store.change_session_payload, "handle-1", replaced_by(bad))
            assert raises(BadInputError, store.update_session_data, "handle-1", bad)
        assert store.find_session("handle-1") == a_session(1)

    def test_advancing_stores_the_progress_and_nothing_else(self) -> None:
        """Advancing from the stored generation succeeds; from another, or of a session that is gone, it does not."""
        store = self.new_storage().part(SESSIONS)
        store.create_session(a_session(1, payload={"k": 1}))
        progress = attrs.evolve(
            a_session(1, payload={"other": 2}, expires_at_ms=9_000),
            generation=1,
            refresh_hash="child",
            previous_hash="parent",
            confirmed_at_ms=77,
            anti_csrf_token="new",
            user_id="other",
            created_at_ms=5,
        )
        assert not store.advance_session(progress, from_generation=1)
        assert store.find_session("handle-1") == a_session(1, payload={"k": 1})
        assert store.advance_session(progress, from_generation=0)
        expected = attrs.evolve(progress, payload={"k": 1}, user_id="user-1", created_at_ms=1)
        assert store.find_session("handle-1") == expected
        assert not store.advance_session(progress, from_generation=0)
        assert not store.advance_session(attrs.evolve(progress, handle="gone"), from_generation=0)

    def test_of_many_who_advance_one_succeeds(self) -> None:
        """Of callers that advance one generation at the same moment exactly one is told so, and its hash is kept."""
        store = self.new_storage().part(SESSIONS)
        store.create_session(a_session(1))

        def advance(number: int) -> bool:
            child = attrs.evolve(a_session(1), generation=1, refresh_hash=f"by {number}")
            return store.advance_session(child, from_generation=0)

        answers = at_once(advance)
        session = store.find_session("handle-1")
        assert session is not None
        assert [f"by {number}" for number, won in enumerate(answers) if won] == [session.refresh_hash]

    def test_payload_and_data_are_replaced_apart(self) -> None:
        """Each is replaced whole and alone, where the session exists."""
        store = self.new_storage().part(SESSIONS)
        store.create_session(a_session(1, payload={"old": 1}))
        assert store.change_session_payload("handle-1", replaced_by({"new": 2})) == {"new": 2}
        assert store.update_session_data("handle-1", {"d": 3})
        assert store.find_session("handle-1") == attrs.evolve(a_session(1), payload={"new": 2}, data={"d": 3})
        assert store.change_session_payload("handle-2", replaced_by({})) is None
        assert not store.update_session_data("handle-2", {})

    def test_of_many_who_change_a_payload_all_succeed(self) -> None:
        """Of callers that each add a claim at the same moment none undoes what another has added."""
        store = self.new_storage().part(SESSIONS)
        store.create_session(a_session(1, payload={"first": 1}))

        def add(number: int) -> JSONObject | None:
            return store.change_session_payload("handle-1", lambda stored: {**stored, f"by {number}": number})

        assert None not in at_once(add)
        session = store.find_session("handle-1")
        assert session is not None
        assert session.payload == {"first": 1, **{f"by {number}": number for number in range(AT_ONCE)}}

    def test_a_change_that_fails_changes_nothing(self) -> None:
        """What the change raises arrives as it is, the payload stays, and the store goes on."""
        store = self.new_storage().part(SESSIONS)
        store.create_session(a_session(1, payload={"k": 1}))

        def fail(stored: JSONObject) -> JSONObject:
            raise LookupError(sorted(stored))

        assert raises(LookupError, store.change_session_payload, "handle-1", fail)
        assert store.find_session("handle-1") == a_session(1, payload={"k": 1})
        assert store.change_session_payload("handle-1", replaced_by({})) == {}

    def test_sessions_of_a_user_are_listed_and_revoked_by_tenant(self) -> None:
        """The list is of live sessions, the oldest first; revoking takes the expired ones too, and no one else's."""
        storage = self.new_storage()
        store = storage.part(SESSIONS)
        storage.create_tenant("other")
        store.create_session(a_session(3, tenant_id="other"))
        store.create_session(a_session(2))
        store.create_session(a_session(1))
        store.create_session(a_session(4, expires_at_ms=1_000))
        store.create_session(a_session(5, user_id="user-2"))
        assert store.session_handles_of_user("user-1", None, 1_000) == ("handle-1", "handle-2", "handle-3")
        assert store.session_handles_of_user("user-1", PUBLIC, 999) == ("handle-1", "handle-2", "handle-4")
        assert store.session_handles_of_user("user-1", "other", 0) == ("handle-3",)
        assert store.session_handles_of_user("nobody", None, 0) == ()
        assert store.revoke_session("handle-1")
        assert not store.revoke_session("handle-1")
        assert set(store.revoke_sessions_of_user("user-1", PUBLIC)) == {"handle-2", "handle-4"}
        assert store.revoke_sessions_of_user("user-1", None) == ("handle-3",)
        assert store.revoke_sessions_of_user("user-1", None) == ()
        assert store.find_session("handle-5") is not None

    def test_the_oldest_go_where_a_user_may_have_so_many(self) -> None:
        """A new session ends the oldest live ones beyond the bound, of every tenant, and never itself or others'."""
        storage = self.new_storage()
        store = storage.part(SESSIONS)
        storage.create_tenant("other")
        assert store.create_session(a_session(1)) == ()
        assert store.create_session(a_session(2, tenant_id="other"), at_most=2) == ()
        assert store.create_session(a_session(3, user_id="user-2"), at_most=2) == ()
        assert store.create_session(a_session(4, expires_at_ms=5)) == ()
        assert store.create_session(a_session(6), at_most=3) == ()
        assert store.create_session(a_session(7), at_most=2) == ("handle-1", "handle-2")
        assert store.session_handles_of_user("user-1", None, 6) == ("handle-6", "handle-7")
        assert store.find_session("handle-3") is not None
        assert store.find_session("handle-4") is not None
        assert store.create_session(a_session(0), at_most=1) == ("handle-4", "handle-6", "handle-7")
        assert store.find_session("handle-0") == a_session(0)
        assert raises(StorageError, partial(store.create_session, at_most=1), a_session(0))
        assert store.find_session("handle-0") == a_session(0)

    def test_of_many_at_once_no_more_stay_than_a_user_may_have(self) -> None:
        """Whoever adds sessions at the same moment, the bound holds, also for a user who had none."""
        store = self.new_storage().part(SESSIONS)
        ended = at_once(lambda number: store.create_session(a_session(number, expires_at_ms=9_999), at_most=3))
        assert len(store.session_handles_of_user("user-1", None, AT_ONCE)) == 3
        assert sum(map(len, ended)) == AT_ONCE - 3

    def test_expired_sessions_are_purged_within_the_limit(self) -> None:
        """A session has expired at the moment it names; as many are deleted as allowed, and none that live."""
        store = self.new_storage().part(SESSIONS)
        for number in range(5):
            store.create_session(a_session(number, expires_at_ms=number))
        assert store.purge_expired_sessions(3, limit=0) == 0
        assert store.purge_expired_sessions(3, limit=-1) == 0
        assert store.purge_expired_sessions(3, limit=3) == 3
        assert store.purge_expired_sessions(3, limit=3) == 1
        assert store.purge_expired_sessions(3, limit=3) == 0
        assert store.find_session("handle-4") is not None

    def test_a_session_that_lives_on_is_purged_when_that_is_over(self) -> None:
        """However it was put off, by days or by less: it goes when it has expired, and not before."""
        day_ms = 86_400_000
        store, expires_at_ms = self.new_storage().part(SESSIONS), day_ms
        store.create_session(a_session(1, expires_at_ms=expires_at_ms))
        for generation, later_ms in enumerate((1, 40 * day_ms, 1000)):
            expires_at_ms += later_ms
            later = attrs.evolve(a_session(1, expires_at_ms=expires_at_ms), generation=generation + 1)
            assert store.advance_session(later, from_generation=generation)
            assert store.purge_expired_sessions(expires_at_ms - 1, limit=10) == 0
        assert store.purge_expired_sessions(expires_at_ms, limit=10) == 1

    def test_text_of_a_session_that_cannot_be_kept_is_bad_input(self) -> None:
        """NUL, half a surrogate pair and text without an end are refused by name, wherever they come in."""
        store = self.new_storage().part(SESSIONS)
        for bad in ("nul\0", "half \ud800", "x" * 10_000_000):
            assert raises(BadInputError, store.create_session, attrs.evolve(a_session(1), handle=bad))
            assert raises(BadInputError, store.revoke_sessions_of_user, "user-1", bad)
            assert raises(BadInputError, store.session_handles_of_user, bad, None, 0)
            assert raises(BadInputError, store.find_session, bad)
            assert raises(BadInputError, store.revoke_session, bad)

    def test_a_closed_store_of_sessions_says_so(self) -> None:
        """After closing, reading and writing raise `StorageError`."""
        storage = self.new_storage()
        store = storage.part(SESSIONS)
        storage.close()
        assert raises(StorageError, store.find_session, "handle-1")
        assert raises(StorageError, store.create_session, a_session(1))
