"""The functions that know a session by its handle: claims, lists, several at once."""

import pytest

from authweave.kernel import UserContext
from authweave.kernel import override as kernel_override
from authweave.recipe import session
from authweave.recipe.session.claims import PrimitiveClaim
from authweave.recipe.session.interfaces import RecipeInterface
from authweave.recipe.session.signatures import RevokeSession
from authweave.recipe.session.types import (
    ClaimsValidationResult,
    ClaimValidationError,
    GetClaimValueOkResult,
    SessionDoesNotExistError,
)
from authweave.types import JSONObject, RecipeUserId
from tests.unit.recipe.session.serving import DAY_MS, START_MS, Bench, HandClock, bench, payload_of, run

CONTEXT: UserContext = {}


def fetched(
    user: str, recipe_user: RecipeUserId, tenant: str, payload: JSONObject, _context: UserContext
) -> str | None:
    """Return what a claim's value is made of."""
    return f"{user} {recipe_user.get_as_string()} {tenant} {','.join(sorted(payload))}"


CLAIM = PrimitiveClaim("note", fetched, clock=HandClock())
NOTHING = PrimitiveClaim[str]("none", lambda _user, _recipe_user, _tenant, _payload, _context: None)


def handle_of(made: Bench) -> str:
    """Create a session and return its handle."""
    handle: str = payload_of(run(made.sign_in(plan="gold")).access_token)["sessionHandle"]
    return handle


def create(made: Bench, user: str, tenant: str) -> str:
    """Create a session of a user in a tenant and return its handle."""
    created = made.functions.create_new_session(user, RecipeUserId(user), None, None, None, tenant, CONTEXT)
    return run(created).get_handle()


class TestClaims:
    def test_set_get_remove(self) -> None:
        """A value that was set is got, with the time at which it was; removed, it is None."""
        made = bench()
        handle = handle_of(made)
        assert run(made.functions.get_claim_value(handle, CLAIM, CONTEXT)) == GetClaimValueOkResult(None)
        assert run(made.functions.set_claim_value(handle, CLAIM, "x", CONTEXT)) is True
        assert made.stored(handle).payload["note"] == {"v": "x", "t": START_MS}
        assert run(made.functions.get_claim_value(handle, CLAIM, CONTEXT)) == GetClaimValueOkResult("x")
        assert run(made.functions.remove_claim(handle, CLAIM, CONTEXT)) is True
        assert "note" not in made.stored(handle).payload
        assert made.stored(handle).payload["plan"] == "gold"

    def test_fetch(self) -> None:
        """A value is fetched for the session's user, login method and tenant, from the claims that are stored."""
        made = bench()
        handle = handle_of(made)
        assert run(made.functions.fetch_and_set_claim(handle, CLAIM, CONTEXT)) is True
        assert run(made.functions.get_claim_value(handle, CLAIM, CONTEXT)) == GetClaimValueOkResult(
            "u1 r1 public iss,plan,sessionHandle"
        )
        assert run(made.functions.fetch_and_set_claim(handle, NOTHING, CONTEXT)) is True
        assert "none" not in made.stored(handle).payload

    def test_a_session_that_does_not_exist(self) -> None:
        """Each function says so where there is no session."""
        functions = bench().functions
        assert run(functions.set_claim_value("h", CLAIM, "x", CONTEXT)) is False
        assert run(functions.fetch_and_set_claim("h", CLAIM, CONTEXT)) is False
        assert run(functions.remove_claim("h", CLAIM, CONTEXT)) is False
        assert run(functions.get_claim_value("h", CLAIM, CONTEXT)) == SessionDoesNotExistError()

    def test_validating_a_payload(self) -> None:
        """Claims are fetched where that is asked for, for the tenant of the payload; nothing is stored."""
        made = bench()
        validators = [CLAIM.validators.has_value("u r t1 tId"), CLAIM.validators.has_value("other", id_="second")]
        payload: JSONObject = {"tId": "t1"}
        result = run(made.functions.validate_claims("u", RecipeUserId("r"), payload, validators, CONTEXT))
        refusal = {"message": "wrong value", "expectedValue": "other", "actualValue": "u r t1 tId"}
        assert result == ClaimsValidationResult(
            [ClaimValidationError("second", refusal)], {"note": {"v": "u r t1 tId", "t": START_MS}}
        )
        assert payload == {"tId": "t1"}
        assert made.loop.hops == 0

    def test_validating_a_foreign_payload(self) -> None:
        """A payload of a token is looked at as it is."""
        validators = [CLAIM.validators.has_value("x")]
        result = run(bench().functions.validate_claims_in_jwt_payload("u", {}, validators, CONTEXT))
        assert [failure.id for failure in result.invalid_claims] == ["note"]
        assert result.access_token_payload_update is None


class TestSeveralSessions:
    @pytest.mark.parametrize(
        ("everywhere", "tenant", "expected"),
        [(True, "public", [0, 1]), (False, "public", [0]), (False, "t1", [1])],
    )
    def test_handles_of_a_user(self, everywhere: bool, tenant: str, expected: list[int]) -> None:
        """A user's sessions are listed, of one tenant or of all, the oldest first; those of others are not."""
        made = bench()
        handles = [create(made, "u", "public")]
        made.clock.now_ms += 1
        handles.append(create(made, "u", "t1"))
        create(made, "v", "public")
        found = run(made.functions.get_all_session_handles_for_user("u", False, tenant, everywhere, CONTEXT))
        assert found == [handles[index] for index in expected]

    def test_expired_sessions_are_not_listed(self) -> None:
        """A session that has expired is not listed, though the store has it still."""
        made = bench()
        create(made, "u", "public")
        made.clock.now_ms += 100 * DAY_MS
        assert run(made.functions.get_all_session_handles_for_user("u", True, "public", True, CONTEXT)) == []

    def test_revoking_some(self) -> None:
        """The sessions that are named are revoked, each by the composed function; those that existed are told."""
        revoked: list[str] = []

        @kernel_override(RecipeInterface[UserContext].revoke_session)
        async def noted(original: RevokeSession, session_handle: str, user_context: UserContext) -> bool:
            revoked.append(session_handle)
            return await original(session_handle, user_context)

        made = bench(session.init(override=session.InputOverrideConfig(functions=[noted])))
        first, second, third = (create(made, "u", "public") for _ in range(3))
        assert run(made.functions.revoke_multiple_sessions([third, "none", first], CONTEXT)) == [third, first]
        assert revoked == [third, "none", first]
        assert run(made.functions.get_all_session_handles_for_user("u", True, "public", True, CONTEXT)) == [second]
