"""Hooks: what only looks at a call."""

from collections.abc import Coroutine
from typing import Any, Protocol

from typing_extensions import TypeVar
from typing_extensions import override as overrides_base

from authweave.kernel import Call, Interface, Override, Plugin, SyncCall, UserContext, compose, overridable
from authweave.recipe import emailpassword
from authweave.recipe.emailpassword import SignIn, SignInResult, SignUp, SignUpPost, SignUpPostResult, SignUpResult
from authweave.recipe.emailpassword.interfaces import RecipeInterface
from authweave.recipe.session import CreateNewSession, SessionContainer

C_contra = TypeVar("C_contra", bound=UserContext, default=UserContext, contravariant=True)
ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)


class AppContext(UserContext, total=False):
    seen: list[str]


class OtherContext(UserContext, total=False):
    plan: str


class Greeter(Interface[C_contra], Protocol[C_contra]):
    @overridable
    def greet(self, name: str, user_context: C_contra) -> str: ...

    @overridable
    async def fetch(self, address: str, user_context: C_contra) -> bytes: ...


class Greet(SyncCall[Greeter[ContextT], str, ContextT]):
    name: str


class Fetch(Call[Greeter[ContextT], bytes, ContextT]):
    address: str


class PlainGreeter(Greeter[AppContext]):
    @overridable
    @overrides_base
    def greet(self, name: str, user_context: AppContext) -> str:
        return name

    @overridable
    @overrides_base
    async def fetch(self, address: str, user_context: AppContext) -> bytes:
        return address.encode()


def greeter_with(override: Override[Greeter[AppContext]]) -> None:
    """Compose a greeter."""
    plain: Greeter[AppContext] = PlainGreeter()
    compose(plain, [override])


# program: a hook after a call takes no result
@SignIn[AppContext].after  # wrong: init, all
async def without_result(call: SignIn[AppContext]) -> None: ...


# program: a hook before a call takes a result
@SignIn[AppContext].before  # wrong: init, all
async def with_result(call: SignIn[AppContext], result: SignInResult) -> None: ...


# program: the result is of another type
@SignIn[AppContext].after  # wrong: all
async def other_result(call: SignIn[AppContext], result: bool) -> None: ...


# program: the result is of another function
@SignIn[AppContext].after  # wrong: all
async def result_of_sign_up(call: SignIn[AppContext], result: SignUpResult) -> None: ...


# program: the call is of another function
@SignIn[AppContext].after  # wrong: all
async def other_call(call: SignUp[AppContext], result: SignInResult) -> None: ...


# program: the call is of another context
@SignIn[AppContext].before  # wrong: all
async def other_context(call: SignIn[OtherContext]) -> None: ...


# program: a hook that returns something
@SignIn[AppContext].after  # wrong: all
async def returns(call: SignIn[AppContext], result: SignInResult) -> SignInResult:
    return result


# program: a hook that says whether to go on
@SignIn[AppContext].before  # wrong: all
async def decides(call: SignIn[AppContext]) -> bool:
    return call.email != "eve@example.com"


# program: a sync hook of an async function
@SignIn[AppContext].after  # wrong: init, all
def synchronous(call: SignIn[AppContext], result: SignInResult) -> None: ...


# program: a sync hook before an async function
@SignIn[AppContext].before  # wrong: init, all
def synchronous_before(call: SignIn[AppContext]) -> None: ...


# program: an async hook of a sync function
@Greet[AppContext].after  # wrong: init, all
async def asynchronous(call: Greet[AppContext], result: str) -> None: ...


greeter_with(asynchronous)


# program: an async hook before a sync function
@Greet[AppContext].before  # wrong: init, all
async def asynchronous_before(call: Greet[AppContext]) -> None: ...


greeter_with(asynchronous_before)


# program: a hook of a sync function is given the result of another type
@Greet[AppContext].after  # wrong: all
def result_as_bytes(call: Greet[AppContext], result: bytes) -> None: ...


# program: a hook of an async function is given its coroutine
@Fetch[AppContext].after  # wrong: all
async def result_as_coroutine(call: Fetch[AppContext], result: Coroutine[Any, Any, bytes]) -> None: ...


# program: a parameter is misspelt
@SignIn[AppContext].after
async def misspelt(call: SignIn[AppContext], result: SignInResult) -> None:
    call.user_context["seen"] = [call.emial]  # wrong: all


# program: a key that the context does not declare
@SignIn[AppContext].before
async def no_such_key(call: SignIn[AppContext]) -> None:
    call.user_context["sene"] = [call.email]  # wrong: all


# program: the result of the union is used without a look at what it is
@SignIn[AppContext].after
async def not_looked_at(call: SignIn[AppContext], result: SignInResult) -> None:
    call.user_context["seen"] = [result.user.id]  # wrong: all


# program: a parameter of one of two functions
async def announce(call: SignUp[AppContext] | CreateNewSession[AppContext], result: object) -> None:
    call.user_context["seen"] = [call.email]  # wrong: all


# program: one hook is used for a function that it does not name
async def for_sign_up(call: SignUp[AppContext], result: SignUpResult) -> None: ...


SignIn[AppContext].after(for_sign_up)  # wrong: all


# program: there is no such hook
@SignIn[AppContext].around  # wrong: init, all but pyrefly
async def around(call: SignIn[AppContext]) -> SignInResult:
    return await call.original()


# program: what orders others is given to the hook
@SignIn[AppContext].before(before="audit")  # wrong: init
async def by_one_text(call: SignIn[AppContext]) -> None: ...


# program: a name is given by position
@SignIn[AppContext].after("audit")  # wrong: init, all
async def named_by_position(call: SignIn[AppContext], result: SignInResult) -> None: ...


# program: a hook that needs a key is taken for one of any application
@SignIn[AppContext].after
async def needs_seen(call: SignIn[AppContext], result: SignInResult) -> None: ...


for_any_app: Override[RecipeInterface[UserContext]] = needs_seen  # wrong: all


# program: a hook of an API among those of functions
@SignUpPost[AppContext].after
async def of_api(call: SignUpPost[AppContext], result: SignUpPostResult) -> None: ...


emailpassword.InputOverrideConfig[AppContext](functions=[of_api])  # wrong: all


# program: a hook that needs a key in a plugin for any application
@CreateNewSession[AppContext].after
async def opened(call: CreateNewSession[AppContext], result: SessionContainer) -> None: ...


Plugin[UserContext]("audit", [opened])  # wrong: all


# program: a hook is called as a function
@SignIn[AppContext].before
async def a_hook(call: SignIn[AppContext]) -> None: ...


async def call_it(call: SignIn[AppContext]) -> None:
    await a_hook(call)  # wrong: all


# program: a method of another shape is a hook
class Audit:
    async def after(self, call: SignIn[AppContext], result: SignInResult, mark: str) -> None: ...


SignIn[AppContext].after(Audit().after)  # wrong: all
