"""The functions of the recipe, called as an application calls them."""

import attrs
import pytest
from typing_extensions import override as typed_override

from authweave.kernel import UserContext, override
from authweave.recipe import session
from authweave.recipe.session.exceptions import (
    ClaimsTooLargeError,
    ProtectedClaimError,
    TokenTheftError,
    TryRefreshTokenError,
    UnauthorisedError,
)
from authweave.recipe.session.interfaces import RecipeInterface, SessionContainer
from authweave.recipe.session.signatures import RevokeSession
from authweave.recipe.session.store import SESSIONS, SessionStore
from authweave.recipe.session.store.memory import MemorySessions
from authweave.storage import StorageError
from authweave.storage.memory import MemoryCore, MemoryStorage
from authweave.types import JSON, ConfigurationError, JSONObject, RecipeUserId
from tests.unit.recipe.session.serving import DAY_MS, HOUR_MS, START_MS, Bench, bench, dynamic_key, payload_of, run

GRACE_MS = 10_000


def created(
    made: Bench, payload: JSONObject | None = None, tenant_id: str = "public", user_id: str = "u1"
) -> SessionContainer:
    """Create a session whose tokens travel by header."""
    return run(made.functions.create_new_session(user_id, RecipeUserId("r1"), payload, {"k": 1}, True, tenant_id, {}))


def refresh_token_of(held: SessionContainer) -> str:
    """Return the refresh token of a session that has just got one."""
    token = held.get_all_session_tokens_dangerously()["refreshToken"]
    assert token is not None
    return token


def refreshed(made: Bench, token: str) -> SessionContainer:
    """Refresh a session."""
    return run(made.functions.refresh_session(token, None, True, {}))


def held_and_current(made: Bench) -> tuple[SessionContainer, str]:
    """Return a session as it was made, and the refresh token that it has come to since: the first is stale by far."""
    held = created(made)
    token = refresh_token_of(held)
    for _ in range(3):
        token = refresh_token_of(refreshed(made, token))
    return held, token


def verified(made: Bench, token: str | None, *, check_database: bool = False) -> SessionContainer | None:
    """Verify an access token."""
    return run(made.functions.get_session(token, None, False, True, check_database, None, {}))


class UnrevokingSessions(MemorySessions):
    """A store that cannot delete, for a while."""

    is_away = True

    @typed_override
    def revoke_session(self, handle: str) -> bool:
        if self.is_away:
            raise StorageError("away")
        return super().revoke_session(handle)


class TestCreating:
    def test_what_is_stored(self) -> None:
        """The store has the session, its claims and its data, and no token."""
        made = bench()
        held = created(made, {"role": "admin"})
        stored = made.stored(held.get_handle())
        assert (stored.user_id, stored.recipe_user_id, stored.tenant_id) == ("u1", "r1", "public")
        assert stored.payload == {"role": "admin", "iss": "https://api.example.com/auth"}
        assert stored.data == {"k": 1}
        assert stored.expires_at_ms == START_MS + 100 * DAY_MS
        assert refresh_token_of(held) not in repr(stored)

    def test_protected_claims_are_dropped(self) -> None:
        """A caller's payload cannot set what belongs to the library, nor the issuer."""
        made = bench()
        held = created(made, {"sub": "x", "exp": 0, "tId": "x", "stt": 1, "iss": "x", "antiCsrfToken": "x", "mine": 1})
        payload = payload_of(held.get_access_token())
        assert (payload["sub"], payload["tId"], payload["antiCsrfToken"]) == ("u1", "public", None)
        assert payload["iss"] == "https://api.example.com/auth"
        assert "stt" not in payload
        assert made.stored(held.get_handle()).payload == {"iss": payload["iss"], "mine": 1}

    def test_the_handle_names_another_tenant(self) -> None:
        """The handle of a session of another tenant ends with the tenant."""
        made = bench()
        handles = [created(made, tenant_id=tenant).get_handle() for tenant in ("public", "t1")]
        assert "_" not in handles[0]
        assert handles[1].endswith("_t1")
        assert len(handles[0]) == 36

    def test_too_many_claims(self) -> None:
        """Claims that no browser could keep are refused before anything is stored."""
        made = bench()
        with pytest.raises(ClaimsTooLargeError, match="4096"):
            created(made, {"x": "y" * 4_096})
        assert made.storage.part(SESSIONS).session_handles_of_user("u1", None, START_MS) == ()

    def test_claims_that_are_no_json(self) -> None:
        """Claims that are not JSON are refused before anything is stored."""
        made = bench()
        with pytest.raises(ValueError, match="JSON"):
            created(made, {"x": float("nan")})
        assert made.storage.part(SESSIONS).session_handles_of_user("u1", None, START_MS) == ()

    def test_the_payload_of_a_caller_is_not_shared(self) -> None:
        """What a caller does to its payload afterwards changes no session."""
        made, roles = bench(), ["user"]
        held = created(made, {"roles": roles})
        roles.append("admin")
        assert held.get_access_token_payload()["roles"] == ["user"]
        assert made.stored(held.get_handle()).payload["roles"] == ["user"]


class TestVerifying:
    def test_a_good_token(self) -> None:
        """A good token gives its session, whose tokens are not new."""
        made = bench()
        held = created(made, {"role": "admin"}, tenant_id="t1")
        found = verified(made, held.get_access_token())
        assert found is not None
        assert (found.get_user_id(), found.get_recipe_user_id()) == ("u1", RecipeUserId("r1"))
        assert (found.get_tenant_id(), found.get_handle()) == ("t1", held.get_handle())
        assert found.get_access_token_payload() == held.get_access_token_payload()
        tokens = found.get_all_session_tokens_dangerously()
        assert tokens == {
            "accessToken": held.get_access_token(),
            "accessAndFrontTokenUpdated": False,
            "refreshToken": None,
            "frontToken": held.get_all_session_tokens_dangerously()["frontToken"],
            "antiCsrfToken": None,
        }

    @pytest.mark.parametrize("token", [None, "", "x", "a.b.c", "e30.e30.e30"])
    def test_no_token(self, token: str | None) -> None:
        """No token, or none of ours, is unauthorised and clears nothing; where none is required it is no session."""
        made = bench()
        with pytest.raises(UnauthorisedError) as error:
            verified(made, token)
        assert not error.value.clear_tokens
        assert run(made.functions.get_session(token, None, False, False, False, None, {})) is None
        with pytest.raises(UnauthorisedError):
            run(made.functions.get_session(token, None, False, None, False, None, {}))

    def test_there_is_no_leeway(self) -> None:
        """A token is good until the millisecond in which it expires."""
        made = bench()
        held = created(made)
        made.clock.now_ms = payload_of(held.get_access_token())["exp"] * 1000 - 1
        assert verified(made, held.get_access_token()) is not None
        made.clock.now_ms += 1
        with pytest.raises(TryRefreshTokenError):
            verified(made, held.get_access_token())

    def test_tokens_of_another_application(self) -> None:
        """A token that another application signed is to be refreshed, whatever it says."""
        other = bench(session.init(use_dynamic_access_token_signing_key=False))
        with pytest.raises(TryRefreshTokenError):
            verified(bench(session.init(use_dynamic_access_token_signing_key=False)), created(other).get_access_token())

    def test_changing_the_kind_of_key(self) -> None:
        """After a change of key mode every client refreshes once; its session goes on."""
        before = bench()
        held = created(before)
        after = bench(session.init(use_dynamic_access_token_signing_key=False), storage=before.storage)
        with pytest.raises(TryRefreshTokenError):
            verified(after, held.get_access_token())
        again = refreshed(after, refresh_token_of(held))
        assert verified(after, again.get_access_token()) is not None
        with pytest.raises(TryRefreshTokenError):
            verified(before, again.get_access_token())

    def test_without_a_request_there_is_no_rid(self) -> None:
        """Across sites a bare token is refused, with the way out, unless the check is switched off."""
        made = bench(website_domain="https://example.org")
        token = created(made).get_access_token()
        for check in (None, True):
            with pytest.raises(ConfigurationError, match="anti_csrf_check=False"):
                run(made.functions.get_session(token, None, check, True, False, None, {}))
        assert verified(made, token) is not None

    def test_a_revoked_session(self) -> None:
        """A revoked session passes until its token expires, unless the store is asked."""
        made = bench()
        held = created(made)
        assert run(made.functions.revoke_session(held.get_handle(), {}))
        assert not run(made.functions.revoke_session(held.get_handle(), {}))
        assert verified(made, held.get_access_token()) is not None
        with pytest.raises(UnauthorisedError) as error:
            verified(made, held.get_access_token(), check_database=True)
        assert error.value.clear_tokens

    def test_claims_that_changed_in_the_store(self) -> None:
        """Asking the store brings claims that were changed there, in a token with the same expiry and a new date."""
        made = bench()
        held = created(made, {"role": "user"})
        made.clock.now_ms += 60_000
        assert run(made.functions.merge_into_access_token_payload(held.get_handle(), {"role": "admin"}, {}))
        found = verified(made, held.get_access_token(), check_database=True)
        assert found is not None
        older, newer = (payload_of(each.get_access_token()) for each in (held, found))
        assert newer == {**older, "role": "admin", "iat": older["iat"] + 60}
        assert found.get_all_session_tokens_dangerously()["accessAndFrontTokenUpdated"]
        assert verified(made, found.get_access_token()) is not None

    @pytest.mark.parametrize(("before", "after"), [(1, True), (False, 0), ([1], [True]), ({"a": 0}, {"a": False})])
    def test_claims_that_python_takes_for_equal(self, before: JSON, after: JSON) -> None:
        """A claim that changed in the store from 1 to true comes as true: to JSON they are two."""
        made = bench()
        held = created(made, {"claim": before})
        assert run(made.functions.merge_into_access_token_payload(held.get_handle(), {"claim": after}, {}))
        found = verified(made, held.get_access_token(), check_database=True)
        assert found is not None
        assert repr(payload_of(found.get_access_token())["claim"]) == repr(after)
        unchanged = verified(made, found.get_access_token(), check_database=True)
        assert unchanged is not None
        assert not unchanged.access_token_updated


class TestRefreshing:
    def test_one_parent_has_one_child(self) -> None:
        """The same token always gives the same successor, and the store is left alone until that is used."""
        made = bench()
        held = created(made)
        stored = made.stored(held.get_handle())
        children = {refresh_token_of(refreshed(made, refresh_token_of(held))) for _ in range(3)}
        assert len(children) == 1
        assert made.stored(held.get_handle()) == stored

    def test_the_access_token_names_parent_and_child(self) -> None:
        """An access token of a refresh names the hash of the refresh token beside it, and of the one before."""
        made = bench()
        held = created(made)
        child = refreshed(made, refresh_token_of(held))
        first, second = (payload_of(each.get_access_token()) for each in (held, child))
        assert second["parentRefreshTokenHash1"] == first["refreshTokenHash1"]
        assert second["refreshTokenHash1"] != first["refreshTokenHash1"]

    def test_a_used_child_confirms_itself(self) -> None:
        """The use of a child makes it the session's token, and the session lives on from then."""
        made = bench()
        held = created(made)
        child = refreshed(made, refresh_token_of(held))
        made.clock.now_ms += HOUR_MS
        grandchild = refreshed(made, refresh_token_of(child))
        stored = made.stored(held.get_handle())
        assert (stored.generation, stored.confirmed_at_ms) == (1, START_MS + HOUR_MS)
        assert stored.expires_at_ms == START_MS + HOUR_MS + 100 * DAY_MS
        assert refresh_token_of(grandchild) == refresh_token_of(refreshed(made, refresh_token_of(child)))

    def test_an_answer_that_was_lost(self) -> None:
        """Within the grace a parent still gets its child, the same one; the store is left alone."""
        made = bench()
        held = created(made)
        child = refreshed(made, refresh_token_of(held))
        refreshed(made, refresh_token_of(child))
        stored = made.stored(held.get_handle())
        made.clock.now_ms += GRACE_MS
        again = refreshed(made, refresh_token_of(held))
        assert refresh_token_of(again) == refresh_token_of(child)
        assert made.stored(held.get_handle()) == stored

    @pytest.mark.parametrize("after_ms", [GRACE_MS + 1, 50 * DAY_MS])
    def test_after_the_grace_it_is_theft(self, after_ms: int) -> None:
        """After the grace the use of a parent revokes the session, and its child is worth nothing."""
        made = bench()
        held = created(made)
        child = refreshed(made, refresh_token_of(held))
        refreshed(made, refresh_token_of(child))
        made.clock.now_ms += after_ms
        with pytest.raises(TokenTheftError):
            refreshed(made, refresh_token_of(held))
        assert made.storage.part(SESSIONS).find_session(held.get_handle()) is None
        with pytest.raises(UnauthorisedError):
            refreshed(made, refresh_token_of(child))

    def test_older_generations_are_theft_at_once(self) -> None:
        """A token two generations old is theft, also within the grace."""
        made = bench()
        held, _ = held_and_current(made)
        with pytest.raises(TokenTheftError):
            refreshed(made, refresh_token_of(held))

    def test_without_grace(self) -> None:
        """With no grace a parent is theft from the moment after its child was used."""
        made = bench(session.init(refresh_grace_s=0))
        held = created(made)
        child = refreshed(made, refresh_token_of(held))
        refreshed(made, refresh_token_of(child))
        assert refreshed(made, refresh_token_of(held)) is not None
        made.clock.now_ms += 1
        with pytest.raises(TokenTheftError):
            refreshed(made, refresh_token_of(held))

    def test_asking_the_store_confirms_too(self) -> None:
        """A child's access token, verified with the store, confirms the child: then the parent is theft."""
        made = bench()
        held = created(made)
        child = refreshed(made, refresh_token_of(held))
        assert verified(made, child.get_access_token(), check_database=True) is not None
        assert made.stored(held.get_handle()).generation == 1
        assert verified(made, child.get_access_token(), check_database=True) is not None
        assert verified(made, held.get_access_token(), check_database=True) is not None
        assert made.stored(held.get_handle()).generation == 1
        made.clock.now_ms += GRACE_MS + 1
        with pytest.raises(TokenTheftError):
            refreshed(made, refresh_token_of(held))

    @pytest.mark.parametrize("token", ["", "x", "a.b.c", "AAAA", "ü"])
    def test_tokens_that_are_none(self, token: str) -> None:
        """Whatever is no refresh token is unauthorised, and clears."""
        with pytest.raises(UnauthorisedError) as error:
            refreshed(bench(), token)
        assert error.value.clear_tokens

    def test_made_up_tokens_revoke_nothing(self) -> None:
        """Who knows the handle of a session cannot end it by making up an old token of it."""
        made = bench()
        held = created(made)
        token = refresh_token_of(held)
        forged = ("B" if token[0] != "B" else "C") + token[1:]
        changed = token[:60] + ("A" if token[60] != "A" else "B") + token[61:]
        for each in (forged, changed):
            with pytest.raises(UnauthorisedError):
                refreshed(made, each)
        assert made.stored(held.get_handle()) is not None

    def test_an_expired_session(self) -> None:
        """A session that was not used for its whole life is gone, for refreshing and for those who ask about it."""
        made = bench()
        held = created(made)
        made.clock.now_ms += 100 * DAY_MS
        with pytest.raises(UnauthorisedError):
            refreshed(made, refresh_token_of(held))
        assert run(made.functions.get_session_information(held.get_handle(), {})) is None

    def test_theft_is_revoked_by_the_composed_function(self) -> None:
        """An override of revoke_session sees the revocation of a stolen session."""
        seen: list[str] = []

        @override(RecipeInterface[UserContext].revoke_session)
        async def watch(original: RevokeSession, session_handle: str, user_context: UserContext) -> bool:
            seen.append(session_handle)
            return await original(session_handle, user_context)

        made = bench(session.init(override=session.InputOverrideConfig(functions=watch)))
        held, _ = held_and_current(made)
        with pytest.raises(TokenTheftError):
            refreshed(made, refresh_token_of(held))
        assert seen == [held.get_handle()]

    def test_a_stolen_session_is_revoked_also_where_the_override_fails(self, caplog: pytest.LogCaptureFixture) -> None:
        """It is theft and the session is gone all the same; what the override raised is in the log."""
        raised = OSError("no audit log")

        @override(RecipeInterface[UserContext].revoke_session)
        async def fails(original: RevokeSession, session_handle: str, user_context: UserContext) -> bool:
            raise raised

        made = bench(session.init(override=session.InputOverrideConfig(functions=fails)))
        held, token = held_and_current(made)
        with pytest.raises(TokenTheftError):
            refreshed(made, refresh_token_of(held))
        assert raised in [record.exc_info[1] for record in caplog.records if record.exc_info]
        with pytest.raises(UnauthorisedError):
            refreshed(made, token)

    def test_a_stolen_session_that_the_store_cannot_revoke(self) -> None:
        """The client keeps its tokens, so that its next try shows the theft again."""
        unrevoking: list[UnrevokingSessions] = []

        def in_memory(core: MemoryCore) -> SessionStore:
            unrevoking.append(UnrevokingSessions(core))
            return unrevoking[-1]

        store = MemoryStorage([attrs.evolve(SESSIONS, in_memory=in_memory)])
        store.add_signing_key(dynamic_key())
        made = bench(storage=store)
        held, _ = held_and_current(made)
        with pytest.raises(StorageError):
            refreshed(made, refresh_token_of(held))
        unrevoking[0].is_away = False
        with pytest.raises(TokenTheftError):
            refreshed(made, refresh_token_of(held))


class TestTheStore:
    def test_information(self) -> None:
        """What the store knows of a session is told, and None of one that there is not."""
        made = bench()
        held = created(made, {"role": "admin"})
        told = run(made.functions.get_session_information(held.get_handle(), {}))
        assert told is not None
        assert (told.user_id, told.recipe_user_id, told.tenant_id) == ("u1", RecipeUserId("r1"), "public")
        assert told.custom_claims_in_access_token_payload["role"] == "admin"
        assert (told.time_created, told.expiry) == (START_MS, START_MS + 100 * DAY_MS)
        assert told.session_data_in_database == {"k": 1}
        assert run(made.functions.get_session_information("none", {})) is None

    def test_data(self) -> None:
        """The data of a session is replaced; of one that there is not, it cannot be."""
        made = bench()
        handle = created(made).get_handle()
        assert run(made.functions.update_session_data_in_database(handle, {"new": True}, {}))
        assert made.stored(handle).data == {"new": True}
        assert not run(made.functions.update_session_data_in_database("none", {}, {}))

    def test_merging_by_handle(self) -> None:
        """Claims are merged into the stored ones, None deletes one, and the clients see it at the next refresh."""
        made = bench()
        held = created(made, {"a": 1, "b": 2})
        assert run(made.functions.merge_into_access_token_payload(held.get_handle(), {"a": None, "c": 3}, {}))
        payload = payload_of(refreshed(made, refresh_token_of(held)).get_access_token())
        assert {name: payload.get(name) for name in "abc"} == {"a": None, "b": 2, "c": 3}
        assert "a" not in payload
        assert not run(made.functions.merge_into_access_token_payload("none", {}, {}))

    def test_merging_what_may_not_be(self) -> None:
        """Protected claims and too many claims are refused, and change nothing."""
        made = bench()
        handle = created(made).get_handle()
        before = made.stored(handle)
        with pytest.raises(ProtectedClaimError, match="exp, sub"):
            run(made.functions.merge_into_access_token_payload(handle, {"sub": "x", "exp": 1, "a": 1}, {}))
        with pytest.raises(ClaimsTooLargeError):
            run(made.functions.merge_into_access_token_payload(handle, {"a": "x" * 5_000}, {}))
        assert made.stored(handle) == before

    def test_regenerating(self) -> None:
        """A new token has other claims and a new date, and is otherwise the same."""
        made = bench()
        held = created(made, {"a": 1})
        made.clock.now_ms += 5_000
        result = run(made.functions.regenerate_access_token(held.get_access_token(), {"b": 2}, {}))
        assert result is not None
        assert result.access_token is not None
        older, newer = payload_of(held.get_access_token()), payload_of(result.access_token.token)
        assert newer == {**{name: value for name, value in older.items() if name not in {"a", "iss"}}} | {
            "b": 2,
            "iat": older["iat"] + 5,
        }
        assert made.stored(held.get_handle()).payload == {"b": 2}
        assert result.access_token.token not in repr(result)
        assert (result.access_token.created_time, result.access_token.expiry) == (
            newer["iat"] * 1000,
            older["exp"] * 1000,
        )
        assert result.session.to_json() == {
            "handle": held.get_handle(),
            "userId": "u1",
            "recipeUserId": older["rsub"],
            "tenantId": older["tId"],
            "userDataInJWT": newer,
        }
        assert result.to_json()["accessToken"] == result.access_token.to_json()

    def test_regenerating_with_the_stored_claims(self) -> None:
        """Without other claims the stored ones are taken."""
        made = bench()
        held = created(made, {"a": 1})
        run(made.functions.merge_into_access_token_payload(held.get_handle(), {"a": 2}, {}))
        result = run(made.functions.regenerate_access_token(held.get_access_token(), None, {}))
        assert result is not None
        assert result.session.user_data_in_jwt["a"] == 2

    def test_regenerating_after_expiry(self) -> None:
        """With an expired token only the store is updated."""
        made = bench()
        held = created(made)
        made.clock.now_ms += 2 * HOUR_MS
        result = run(made.functions.regenerate_access_token(held.get_access_token(), {"b": 2}, {}))
        assert result is not None
        assert result.access_token is None
        assert made.stored(held.get_handle()).payload == {"b": 2}

    def test_regenerating_without_a_session(self) -> None:
        """A session that is gone gets no token, nor does a token that is none of ours."""
        made = bench()
        held = created(made)
        run(made.functions.revoke_session(held.get_handle(), {}))
        assert run(made.functions.regenerate_access_token(held.get_access_token(), {}, {})) is None
        with pytest.raises(UnauthorisedError):
            run(made.functions.regenerate_access_token("x", {}, {}))
        with pytest.raises(TryRefreshTokenError):
            run(made.functions.regenerate_access_token(held.get_access_token()[:-9] + "AAAAAAAAA", {}, {}))

    @pytest.mark.parametrize(("everywhere", "revoked"), [(True, {"public", "t1"}), (False, {"t1"})])
    def test_revoking_all(self, everywhere: bool, revoked: set[str]) -> None:
        """A user's sessions are revoked, of one tenant or of all; other users' are not."""
        made = bench()
        mine = {tenant: created(made, tenant_id=tenant).get_handle() for tenant in ("public", "t1")}
        other = created(made, user_id="u2").get_handle()
        handles = run(made.functions.revoke_all_sessions_for_user("u1", False, "t1", everywhere, {}))
        assert set(handles) == {mine[tenant] for tenant in revoked}
        assert all(made.storage.part(SESSIONS).find_session(handle) is None for handle in handles)
        assert made.storage.part(SESSIONS).find_session(other) is not None
