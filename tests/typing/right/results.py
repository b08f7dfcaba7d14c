"""Results are unions that a caller matches exhaustively."""

from typing import assert_never, assert_type

from authweave.recipe.emailpassword.interfaces import (
    EmailAlreadyExistsError,
    EmailExistsGetOkResult,
    EmailExistsGetResult,
    GeneralErrorResponse,
    PasswordPolicyViolationError,
    SignInOkResult,
    SignInPostNotAllowedResponse,
    SignInPostOkResult,
    SignInPostResult,
    SignInResult,
    SignUpOkResult,
    SignUpPostNotAllowedResponse,
    SignUpPostOkResult,
    SignUpPostResult,
    SignUpResult,
    UnknownUserIdError,
    UpdateEmailOrPasswordEmailChangeNotAllowedError,
    UpdateEmailOrPasswordOkResult,
    UpdateEmailOrPasswordResult,
    WrongCredentialsError,
)
from authweave.types import LinkingToSessionUserFailedError, RecipeUserId, User


# program: sign_up, by match
def told_of_sign_up(result: SignUpResult) -> str:
    match result:
        case SignUpOkResult(user, recipe_user_id):
            assert_type((user, recipe_user_id), tuple[User, RecipeUserId])
            return user.id
        case EmailAlreadyExistsError():
            return "taken"
        case LinkingToSessionUserFailedError(reason):
            return reason
        case _:
            assert_never(result)


# program: sign_in, by isinstance
def told_of_sign_in(result: SignInResult) -> str:
    if isinstance(result, SignInOkResult):
        return result.recipe_user_id.get_as_string()
    assert_type(result, WrongCredentialsError | LinkingToSessionUserFailedError)
    return "wrong"


# program: update_email_or_password, which has five results
def told_of_update(result: UpdateEmailOrPasswordResult) -> str | None:
    match result:
        case UpdateEmailOrPasswordOkResult():
            return None
        case EmailAlreadyExistsError() | UnknownUserIdError():
            return "no"
        case UpdateEmailOrPasswordEmailChangeNotAllowedError(reason):
            return assert_type(reason, str)
        case PasswordPolicyViolationError(failure_reason):
            return assert_type(failure_reason, str)
        case _:
            assert_never(result)


# program: the APIs' results
def told_of_sign_up_post(result: SignUpPostResult) -> str:
    match result:
        case SignUpPostOkResult(user, session):
            return f"{user.id} {session.get_handle()}"
        case EmailAlreadyExistsError():
            return "taken"
        case SignUpPostNotAllowedResponse(reason):
            return reason
        case GeneralErrorResponse(message):
            return message
        case _:
            assert_never(result)


def told_of_sign_in_post(result: SignInPostResult) -> str:
    match result:
        case SignInPostOkResult() as signed_in:
            return signed_in.session.get_user_id()
        case WrongCredentialsError():
            return "wrong"
        case SignInPostNotAllowedResponse() | GeneralErrorResponse():
            return "no"
        case _:
            assert_never(result)


# program: a result without a case for what is left, because nothing is
def exists(result: EmailExistsGetResult) -> bool:
    match result:
        case EmailExistsGetOkResult(exists):
            return exists
        case GeneralErrorResponse():
            return False


# program: what a user has
def addresses_of(user: User) -> list[str]:
    passwords = [method for method in user.login_methods if method.recipe_id == "emailpassword"]
    return [method.email for method in passwords if method.email is not None]
