"""Verifying addresses: functions and APIs, overridden in every style, the claim, and the functions' results."""

from collections.abc import Sequence
from typing import assert_never, assert_type

from authweave import InputAppInfo, UserContext, init, override
from authweave.app import App
from authweave.recipe import emailpassword, emailverification, session
from authweave.recipe.emailverification import (
    CreateEmailVerificationTokenOkResult,
    CreateEmailVerificationTokenResult,
    EmailDoesNotExistError,
    EmailVerificationClaim,
    EmailVerifyPost,
    EmailVerifyPostInvalidTokenError,
    EmailVerifyPostOkResult,
    EmailVerifyPostResult,
    GetEmailForUserIdOkResult,
    GetEmailResult,
    IsEmailVerified,
    UnknownUserIdError,
    VerifyEmailUsingTokenOkResult,
    VerifyEmailUsingTokenResult,
)
from authweave.recipe.emailverification import asyncio as functions
from authweave.recipe.emailverification import syncio as blocking
from authweave.recipe.emailverification.interfaces import APIInterface, APIOptions, RecipeInterface
from authweave.recipe.emailverification.signatures import VerifyEmailUsingToken
from authweave.recipe.session import SessionClaimValidator
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import GeneralErrorResponse, RecipeUserId


class AppContext(UserContext, total=False):
    was_verified: bool


APP_INFO = InputAppInfo(app_name="Typed", api_domain="http://localhost:8000", website_domain="http://localhost:3000")


# program: verify_email_using_token, in parameter style
@override(RecipeInterface[AppContext].verify_email_using_token)
async def note(
    original: VerifyEmailUsingToken[AppContext],
    token: str,
    tenant_id: str,
    attempt_account_linking: bool,
    user_context: AppContext,
) -> VerifyEmailUsingTokenResult:
    result = await original(token, tenant_id, attempt_account_linking, user_context)
    if isinstance(result, VerifyEmailUsingTokenOkResult):
        assert_type(result.user.recipe_user_id, RecipeUserId)
        user_context["was_verified"] = True
    return result


# program: is_email_verified, as a call
@IsEmailVerified[AppContext].override
async def trust_the_office(call: IsEmailVerified[AppContext]) -> bool:
    return call.email.endswith("@office.example") or await call.original()


# program: email_verify_post, as a call, with every result
@EmailVerifyPost[AppContext].override
async def told(call: EmailVerifyPost[AppContext]) -> EmailVerifyPostResult:
    result = await call.original()
    match result:
        case EmailVerifyPostOkResult(user, new_session):
            assert_type(user.email, str)
            assert_type(new_session, SessionContainer | None)
        case EmailVerifyPostInvalidTokenError():
            return GeneralErrorResponse("This link has been used.")
        case GeneralErrorResponse():
            pass
        case _:
            assert_never(result)
    return result


# program: in SuperTokens style
def older(original_implementation: APIInterface[AppContext]) -> APIInterface[AppContext]:
    original_get = original_implementation.is_email_verified_get

    async def is_email_verified_get(
        session: SessionContainer, api_options: APIOptions, user_context: AppContext
    ) -> emailverification.IsEmailVerifiedGetResult:
        return await original_get(session, api_options, user_context)

    original_implementation.is_email_verified_get = is_email_verified_get
    return original_implementation


# program: addresses of the application's own, and the application that has it all
async def email_of(recipe_user_id: RecipeUserId, user_context: UserContext) -> GetEmailResult:
    match recipe_user_id.get_as_string():
        case "device-1":
            return GetEmailForUserIdOkResult("ada@example.com")
        case "device-2":
            return EmailDoesNotExistError()
        case _:
            return UnknownUserIdError()


auth = init(
    app_info=APP_INFO,
    recipe_list=[
        emailpassword.init(),
        emailverification.init(
            "REQUIRED",
            get_email_for_recipe_user_id=email_of,
            override=emailverification.InputOverrideConfig(functions=note, apis=told),
        ),
        session.init(),
    ],
    context=AppContext,
    overrides=[trust_the_office],
)
assert_type(auth, App[AppContext])


# program: the claim on a route
def verified_too(
    validators: Sequence[SessionClaimValidator], session: SessionContainer, user_context: UserContext
) -> Sequence[SessionClaimValidator]:
    return [
        *validators,
        EmailVerificationClaim.validators.is_verified(10, 300),
        EmailVerificationClaim.validators.is_true(max_age=60),
    ]


async def read(session: SessionContainer) -> None:
    assert_type(await session.get_claim_value(EmailVerificationClaim), bool | None)


# program: functions, awaited and not
async def awaited(session: SessionContainer) -> None:
    made = await functions.create_email_verification_token("public", RecipeUserId("a"))
    assert_type(made, CreateEmailVerificationTokenResult)
    if isinstance(made, CreateEmailVerificationTokenOkResult):
        assert_type(made.token, str)
    asked = await functions.request_email_change(session, "new@example.com")
    assert_type(asked, emailverification.RequestEmailChangeResult)


def waited_for() -> None:
    assert_type(blocking.is_email_verified(RecipeUserId("a")), bool)
    assert_type(blocking.verify_email_using_token("public", "token"), VerifyEmailUsingTokenResult)
