"""Recordings, and overrides for one test."""

from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, Protocol, TypeVar, assert_type

from typing_extensions import override as overrides

from authweave import App, UserContext, override
from authweave.kernel import Interface, Override, Plugin, compose, overridable, wrap
from authweave.recipe.emailpassword.interfaces import RecipeInterface, SignInResult, SignUpResult, WrongCredentialsError
from authweave.recipe.emailpassword.signatures import VerifyCredentials
from authweave.recipe.session.interfaces import RecipeInterface as SessionFunctions
from authweave.testing import Arguments, Overriding, RecordedCall, Recording, recording, scope_for_test

P = ParamSpec("P")
R = TypeVar("R")


class LimitContext(UserContext, total=False):
    attempts: int


class AppContext(LimitContext, total=False):
    is_sign_up: bool


@override(RecipeInterface[LimitContext].verify_credentials)
async def nobody(
    original: VerifyCredentials[LimitContext], email: str, password: str, tenant_id: str, user_context: LimitContext
) -> SignInResult:
    return WrongCredentialsError()


def traced(original: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    return original


class Greeter(Interface, Protocol):
    @overridable
    def greet(self, name: str, user_context: UserContext) -> str: ...


class PlainGreeter(Greeter):
    @overridable
    @overrides
    def greet(self, name: str, user_context: UserContext) -> str:
        return name


# program: a recording of an async function knows what awaiting it gives
seen = recording(RecipeInterface[AppContext].sign_up)
assert_type(seen, Recording[RecipeInterface[AppContext], Coroutine[Any, Any, SignUpResult]])
assert_type(seen.override, Override[RecipeInterface[AppContext]])
assert_type([call.result() for call in seen.calls], list[SignUpResult])

# program: a recording of a sync function knows what it returns
greeted = recording(Greeter.greet)
assert_type(greeted, Recording[Greeter, str])
assert_type([call.result() for call in greeted.calls], list[str])

# program: a recording of an override fits where the override does
refused = recording(nobody)
assert_type(refused.override, Override[RecipeInterface[LimitContext]])
plugin = Plugin(
    "limits", [refused.override, recording(wrap(SessionFunctions[LimitContext].revoke_session, traced)).override]
)
assert_type(plugin, Plugin[LimitContext])


# program: what a recorded call tells
def tell(call: RecordedCall[Coroutine[Any, Any, SignUpResult]], other: RecordedCall) -> None:
    assert_type(call.arguments, Arguments)
    assert_type(call.arguments["email"], object)
    assert_type(call.called_original, bool)
    assert_type(call.exception, BaseException | None)
    assert_type(call.result(), SignUpResult)
    assert_type(other.result(), object)


# program: overrides of an application, until the end of a test
def test_application(overriding: Overriding, auth: App[AppContext]) -> None:
    overriding(auth, nobody, recording(SessionFunctions[UserContext].refresh_session).override)
    overriding(auth)


# program: overrides of something composed, in either style
def test_composed(overriding: Overriding) -> None:
    def loud(original_implementation: Greeter) -> Greeter:
        greet = original_implementation.greet

        def shout(name: str, user_context: UserContext) -> str:
            return greet(name.upper(), user_context)

        original_implementation.greet = shout
        return original_implementation

    greeter: Greeter = compose(PlainGreeter())
    overriding(greeter, recording(Greeter.greet).override, loud)


# program: overrides until the end of a block, without pytest
def run(auth: App[LimitContext]) -> None:
    with scope_for_test() as overriding:
        assert_type(overriding, Overriding)
        overriding(auth, nobody)
