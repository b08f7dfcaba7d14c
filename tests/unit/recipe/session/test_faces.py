"""The session functions of the default application, awaited or not."""

import asyncio
from collections.abc import Iterator

import pytest

from authweave.app import default_app, init, set_default_app
from authweave.kernel import UserContext, current_context
from authweave.recipe import session
from authweave.recipe.session import EmptySession, GetSession
from authweave.recipe.session import asyncio as awaited
from authweave.recipe.session import syncio as blocking
from authweave.recipe.session.claims import PrimitiveClaim, SessionClaimValidator
from authweave.recipe.session.exceptions import InvalidClaimsError, TryRefreshTokenError, UnauthorisedError
from authweave.recipe.session.interfaces import SessionContainer, SessionInformationResult
from authweave.recipe.session.types import ClaimsValidationResult, GetClaimValueOkResult, SessionDoesNotExistError
from authweave.storage.memory import MemoryStorage
from authweave.types import InputAppInfo, RecipeUserId
from tests.unit.recipe.session.serving import HandClock, payload_of

CLOCK = HandClock()
USER = RecipeUserId("u")
LEVEL = PrimitiveClaim("level", lambda _user, _recipe_user, _tenant, _payload, _context: 1, clock=CLOCK)
IS_2 = LEVEL.validators.has_value(2)


@pytest.fixture(autouse=True)
def _default_app() -> Iterator[None]:
    """Make an application the default whose sessions have a level, which must be 1."""
    made = init(
        InputAppInfo("tests", "http://localhost:8000", website_domain="http://localhost:3000"),
        [session.init(claims=[LEVEL], claim_validators=[LEVEL.validators.has_value(1)], anti_csrf="VIA_TOKEN")],
        storage=MemoryStorage(),
        secret=b"s" * 32,
        clock=CLOCK,
    )
    yield
    made.close()
    set_default_app(None)


def create(tenant_id: str = "public") -> SessionContainer:
    """Create a session without a request."""
    return blocking.create_new_session_without_request_response(tenant_id, USER, {"plan": "gold"}, {"x": 1})


def test_a_life_without_requests() -> None:
    """A session is created, verified and refreshed by its tokens alone, with its claims and its anti-CSRF tokens."""
    created = create()
    tokens = created.get_all_session_tokens_dangerously()
    assert payload_of(tokens["accessToken"])["level"]["v"] == 1
    assert payload_of(tokens["accessToken"])["plan"] == "gold"
    found = blocking.get_session_without_request_response(tokens["accessToken"], tokens["antiCsrfToken"])
    assert found is not None
    assert asyncio.run(found.get_session_data_from_database()) == {"x": 1}
    with pytest.raises(TryRefreshTokenError):
        blocking.get_session_without_request_response(tokens["accessToken"])
    assert blocking.get_session_without_request_response(tokens["accessToken"], anti_csrf_check=False) is not None
    with pytest.raises(UnauthorisedError):
        blocking.refresh_session_without_request_response(tokens["refreshToken"] or "")
    again = blocking.refresh_session_without_request_response(
        tokens["refreshToken"] or "", anti_csrf_token=tokens["antiCsrfToken"]
    )
    assert again.get_handle() == created.get_handle()
    assert again.get_access_token() != created.get_access_token()


def test_without_anti_csrf() -> None:
    """A session that does not travel by cookie needs no anti-CSRF token."""
    made = blocking.create_new_session_without_request_response("public", USER, disable_anti_csrf=True)
    tokens = made.get_all_session_tokens_dangerously()
    assert tokens["antiCsrfToken"] is None
    assert blocking.refresh_session_without_request_response(tokens["refreshToken"] or "", True).get_user_id() == "u"


def test_no_token() -> None:
    """Without a token there is no session, which is an error where one is required."""
    assert blocking.get_session_without_request_response(None, session_required=False) is None
    with pytest.raises(UnauthorisedError):
        blocking.get_session_without_request_response("x.y.z")


def test_no_session_in_place_of_one_is_none() -> None:
    """An override that says so is heard: nobody is taken for somebody without a name."""

    @GetSession[UserContext].override
    async def no_session(call: GetSession[UserContext]) -> SessionContainer | None:
        del call
        return EmptySession()

    token = create().get_access_token()
    with default_app().overriding(no_session, everywhere=True):
        assert blocking.get_session_without_request_response(token, anti_csrf_check=False) is None
    assert blocking.get_session_without_request_response(token, anti_csrf_check=False) is not None


def test_claims_are_validated_without_a_request() -> None:
    """The application's validators run, or those that are handed over, with the context of the call."""
    token = create().get_access_token()
    contexts: list[bool] = []

    def stricter(
        validators: list[SessionClaimValidator], _found: SessionContainer, user_context: UserContext
    ) -> list[SessionClaimValidator]:
        contexts.append(current_context() is user_context)
        return [*validators, IS_2]

    async def scenario() -> None:
        context: UserContext = {}
        assert await awaited.get_session_without_request_response(token, anti_csrf_check=False) is not None
        with pytest.raises(InvalidClaimsError):
            await awaited.get_session_without_request_response(
                token, anti_csrf_check=False, override_global_claim_validators=stricter, user_context=context
            )

    asyncio.run(scenario())
    assert contexts == [True]


def test_claims_by_handle() -> None:
    """Claims of a session are read, set, fetched and removed by its handle."""
    handle = create().get_handle()
    assert blocking.get_claim_value(handle, LEVEL) == GetClaimValueOkResult(1)
    assert blocking.set_claim_value(handle, LEVEL, 2)
    assert blocking.get_claim_value(handle, LEVEL) == GetClaimValueOkResult(2)
    assert blocking.fetch_and_set_claim(handle, LEVEL)
    assert blocking.get_claim_value(handle, LEVEL) == GetClaimValueOkResult(1)
    assert blocking.remove_claim(handle, LEVEL)
    assert blocking.get_claim_value(handle, LEVEL) == GetClaimValueOkResult(None)
    assert blocking.get_claim_value("none", LEVEL) == SessionDoesNotExistError()


def test_validating_by_handle() -> None:
    """Claims of a stored session are validated; what had to be fetched is stored."""
    handle = create().get_handle()
    assert blocking.remove_claim(handle, LEVEL)
    seen: list[str] = []

    async def stricter(
        validators: list[SessionClaimValidator], found: SessionInformationResult, _context: UserContext
    ) -> list[SessionClaimValidator]:
        seen.append(found.session_handle)
        return [*validators, IS_2]

    result = blocking.validate_claims_for_session_handle(handle, stricter)
    assert isinstance(result, ClaimsValidationResult)
    assert [failure.id for failure in result.invalid_claims] == ["level"]
    assert seen == [handle]
    assert blocking.get_claim_value(handle, LEVEL) == GetClaimValueOkResult(1)
    assert blocking.validate_claims_for_session_handle(handle) == ClaimsValidationResult([])
    assert blocking.validate_claims_for_session_handle("none") == SessionDoesNotExistError()


def test_validating_a_payload() -> None:
    """The payload of a token that the caller has verified is looked at as it is."""
    payload = create().get_access_token_payload()
    validate = blocking.validate_claims_in_jwt_payload
    assert validate("public", "u", USER, payload) == ClaimsValidationResult([])
    result = validate("public", "u", USER, payload, lambda validators, _user, _context: [*validators, IS_2])
    assert [failure.id for failure in result.invalid_claims] == ["level"]
    assert [failure.id for failure in validate("public", "u", USER, {}).invalid_claims] == ["level"]


def test_lists_and_revocations() -> None:
    """Sessions are listed and revoked, of all tenants unless one is named."""
    first, second, third = (create().get_handle() for _ in range(3))
    assert set(blocking.get_all_session_handles_for_user("u")) == {first, second, third}
    assert blocking.get_all_session_handles_for_user("u", tenant_id="t1") == []
    assert blocking.get_all_session_handles_for_user("v") == []
    assert blocking.revoke_multiple_sessions([first, "none", third]) == [first, third]
    assert blocking.get_all_session_handles_for_user("u", tenant_id="public") == [second]


def test_another_payload() -> None:
    """An access token is minted again with other claims, for as long as there is a session."""
    created = create()
    again = blocking.regenerate_access_token(created.get_access_token(), {"plan": "free"})
    assert again is not None
    assert again.session.user_data_in_jwt["plan"] == "free"
    assert again.access_token is not None
    assert payload_of(again.access_token.token)["exp"] == payload_of(created.get_access_token())["exp"]
    assert blocking.revoke_session(created.get_handle())
    assert blocking.regenerate_access_token(created.get_access_token(), {}) is None
