"""Wrappers that care about no function's parameters: one for any function."""

from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar, assert_type

from authweave.kernel import Override, UserContext, current_context, override, wrap
from authweave.recipe.emailpassword.interfaces import APIInterface, RecipeInterface, SignInResult, WrongCredentialsError
from authweave.recipe.emailpassword.signatures import VerifyCredentials
from authweave.recipe.session.interfaces import RecipeInterface as SessionFunctions

P = ParamSpec("P")
R = TypeVar("R")


class Timings(UserContext, total=False):
    calls: int


# program: a wrapper of any async function
def counted(original: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    async def counting(*args: P.args, **kwargs: P.kwargs) -> R:
        context = current_context(Timings)
        context["calls"] = context.get("calls", 0) + 1
        return await original(*args, **kwargs)

    return counting


count_sign_up = wrap(RecipeInterface[Timings].sign_up, counted)
assert_type(count_sign_up, Override[RecipeInterface[Timings]])

# program: the same wrapper around functions of other interfaces
assert_type(wrap(APIInterface[Timings].email_exists_get, counted), Override[APIInterface[Timings]])
assert_type(wrap(SessionFunctions[Timings].revoke_session, counted), Override[SessionFunctions[Timings]])


# program: a wrapper of any function, sync or async
def traced(original: Callable[P, R]) -> Callable[P, R]:
    def tracing(*args: P.args, **kwargs: P.kwargs) -> R:
        return original(*args, **kwargs)

    return tracing


assert_type(wrap(RecipeInterface[UserContext].sign_in, traced), Override[RecipeInterface[UserContext]])

# program: a list of wrapped functions
watched: list[Override[RecipeInterface[UserContext]]] = [
    wrap(RecipeInterface[UserContext].sign_up, traced),
    wrap(RecipeInterface[UserContext].sign_in, counted),
]


# program: a wrapper that is made to measure
def retried(
    times: int,
) -> Callable[[Callable[P, Coroutine[Any, Any, R]]], Callable[P, Coroutine[Any, Any, R]]]:
    def wrapper(original: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
        async def retrying(*args: P.args, **kwargs: P.kwargs) -> R:
            for _ in range(times):
                try:
                    return await original(*args, **kwargs)
                except TimeoutError:
                    continue
            return await original(*args, **kwargs)

        return retrying

    return wrapper


wrap(RecipeInterface[UserContext].verify_credentials, retried(3))


# program: a wrapper as an object with a method of its own
class Spans:
    def __init__(self) -> None:
        self.open = 0

    def around(self, original: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
        async def spanned(*args: P.args, **kwargs: P.kwargs) -> R:
            self.open += 1
            try:
                return await original(*args, **kwargs)
            finally:
                self.open -= 1

        return spanned


wrap(RecipeInterface[UserContext].sign_in, Spans().around, name="spans", before=["counted"])


# program: a wrapper for one function only
def locked(original: VerifyCredentials) -> VerifyCredentials:
    async def verify(email: str, password: str, tenant_id: str, user_context: UserContext) -> SignInResult:
        if tenant_id == "locked":
            return WrongCredentialsError()
        return await original(email, password, tenant_id, user_context)

    return verify


wrap(RecipeInterface[UserContext].verify_credentials, locked)


# program: the same wrapper in SuperTokens style
def count_by_seed(original_implementation: RecipeInterface[Timings]) -> RecipeInterface[Timings]:
    original_implementation.sign_up = counted(original_implementation.sign_up)
    original_implementation.sign_in = traced(counted(original_implementation.sign_in))
    return original_implementation


# program: an override in parameter style that has been wrapped before
@override(RecipeInterface[UserContext].verify_credentials)
@traced
async def refuse(
    original: VerifyCredentials, email: str, password: str, tenant_id: str, user_context: UserContext
) -> SignInResult:
    return WrongCredentialsError()


assert_type(refuse, Override[RecipeInterface[UserContext]])
