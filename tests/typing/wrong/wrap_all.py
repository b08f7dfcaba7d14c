"""One wrapper around every function."""

from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, Protocol, TypeVar

from typing_extensions import override as overrides_base

from authweave.kernel import Interface, Override, UserContext, compose, overridable, wrap_all
from authweave.recipe.emailpassword import SignIn, SignInResult

P = ParamSpec("P")
R = TypeVar("R")


class Greeter(Interface, Protocol):
    @overridable
    async def greet(self, name: str, user_context: UserContext) -> str: ...


class PlainGreeter(Greeter):
    @overridable
    @overrides_base
    async def greet(self, name: str, user_context: UserContext) -> str:
        return name


def greeter_with(override: Override[Greeter]) -> None:
    """Compose a greeter."""
    plain: Greeter = PlainGreeter()
    compose(plain, [override])


# program: a wrapper around every function that is not told its name
def untold(original: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:  # wrong: init
    return original


greeter_with(wrap_all(untold))  # wrong: all but ty, pyrefly


# program: a wrapper around every function that changes results
def lengths(function: str, original: Callable[P, Coroutine[Any, Any, R]], /) -> Callable[P, Coroutine[Any, Any, int]]:
    async def length(*args: P.args, **kwargs: P.kwargs) -> int:
        return len(str(await original(*args, **kwargs)))

    return length


wrap_all(lengths)  # wrong: all but ty, pyrefly


# program: a wrapper around every function that returns nothing
def nothing(function: str, original: Callable[P, Coroutine[Any, Any, R]], /) -> None: ...  # wrong: init


greeter_with(wrap_all(nothing))  # wrong: all but pyrefly


# program: what stands around every function is a name
wrap_all("traced")  # wrong: init, all


# program: a wrapper around every function is made for one
def of_sign_in(
    function: str, original: Callable[[SignIn], SignInResult], /
) -> Callable[[SignIn], SignInResult]:
    return original


wrap_all(of_sign_in)  # wrong: all
