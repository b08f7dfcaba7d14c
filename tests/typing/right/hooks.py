"""Hooks, which see a call and its result; and one wrapper around every function."""

from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, Protocol, TypeVar, assert_type

from typing_extensions import TypeVar as TypeVarWithDefault

from authweave.kernel import (
    Call,
    Interface,
    Override,
    Plugin,
    SyncCall,
    UserContext,
    current_context,
    overridable,
    wrap_all,
)
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword import (
    SignIn,
    SignInPost,
    SignInPostResult,
    SignInResult,
    SignUp,
    SignUpOkResult,
    SignUpPost,
    SignUpPostResult,
    SignUpResult,
)
from authweave.recipe.emailpassword.interfaces import APIInterface, RecipeInterface
from authweave.recipe.session import CreateNewSession, RevokeSession, SessionContainer
from authweave.recipe.session.interfaces import RecipeInterface as SessionFunctions
from authweave.testing import recording

P = ParamSpec("P")
R = TypeVar("R")
C_contra = TypeVarWithDefault("C_contra", bound=UserContext, default=UserContext, contravariant=True)
ContextT = TypeVarWithDefault("ContextT", bound=UserContext, default=UserContext)


class AppContext(UserContext, total=False):
    seen: list[str]


# program: after a call, with its result
@SignUp[AppContext].after
async def welcome(call: SignUp[AppContext], result: SignUpResult) -> None:
    assert_type(call.email, str)
    if isinstance(result, SignUpOkResult):
        call.user_context["seen"] = [result.user.id]


assert_type(welcome, Override[RecipeInterface[AppContext]])


# program: before a call
@CreateNewSession[AppContext].before
async def about_to(call: CreateNewSession[AppContext]) -> None:
    assert_type(call.user_id, str)
    call.user_context["seen"] = [call.user_id]


assert_type(about_to, Override[SessionFunctions[AppContext]])


# program: names and order
@SignIn[UserContext].before(name="gate", before=["behind"])
async def gate(call: SignIn[UserContext]) -> None: ...


@SignIn[UserContext].after(after=["gate"])
async def behind(call: SignIn[UserContext], result: SignInResult) -> None: ...


assert_type(gate, Override[RecipeInterface[UserContext]])
assert_type(behind, Override[RecipeInterface[UserContext]])


# program: a hook of an API
@SignUpPost[AppContext].after
async def registered(call: SignUpPost[AppContext], result: SignUpPostResult) -> None:
    call.user_context["seen"] = [call.field("email")]


assert_type(registered, Override[APIInterface[AppContext]])


# program: one hook for two functions
async def announce(call: SignUp[AppContext] | SignIn[AppContext], result: SignUpResult | SignInResult) -> None:
    call.user_context["seen"] = [call.email]


both: list[Override[RecipeInterface[AppContext]]] = [
    SignUp[AppContext].after(announce),
    SignIn[AppContext].after(announce),
]


# program: one hook for functions of two interfaces
async def posted(
    call: SignUpPost[AppContext] | SignInPost[AppContext] | RevokeSession[AppContext],
    result: SignUpPostResult | SignInPostResult | bool,
) -> None:
    call.user_context["seen"] = [type(call).__name__, type(result).__name__]


of_apis: list[Override[APIInterface[AppContext]]] = [
    SignUpPost[AppContext].after(posted),
    SignInPost[AppContext].after(posted),
]
of_sessions = RevokeSession[AppContext].after(posted)


# program: a hook that cares about no result
async def noted(call: SignIn[AppContext], result: object) -> None: ...


SignIn[AppContext].after(noted)


# program: hooks as methods of an object
class Audit:
    def __init__(self) -> None:
        self.seen: list[str] = []

    async def before(self, call: SignIn[AppContext]) -> None:
        self.seen.append(call.email)

    async def after(self, call: SignIn[AppContext], result: SignInResult) -> None:
        self.seen.append(type(result).__name__)

    async def __call__(self, call: SignIn[AppContext]) -> None:
        self.seen.append(call.tenant_id)


audit = Audit()
hooks = [
    SignIn[AppContext].before(audit.before),
    SignIn[AppContext].after(audit.after),
    SignIn[AppContext].before(audit),
]


# program: hooks beside overrides, at a recipe and in a plugin
@SignIn[AppContext].override
async def passes(call: SignIn[AppContext]) -> SignInResult:
    return await call.original()


emailpassword.init(
    override=emailpassword.InputOverrideConfig[AppContext](functions=[welcome, passes, gate, *both], apis=registered)
)
session.init(override=session.InputOverrideConfig[AppContext](functions=[about_to, of_sessions]))
plugin = Plugin[AppContext]("audit", [welcome, about_to, registered, *both])


# program: hooks of sync functions, in the kernel alone
class Greeter(Interface[C_contra], Protocol[C_contra]):
    @overridable
    def greet(self, name: str, user_context: C_contra) -> str: ...
    @overridable
    async def fetch(self, address: str, user_context: C_contra) -> bytes: ...


class Greet(SyncCall[Greeter[ContextT], str, ContextT]):
    name: str


class Fetch(Call[Greeter[ContextT], bytes, ContextT]):
    address: str


@Greet[AppContext].before
def greets(call: Greet[AppContext]) -> None:
    call.user_context["seen"] = [call.name]


@Greet[AppContext].after(name="greeted")
def greeted(call: Greet[AppContext], result: str) -> None:
    call.user_context["seen"] = [call.name, result]


assert_type(greets, Override[Greeter[AppContext]])
assert_type(greeted, Override[Greeter[AppContext]])


# program: a hook of an async one
@Fetch[AppContext].after
async def fetched(call: Fetch[AppContext], result: bytes) -> None:
    call.user_context["seen"] = [call.address, result.decode()]


# program: one wrapper around every function
def traced(function: str, original: Callable[P, Coroutine[Any, Any, R]], /) -> Callable[P, Coroutine[Any, Any, R]]:
    async def tracing(*args: P.args, **kwargs: P.kwargs) -> R:
        current_context(AppContext)["seen"] = [function]
        return await original(*args, **kwargs)

    return tracing


everything = wrap_all(traced, name="traced", before=["audit"])
of_functions: Override[RecipeInterface[AppContext]] = everything
of_greeter: Override[Greeter[UserContext]] = everything


# program: one wrapper around functions of either kind
def named(function: str, original: Callable[P, R], /) -> Callable[P, R]:
    def calling(*args: P.args, **kwargs: P.kwargs) -> R:
        return original(*args, **kwargs)

    return calling


every_one: Override[Greeter[AppContext]] = wrap_all(named)


# program: a wrapper around every function, as an object
class Spans:
    def __init__(self) -> None:
        self.open: dict[str, int] = {}

    def __call__(
        self, function: str, original: Callable[P, Coroutine[Any, Any, R]], /
    ) -> Callable[P, Coroutine[Any, Any, R]]:
        async def spanned(*args: P.args, **kwargs: P.kwargs) -> R:
            self.open[function] = self.open.get(function, 0) + 1
            return await original(*args, **kwargs)

        return spanned


spans = wrap_all(Spans())

# program: a wrapper around every function, in a plugin and at a recipe
traces = Plugin[AppContext]("traces", [wrap_all(traced), welcome])
emailpassword.init(override=emailpassword.InputOverrideConfig[AppContext](functions=[wrap_all(traced), welcome]))

# program: a hook and an override are recorded
seen = recording(welcome)
assert_type(seen.override, Override[RecipeInterface[AppContext]])
also = recording(passes)
assert_type(also.override, Override[RecipeInterface[AppContext]])


# program: a hook of a session reads what was returned
@CreateNewSession[AppContext].after
async def opened(call: CreateNewSession[AppContext], result: SessionContainer) -> None:
    call.user_context["seen"] = [result.get_handle()]
