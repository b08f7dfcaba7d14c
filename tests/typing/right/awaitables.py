"""Overrides of async functions that are no `async def`."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

from authweave.kernel import UserContext, override
from authweave.recipe.emailpassword.interfaces import RecipeInterface, SignInResult
from authweave.recipe.emailpassword.signatures import VerifyCredentials

P = ParamSpec("P")
R = TypeVar("R")


def retried(call: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    return call


# program: a def that returns an awaitable
@override(RecipeInterface[UserContext].verify_credentials)
def handed_on(
    original: VerifyCredentials, email: str, password: str, tenant_id: str, user_context: UserContext
) -> Awaitable[SignInResult]:
    return original(email, password, tenant_id, user_context)


# program: a def that returns a coroutine
@override(RecipeInterface[UserContext].verify_credentials)
def as_coroutine(
    original: VerifyCredentials, email: str, password: str, tenant_id: str, user_context: UserContext
) -> Coroutine[Any, Any, SignInResult]:
    return original(email, password, tenant_id, user_context)


# program: an async def under a decorator that is typed for awaitables
@override(RecipeInterface[UserContext].verify_credentials)
@retried
async def decorated(
    original: VerifyCredentials, email: str, password: str, tenant_id: str, user_context: UserContext
) -> SignInResult:
    return await original(email, password, tenant_id, user_context)
