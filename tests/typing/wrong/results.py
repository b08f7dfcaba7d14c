"""Results."""

from typing import assert_never

from authweave.recipe.emailpassword import asyncio as emailpassword
from authweave.recipe.emailpassword.interfaces import (
    EmailAlreadyExistsError,
    PasswordPolicyViolationError,
    SignInOkResult,
    SignInPostNotAllowedResponse,
    SignInResult,
    SignUpOkResult,
    UnknownUserIdError,
    UpdateEmailOrPasswordOkResult,
    UpdateEmailOrPasswordResult,
    WrongCredentialsError,
)
from authweave.types import User


# program: a case is forgotten, with assert_never
def forgotten(result: UpdateEmailOrPasswordResult) -> str:
    match result:
        case UpdateEmailOrPasswordOkResult():
            return "changed"
        case EmailAlreadyExistsError() | UnknownUserIdError():
            return "refused"
        case _:
            assert_never(result)  # wrong: all


# program: a case is forgotten, and with it a result
def forgotten_return(result: SignInResult) -> str:  # wrong: all
    match result:  # wrong: pyright, basedpyright
        case SignInOkResult():
            return "in"


# program: a result is used before it is known to be good
async def used_unseen() -> User:
    result = await emailpassword.sign_in("public", "a@b.example", "secret12")
    return result.user  # wrong: all


# program: a result is used before it is awaited
async def used_too_early() -> bool:
    result = emailpassword.sign_in("public", "a@b.example", "secret12")
    return result.user.is_primary_user  # wrong: all


# program: a result is caught as an exception
async def caught() -> None:
    try:
        await emailpassword.sign_up("public", "a@b.example", "secret12")
    except EmailAlreadyExistsError:  # wrong: all
        pass


# program: a result is raised as an exception
def raised() -> None:
    raise WrongCredentialsError()  # wrong: all


# program: a result is changed
def changed(result: SignUpOkResult, user: User) -> None:
    result.user = user  # wrong: all


# program: a result is made without what belongs to it
def made(user: User) -> SignInResult:
    return SignInOkResult(user)  # wrong: all


# program: a result's field is misspelt
refused = SignInPostNotAllowedResponse(reasons="closed")  # wrong: init, all


# program: a result's field is taken for another type
def length_of(result: PasswordPolicyViolationError) -> int:
    return result.failure_reason  # wrong: all


# program: the arguments are in the order of the recipe's own function
async def order_of_arguments() -> None:
    await emailpassword.update_email_or_password("a@b.example", "secret12")  # wrong: all


# program: a keyword is misspelt
async def misspelt_keyword() -> None:
    await emailpassword.sign_up(tenant="public", email="a@b.example", password="secret12")  # wrong: all


# program: a user's address is read as if there were one
def address_of(user: User) -> str:
    return user.email  # wrong: all
