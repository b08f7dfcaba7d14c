"""The claim that says whether an address is verified: when it is fetched again, and what is demanded of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from authweave.app import App, init, set_default_app
from authweave.kernel import UserContext
from authweave.recipe import emailverification, session
from authweave.recipe.emailverification import (
    EmailDoesNotExistError,
    EmailVerificationClaim,
    EmailVerificationClaimClass,
    EmailVerificationRecipe,
    GetEmailForUserIdOkResult,
    GetEmailResult,
    UnknownUserIdError,
)
from authweave.recipe.session import SessionClaimValidator, SessionRecipe
from authweave.recipe.session.exceptions import UnauthorisedError
from authweave.storage.memory import MemoryStorage
from authweave.types import InputAppInfo, JSONObject, RecipeUserId

NOW_MS = 1_700_000_000_000
CONTEXT: UserContext = {}


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now_ms = NOW_MS

    def __call__(self) -> int:
        return self.now_ms


def payload(value: object, age_s: float) -> JSONObject:
    """Return a payload with a claim of some age."""
    return {"st-ev": {"v": bool(value), "t": NOW_MS - round(1000 * age_s)}}


@pytest.mark.parametrize(
    ("held", "on_false_s", "max_age_s", "refetched"),
    [
        ({}, 10, None, True),
        ({"st-ev": {"t": NOW_MS}}, 10, None, True),
        (payload(value=False, age_s=10), 10, None, False),
        (payload(value=False, age_s=10.001), 10, None, True),
        (payload(value=False, age_s=5), 4, None, True),
        (payload(value=False, age_s=5), 6, None, False),
        (payload(value=True, age_s=1_000_000), 10, None, False),
        (payload(value=True, age_s=60), 10, 60, False),
        (payload(value=True, age_s=61), 10, 60, True),
        (payload(value=False, age_s=9), 10, 1, False),
    ],
)
def test_when_it_is_fetched_again(held: JSONObject, on_false_s: int, max_age_s: int | None, refetched: bool) -> None:
    """A missing one at once, "no" after 10 seconds, "yes" only where an age is given."""
    validator = EmailVerificationClaimClass(clock=Clock()).validators.is_verified(on_false_s, max_age_s)
    assert validator.should_refetch(held, CONTEXT) is refetched
    assert validator.id == "st-ev"


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        (payload(value=True, age_s=0), None),
        ({}, {"message": "value does not exist", "expectedValue": True, "actualValue": None}),
        (payload(value=False, age_s=0), {"message": "wrong value", "expectedValue": True, "actualValue": False}),
    ],
)
def test_what_is_demanded(held: JSONObject, reason: JSONObject | None) -> None:
    """The frontends read these reasons."""
    validators = EmailVerificationClaimClass(clock=Clock()).validators
    for validator in (validators.is_verified(id_="mine"), validators.is_true(id_="mine"), validators.has_value(True)):
        result = asyncio.run(validator.validate(held, CONTEXT))
        assert (result.is_valid, result.reason) == (reason is None, reason)
    assert validators.is_verified(id_="mine").id == "mine"
    assert asyncio.run(validators.is_false().validate(payload(value=False, age_s=0), CONTEXT)).is_valid


async def own_emails(recipe_user_id: RecipeUserId, _context: UserContext) -> GetEmailResult:
    """Know one login with an address and one without."""
    known: dict[str, GetEmailResult] = {
        "own": GetEmailForUserIdOkResult("own@example.com"),
        "phone": EmailDoesNotExistError(),
    }
    return known.get(recipe_user_id.get_as_string(), UnknownUserIdError())


@pytest.fixture
def apps() -> Iterator[tuple[App, App]]:
    """Build two applications, the second of which is the default."""
    made = tuple(
        init(
            InputAppInfo("tests", "http://localhost:8000", website_domain="http://localhost:3000"),
            [emailverification.init("OPTIONAL", get_email_for_recipe_user_id=own_emails), session.init()],
            storage=MemoryStorage(),
            secret=b"s" * 32,
            default=is_default,
        )
        for is_default in (False, True)
    )
    yield made[0], made[1]
    for app in made:
        app.close()
    set_default_app(None)


def test_each_application_fetches_its_own(apps: tuple[App, App]) -> None:
    """One object stands for the claim in all of them; a session asks its own application."""
    first, second = apps
    recipe = first.recipe(EmailVerificationRecipe)
    login = RecipeUserId("own")
    made = asyncio.run(recipe.functions.create_email_verification_token(login, "own@example.com", "public", {}))
    assert isinstance(made, emailverification.CreateEmailVerificationTokenOkResult)
    asyncio.run(recipe.functions.verify_email_using_token(made.token, "public", True, {}))

    async def value_in(app: App, login_id: str) -> object:
        functions, claims = app.recipe(SessionRecipe).functions, app.recipe(SessionRecipe).claims
        login = RecipeUserId(login_id)
        payload = await claims.payload_of_new_session(
            None, user_id=login_id, recipe_user_id=login, tenant_id="public", user_context={}
        )
        made = await functions.create_new_session(login_id, login, payload, None, True, "public", {})
        assert await made.get_claim_value(EmailVerificationClaim, {}) == EmailVerificationClaim.get_value_from_payload(
            payload, {}
        )
        await made.fetch_and_set_claim(EmailVerificationClaim, {})
        return await made.get_claim_value(EmailVerificationClaim, {})

    assert asyncio.run(value_in(first, "own")) is True
    assert asyncio.run(value_in(second, "own")) is False
    assert asyncio.run(value_in(second, "phone")) is True
    with pytest.raises(UnauthorisedError, match=r"no login method 'nobody'.*get_email_for_recipe_user_id"):
        asyncio.run(value_in(first, "nobody"))


def test_only_required_asks_everywhere() -> None:
    """The mode decides whether the validator is one of all routes; the claim is in every session."""
    for mode, ids in (("REQUIRED", ["st-ev"]), ("OPTIONAL", [])):
        assert mode in {"REQUIRED", "OPTIONAL"}
        app = init(
            InputAppInfo("tests", "http://localhost:8000", website_domain="http://localhost:3000"),
            [emailverification.init("REQUIRED" if ids else "OPTIONAL"), session.init()],
            storage=MemoryStorage(),
            secret=b"s" * 32,
            default=False,
        )
        claims = app.recipe(SessionRecipe).claims
        validators: tuple[SessionClaimValidator, ...] = claims.validators
        assert ([each.id for each in validators], [each.key for each in claims.claims]) == (ids, ["st-ev"])
        app.close()
