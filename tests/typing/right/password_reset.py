"""Resetting and changing passwords: calls, hooks, functions, and what a policy and a breach list look like."""

from collections.abc import Iterable
from typing import assert_never, assert_type

from authweave.kernel import UserContext, override
from authweave.recipe import emailpassword
from authweave.recipe.emailpassword import (
    BreachCheck,
    ChangePassword,
    ChangePasswordOkResult,
    ChangePasswordResult,
    ConsumePasswordResetToken,
    ConsumePasswordResetTokenOkResult,
    ConsumePasswordResetTokenResult,
    CreateResetPasswordToken,
    CreateResetPasswordTokenResult,
    GeneratePasswordResetTokenPost,
    GeneratePasswordResetTokenPostResult,
    InputSignUpFeature,
    NewPassword,
    PasswordPolicyViolationError,
    PasswordResetFeature,
    PasswordResetPost,
    PasswordResetPostOkResult,
    PasswordResetPostResult,
    PasswordResetTokenInvalidError,
    UnknownUserIdError,
    UpdateEmailOrPasswordOkResult,
    WrongCredentialsError,
)
from authweave.recipe.emailpassword import asyncio as functions
from authweave.recipe.emailpassword import syncio as blocking
from authweave.recipe.emailpassword.interfaces import APIInterface, APIOptions, RecipeInterface
from authweave.recipe.emailpassword.signatures import ChangePassword as OriginalChange
from authweave.recipe.session import SessionContainer
from authweave.types import JSON, GeneralErrorResponse, User


class AppContext(UserContext, total=False):
    is_reset: bool


# program: a hook that sees whose password was reset
@PasswordResetPost[AppContext].after
async def tell(call: PasswordResetPost[AppContext], result: PasswordResetPostResult) -> None:
    assert_type(call.token, str)
    assert_type(call.field("password"), str)
    if isinstance(result, PasswordResetPostOkResult):
        assert_type((result.user, result.email), tuple[User, str])


# program: overrides that are handed a call
@GeneratePasswordResetTokenPost[AppContext].override
async def ask_first(call: GeneratePasswordResetTokenPost[AppContext]) -> GeneratePasswordResetTokenPostResult:
    if call.field("email").endswith("@example.org"):
        return GeneralErrorResponse("Ask your administrator.")
    return await call.original()


@CreateResetPasswordToken[AppContext].override
async def for_the_log(call: CreateResetPasswordToken[AppContext]) -> CreateResetPasswordTokenResult:
    assert_type((call.user_id, call.email, call.tenant_id), tuple[str, str, str])
    return await call.original()


@ConsumePasswordResetToken[AppContext].override
async def note(call: ConsumePasswordResetToken[AppContext]) -> ConsumePasswordResetTokenResult:
    result = await call.original()
    call.user_context["is_reset"] = isinstance(result, ConsumePasswordResetTokenOkResult)
    return result


@ChangePassword[AppContext].override
async def keep_others(call: ChangePassword[AppContext]) -> ChangePasswordResult:
    call.revoke_other_sessions = False
    return await call.original()


overrides = [tell, ask_first, for_the_log, note, keep_others]


# program: overrides that spell out parameters, with the type of the original
@override(RecipeInterface[AppContext].change_password)
async def change_password(
    original: OriginalChange[AppContext],
    session: SessionContainer,
    old_password: str,
    new_password: str,
    revoke_other_sessions: bool,
    user_context: AppContext,
) -> ChangePasswordResult:
    return await original(session, old_password, new_password, revoke_other_sessions, user_context)


# program: overrides in SuperTokens style
def functions_of(original_implementation: RecipeInterface[UserContext]) -> RecipeInterface[UserContext]:
    original = original_implementation.consume_password_reset_token

    async def consume_password_reset_token(
        token: str, tenant_id: str, user_context: UserContext
    ) -> ConsumePasswordResetTokenResult:
        return await original(token, tenant_id, user_context)

    original_implementation.consume_password_reset_token = consume_password_reset_token
    return original_implementation


def apis_of(original_implementation: APIInterface[UserContext]) -> APIInterface[UserContext]:
    original = original_implementation.password_reset_post

    async def password_reset_post(
        form_fields: list[emailpassword.FormField],
        token: str,
        tenant_id: str,
        api_options: APIOptions,
        user_context: UserContext,
    ) -> PasswordResetPostResult:
        return await original(form_fields, token, tenant_id, api_options, user_context)

    original_implementation.password_reset_post = password_reset_post
    return original_implementation


config = emailpassword.InputOverrideConfig(functions=functions_of, apis=apis_of)


# program: a policy that sees the address, and asks a list
class Nothing:
    async def suffixes(self, prefix: str) -> Iterable[str]:
        return []


def unlike_the_address(wanted: NewPassword) -> str | None:
    is_like = assert_type(wanted.email, str).partition("@")[0] in wanted.password
    return "Please choose a password without your address" if is_like else None


async def asked_of_a_service(wanted: NewPassword) -> str | None:
    return None


def validate(value: JSON, tenant_id: str) -> str | None:
    return None


feature = InputSignUpFeature(
    [emailpassword.InputFormField("password", validate)],
    password_checks=[unlike_the_address, asked_of_a_service, BreachCheck(Nothing(), required=True)],
)
entry = emailpassword.init(sign_up_feature=feature, password_reset=PasswordResetFeature(revoke_sessions=False))


# program: the functions
async def calls(session: SessionContainer) -> None:
    assert_type(await functions.change_password(session, "old", "new"), ChangePasswordResult)
    link = assert_type(
        await functions.create_reset_password_link("public", "id", "ada@example.com"), str | UnknownUserIdError
    )
    sent = await functions.send_reset_password_email("public", "id", "ada@example.com")
    if sent == "UNKNOWN_USER_ID_ERROR" or isinstance(link, UnknownUserIdError):
        return
    result = await functions.reset_password_using_token("public", "token", "new")
    match result:
        case UpdateEmailOrPasswordOkResult() | PasswordResetTokenInvalidError() | UnknownUserIdError():
            return
        case PasswordPolicyViolationError(reason):
            assert_type(reason, str)
        case _:
            assert_never(result)


# program: the functions without a loop
def blocking_calls(session: SessionContainer) -> str:
    result = blocking.change_password(session, "old", "new", revoke_other_sessions=False)
    match result:
        case ChangePasswordOkResult(revoked_session_handles=handles):
            return ", ".join(assert_type(handles, tuple[str, ...]))
        case WrongCredentialsError() | UnknownUserIdError():
            return "no"
        case PasswordPolicyViolationError(reason):
            return reason
        case _:
            assert_never(result)
