"""
What every store has to do, as tests: subclass `StorageContract` in a test module of yours and say how to open one.

`authweave.testing.storage_machine` holds a store against a model, at length.
"""

# ruff: noqa: PLR2004, S101, S106 (these are tests, though they ship)

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import ParamSpec

import attrs
from typing_extensions import TypeVar

from authweave.storage import (
    MAX_EMAIL_CHARACTERS,
    EmailTakenError,
    KeyRecord,
    PasswordLogin,
    SessionRecord,
    Storage,
    StorageError,
)
from authweave.types import BadInputError, JSONObject

P = ParamSpec("P")
R = TypeVar("R")

PUBLIC = "public"
AT_ONCE = 16


def a_login(number: int, *, email: str | None = None, tenant_id: str = PUBLIC) -> PasswordLogin:
    """Return a login method that differs from those of other numbers."""
    return PasswordLogin(
        user_id=f"user-{number}",
        recipe_user_id=f"method-{number}",
        tenant_id=tenant_id,
        email=f"user-{number}@example.com" if email is None else email,
        password_hash=f"hash-{number}",
        time_joined_ms=1_700_000_000_000 + number,
    )


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


def a_key(slot: str, kid: str, created_at_ms: int = 1) -> KeyRecord:
    """Return a signing key whose private half is not one."""
    return KeyRecord(kid=kid, slot=slot, algorithm="RS256", private_key=b"\x00\xff", created_at_ms=created_at_ms)


def raises(error: type[Exception], function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> bool:
    """Call a function, and say whether it raised exactly this error."""
    try:
        function(*args, **kwargs)
    except error as raised:
        return type(raised) is error
    return False


def replaced_by(payload: JSONObject) -> Callable[[JSONObject], JSONObject]:
    """Return the change of a payload into another, whatever it was."""
    return lambda _stored: payload


def at_once(function: Callable[[int], R]) -> list[R]:
    """Call a function in many threads at the same moment, and return what each call returned."""
    barrier = Barrier(AT_ONCE)

    def call(number: int) -> R:
        barrier.wait()
        return function(number)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(call, range(AT_ONCE)))


class UserContract(ABC):
    """What a store owes of users."""

    @abstractmethod
    def new_storage(self) -> Storage:
        """Open an empty store."""

    def test_a_new_user_is_found_by_address_and_by_both_ids(self) -> None:
        """What was added is found under each of its names, and nothing under others."""
        storage = self.new_storage()
        user = storage.create_user_with_password(attrs.evolve(a_login(1), tenant_id=PUBLIC))
        assert (user.id, user.is_primary_user, user.emails) == ("user-1", False, ("user-1@example.com",))
        assert (user.tenant_ids, user.time_joined) == ((PUBLIC,), 1_700_000_000_001)
        assert storage.find_user("user-1") == storage.find_user("method-1") == user
        assert storage.find_password_login(PUBLIC, "user-1@example.com") == a_login(1)
        assert storage.find_password_login_by_id("method-1") == a_login(1)
        assert storage.find_user("user-2") is None
        assert storage.find_password_login(PUBLIC, "user-2@example.com") is None
        assert storage.find_password_login("other", "user-1@example.com") is None
        assert storage.find_password_login_by_id("user-1") is None

    def test_an_address_is_taken_within_its_tenant_only(self) -> None:
        """A second user of the tenant cannot have the address, nor leaves anything behind; one of another can."""
        storage = self.new_storage()
        storage.create_user_with_password(a_login(1, email="same@example.com"))
        assert raises(EmailTakenError, storage.create_user_with_password, a_login(2, email="same@example.com"))
        assert storage.find_user("user-2") is None
        assert storage.create_tenant("other")
        storage.create_user_with_password(a_login(2, email="same@example.com", tenant_id="other"))
        assert storage.find_password_login("other", "same@example.com") is not None

    def test_ids_have_to_be_new_and_tenants_to_exist(self) -> None:
        """A user of a known id, or of an unknown tenant, is refused, and leaves nothing behind."""
        storage = self.new_storage()
        storage.create_user_with_password(a_login(1))
        for login in (
            attrs.evolve(a_login(2), user_id="user-1"),
            attrs.evolve(a_login(2), recipe_user_id="method-1"),
            a_login(2, tenant_id="nowhere"),
        ):
            assert raises(StorageError, storage.create_user_with_password, login)
            assert storage.find_password_login(login.tenant_id, login.email) is None

    def test_address_and_hash_change_together_or_alone(self) -> None:
        """What is None stays as it is; an address that is taken leaves the hash alone too."""
        storage = self.new_storage()
        storage.create_user_with_password(a_login(1))
        storage.create_user_with_password(a_login(2))
        assert storage.update_password_login("method-1", email="new@example.com", password_hash=None)
        assert storage.update_password_login("method-1", email=None, password_hash="new")
        assert storage.update_password_login("method-1", email=None, password_hash=None)
        changed = attrs.evolve(a_login(1), email="new@example.com", password_hash="new")
        assert storage.find_password_login(PUBLIC, "new@example.com") == changed
        assert storage.find_password_login(PUBLIC, "user-1@example.com") is None
        assert storage.update_password_login("method-1", email="new@example.com", password_hash="new")
        assert raises(
            EmailTakenError,
            storage.update_password_login,
            "method-1",
            email="user-2@example.com",
            password_hash="newer",
        )
        assert storage.find_password_login_by_id("method-1") == changed
        assert not storage.update_password_login("method-3", email="three@example.com", password_hash="three")

    def test_hash_changes_only_from_the_one_that_was_seen(self) -> None:
        """Who read a hash that is no longer stored changes nothing."""
        storage = self.new_storage()
        login = a_login(1)
        storage.create_user_with_password(login)
        seen = login.password_hash
        for email in (None, "new@example.com"):
            assert not storage.update_password_login("method-1", email=email, password_hash="a", from_hash="other")
            assert not storage.update_password_login("method-1", email=email, password_hash=None, from_hash="other")
        assert storage.find_password_login_by_id("method-1") == login
        assert storage.update_password_login("method-1", email=None, password_hash="a", from_hash=seen)
        assert not storage.update_password_login("method-1", email=None, password_hash="b", from_hash=seen)
        assert storage.find_password_login_by_id("method-1") == attrs.evolve(login, password_hash="a")

    def test_text_that_cannot_be_kept_is_bad_input(self) -> None:
        """NUL, half a surrogate pair and text without an end are refused by name, wherever they come in."""
        storage = self.new_storage()
        for bad in ("nul\0", "half \ud800", "x" * (MAX_EMAIL_CHARACTERS + 1)):
            assert raises(BadInputError, storage.create_user_with_password, a_login(1, email=bad))
            assert raises(BadInputError, storage.create_user_with_password, attrs.evolve(a_login(1), user_id=bad))
            assert raises(BadInputError, storage.find_password_login, PUBLIC, bad)
            assert raises(BadInputError, storage.find_password_login, bad, "a@example.com")
            assert raises(BadInputError, storage.update_password_login, "method-1", email=bad, password_hash=None)
            assert raises(BadInputError, storage.create_session, attrs.evolve(a_session(1), handle=bad))
            assert raises(BadInputError, storage.revoke_sessions_of_user, "user-1", bad)
            assert raises(BadInputError, storage.session_handles_of_user, bad, None, 0)
            assert raises(BadInputError, storage.add_signing_key, a_key("static", bad))
            asks: list[Callable[[str], object]] = [
                storage.find_user,
                storage.remove_signing_key,
                storage.find_password_login_by_id,
                storage.find_session,
                storage.revoke_session,
                storage.tenant_exists,
                storage.create_tenant,
            ]
            for ask in asks:
                assert raises(BadInputError, ask, bad)

    def test_of_many_who_want_an_address_one_gets_it(self) -> None:
        """Of sign-ups at the same moment with one address exactly one succeeds, and its user alone is there."""
        storage = self.new_storage()

        def sign_up(number: int) -> str | None:
            try:
                return storage.create_user_with_password(a_login(number, email="same@example.com")).id
            except EmailTakenError:
                return None

        winners = [winner for winner in at_once(sign_up) if winner is not None]
        users = [user.id for number in range(AT_ONCE) if (user := storage.find_user(f"user-{number}"))]
        assert winners == users
        assert len(winners) == 1


class SessionContract(ABC):
    """What a store owes of sessions."""

    @abstractmethod
    def new_storage(self) -> Storage:
        """Open an empty store."""

    def test_a_session_comes_back_as_it_was(self) -> None:
        """Every attribute survives, JSON of all kinds among them; a handle has to be new, its tenant to exist."""
        storage = self.new_storage()
        payload: JSONObject = {"a": [1, 2.5, None, True, {"ü\0\ud800": "𝄞"}], "": {}}
        session = attrs.evolve(
            a_session(1, payload=payload),
            generation=3,
            previous_hash="p",
            anti_csrf_token="t",
            data={"d": "x" * 10_000},
            recipe_user_id="method-1",
        )
        storage.create_session(session)
        assert storage.find_session("handle-1") == session
        assert storage.find_session("handle-2") is None
        assert raises(StorageError, storage.create_session, attrs.evolve(session, user_id="user-2"))
        assert raises(StorageError, storage.create_session, a_session(2, tenant_id="nowhere"))
        assert storage.find_session("handle-1") == session
        assert storage.find_session("handle-2") is None

    def test_what_the_store_keeps_is_its_own(self) -> None:
        """Changing a payload after it was handed over, or a payload that was handed out, changes nothing kept."""
        storage = self.new_storage()
        payload = {"key": "kept"}
        storage.create_session(a_session(1, payload=payload))
        payload["key"] = "changed"
        found = storage.find_session("handle-1")
        assert found is not None
        assert found.payload == {"key": "kept"}
        assert isinstance(found.payload, dict)
        found.payload["key"] = "changed"
        again = storage.find_session("handle-1")
        assert again is not None
        assert again.payload == {"key": "kept"}

    def test_what_is_no_json_is_bad_input(self) -> None:
        """NaN and JSON without an end are refused, and leave what is stored alone."""
        storage = self.new_storage()
        storage.create_session(a_session(1))
        for bad in ({"n": float("nan")}, {"n": float("inf")}, {"long": "x" * 1_000_001}):
            assert raises(BadInputError, storage.create_session, a_session(2, payload=bad))
            assert raises(BadInputError, storage.change_session_payload, "handle-1", replaced_by(bad))
            assert raises(BadInputError, storage.update_session_data, "handle-1", bad)
        assert storage.find_session("handle-1") == a_session(1)

    def test_advancing_stores_the_progress_and_nothing_else(self) -> None:
        """Advancing from the stored generation succeeds; from another, or of a session that is gone, it does not."""
        storage = self.new_storage()
        storage.create_session(a_session(1, payload={"k": 1}))
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
        assert not storage.advance_session(progress, from_generation=1)
        assert storage.find_session("handle-1") == a_session(1, payload={"k": 1})
        assert storage.advance_session(progress, from_generation=0)
        expected = attrs.evolve(progress, payload={"k": 1}, user_id="user-1", created_at_ms=1)
        assert storage.find_session("handle-1") == expected
        assert not storage.advance_session(progress, from_generation=0)
        assert not storage.advance_session(attrs.evolve(progress, handle="gone"), from_generation=0)

    def test_of_many_who_advance_one_succeeds(self) -> None:
        """Of callers that advance one generation at the same moment exactly one is told so, and its hash is kept."""
        storage = self.new_storage()
        storage.create_session(a_session(1))

        def advance(number: int) -> bool:
            child = attrs.evolve(a_session(1), generation=1, refresh_hash=f"by {number}")
            return storage.advance_session(child, from_generation=0)

        answers = at_once(advance)
        found = storage.find_session("handle-1")
        assert found is not None
        assert [f"by {number}" for number, won in enumerate(answers) if won] == [found.refresh_hash]

    def test_payload_and_data_are_replaced_apart(self) -> None:
        """Each is replaced whole and alone, where the session exists."""
        storage = self.new_storage()
        storage.create_session(a_session(1, payload={"old": 1}))
        assert storage.change_session_payload("handle-1", replaced_by({"new": 2})) == {"new": 2}
        assert storage.update_session_data("handle-1", {"d": 3})
        assert storage.find_session("handle-1") == attrs.evolve(a_session(1), payload={"new": 2}, data={"d": 3})
        assert storage.change_session_payload("handle-2", replaced_by({})) is None
        assert not storage.update_session_data("handle-2", {})

    def test_of_many_who_change_a_payload_all_succeed(self) -> None:
        """Of callers that each add a claim at the same moment none undoes what another has added."""
        storage = self.new_storage()
        storage.create_session(a_session(1, payload={"first": 1}))

        def add(number: int) -> JSONObject | None:
            return storage.change_session_payload("handle-1", lambda stored: {**stored, f"by {number}": number})

        assert None not in at_once(add)
        found = storage.find_session("handle-1")
        assert found is not None
        assert found.payload == {"first": 1, **{f"by {number}": number for number in range(AT_ONCE)}}

    def test_a_change_that_fails_changes_nothing(self) -> None:
        """What the change raises arrives as it is, the payload stays, and the store goes on."""
        storage = self.new_storage()
        storage.create_session(a_session(1, payload={"k": 1}))

        def fail(stored: JSONObject) -> JSONObject:
            raise LookupError(sorted(stored))

        assert raises(LookupError, storage.change_session_payload, "handle-1", fail)
        assert storage.find_session("handle-1") == a_session(1, payload={"k": 1})
        assert storage.change_session_payload("handle-1", replaced_by({})) == {}

    def test_sessions_of_a_user_are_listed_and_revoked_by_tenant(self) -> None:
        """The list is of live sessions, the oldest first; revoking takes the expired ones too, and no one else's."""
        storage = self.new_storage()
        storage.create_tenant("other")
        storage.create_session(a_session(3, tenant_id="other"))
        storage.create_session(a_session(2))
        storage.create_session(a_session(1))
        storage.create_session(a_session(4, expires_at_ms=1_000))
        storage.create_session(a_session(5, user_id="user-2"))
        assert storage.session_handles_of_user("user-1", None, 1_000) == ("handle-1", "handle-2", "handle-3")
        assert storage.session_handles_of_user("user-1", PUBLIC, 999) == ("handle-1", "handle-2", "handle-4")
        assert storage.session_handles_of_user("user-1", "other", 0) == ("handle-3",)
        assert storage.session_handles_of_user("nobody", None, 0) == ()
        assert storage.revoke_session("handle-1")
        assert not storage.revoke_session("handle-1")
        assert set(storage.revoke_sessions_of_user("user-1", PUBLIC)) == {"handle-2", "handle-4"}
        assert storage.revoke_sessions_of_user("user-1", None) == ("handle-3",)
        assert storage.revoke_sessions_of_user("user-1", None) == ()
        assert storage.find_session("handle-5") is not None

    def test_expired_sessions_are_purged_within_the_limit(self) -> None:
        """A session has expired at the moment it names; as many are deleted as allowed, and none that live."""
        storage = self.new_storage()
        for number in range(5):
            storage.create_session(a_session(number, expires_at_ms=number))
        assert storage.purge_expired_sessions(3, limit=0) == 0
        assert storage.purge_expired_sessions(3, limit=-1) == 0
        assert storage.purge_expired_sessions(3, limit=3) == 3
        assert storage.purge_expired_sessions(3, limit=3) == 1
        assert storage.purge_expired_sessions(3, limit=3) == 0
        assert storage.find_session("handle-4") is not None


class StorageContract(UserContract, SessionContract):
    """What a store owes, whole."""

    def test_a_slot_keeps_its_first_key(self) -> None:
        """The second key of a slot is dropped for the first; the list begins with the newest; kids have to be new."""
        storage = self.new_storage()
        first, newer = a_key("dynamic-0", "d-1"), a_key("dynamic-1", "d-2", created_at_ms=2)
        assert storage.signing_keys() == ()
        assert storage.add_signing_key(first) == first
        assert storage.add_signing_key(a_key("dynamic-0", "d-9")) == first
        assert storage.add_signing_key(newer) == newer
        assert storage.signing_keys() == (newer, first)
        assert raises(StorageError, storage.add_signing_key, a_key("static", "d-1"))
        assert (storage.remove_signing_key("d-1"), storage.remove_signing_key("d-1")) == (True, False)
        assert storage.signing_keys() == (newer,)
        assert storage.add_signing_key(first) == first

    def test_of_many_keys_for_a_slot_all_get_the_same(self) -> None:
        """Callers that each bring a key for one slot at the same moment all go away with one of them."""
        storage = self.new_storage()
        kept = at_once(lambda number: storage.add_signing_key(a_key("static", f"s-{number}")))
        assert {key.kid for key in kept} == {key.kid for key in storage.signing_keys()}
        assert len({key.kid for key in kept}) == 1

    def test_public_is_a_tenant_and_others_are_added_once(self) -> None:
        """The tenant `public` is always there; another one is new the first time only."""
        storage = self.new_storage()
        assert storage.tenant_exists(PUBLIC)
        assert not storage.create_tenant(PUBLIC)
        assert not storage.tenant_exists("other")
        assert storage.create_tenant("other")
        assert not storage.create_tenant("other")
        assert storage.tenant_exists("other")

    def test_a_closed_store_says_so(self) -> None:
        """After closing, which may happen twice, reading and writing raise `StorageError`."""
        storage = self.new_storage()
        storage.close()
        storage.close()
        assert raises(StorageError, storage.find_user, "user-1")
        assert raises(StorageError, storage.create_tenant, "other")

    def test_nothing_secret_is_in_an_error(self) -> None:
        """Messages of errors and of their causes hold no address and no hash."""
        storage = self.new_storage()
        login = attrs.evolve(a_login(1), email="private@example.com", password_hash="secret-hash")
        storage.create_user_with_password(login)
        for again in (attrs.evolve(login, user_id="user-2", recipe_user_id="method-2"), attrs.evolve(login, email="-")):
            try:
                storage.create_user_with_password(again)
            except StorageError as raised:
                error: BaseException | None = raised
                while error is not None:
                    assert "private@example.com" not in str(error)
                    assert "secret-hash" not in str(error)
                    error = error.__cause__
            else:
                raise AssertionError
