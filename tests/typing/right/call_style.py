"""Overrides that are handed a call, written with their context."""

import functools
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol, assert_type

from typing_extensions import TypeVar
from typing_extensions import override as overrides_base

from authweave.kernel import Call, Interface, Override, Plugin, SyncCall, UserContext, compose, overridable, overriding
from authweave.recipe import emailpassword, session, thirdparty
from authweave.recipe.emailpassword import (
    EmailAlreadyExistsError,
    EmailExistsGet,
    EmailExistsGetOkResult,
    EmailExistsGetResult,
    SignIn,
    SignInOkResult,
    SignInPost,
    SignInPostResult,
    SignInResult,
    SignUp,
    SignUpOkResult,
    SignUpPost,
    SignUpPostResult,
    SignUpResult,
    WrongCredentialsError,
)
from authweave.recipe.emailpassword.interfaces import APIInterface, RecipeInterface
from authweave.recipe.session import CreateNewSession, GetSession, RevokeMultipleSessions, SessionContainer
from authweave.recipe.session.interfaces import RecipeInterface as SessionFunctions
from authweave.recipe.thirdparty import GetUserInfo, SignInUp, SignInUpResult, UserInfo
from authweave.types import JSON, LinkingToSessionUserFailedError

C_contra = TypeVar("C_contra", bound=UserContext, default=UserContext, contravariant=True)
ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)


class AppContext(UserContext, total=False):
    is_sign_up: bool
    attempts: int


class MoreContext(AppContext, total=False):
    plan: str


# program: the seeds' example: no session after sign-up
@SignUpPost[AppContext].override
async def mark_sign_up(call: SignUpPost[AppContext]) -> SignUpPostResult:
    call.user_context["is_sign_up"] = True
    return await call.original()


@CreateNewSession[AppContext].override
async def no_session_after_sign_up(call: CreateNewSession[AppContext]) -> SessionContainer:
    if call.user_context.get("is_sign_up"):
        call.access_token_payload = {"new": True}
    return await call.original()


assert_type(mark_sign_up, Override[APIInterface[AppContext]])
assert_type(no_session_after_sign_up, Override[SessionFunctions[AppContext]])


# program: the types of parameters, context, original and result
@SignUp[AppContext].override
async def types_of_all(call: SignUp[AppContext]) -> SignUpResult:
    assert_type(call.email, str)
    assert_type(call.session, SessionContainer | None)
    assert_type(call.should_try_linking_with_session_user, bool | None)
    assert_type(call.user_context, AppContext)
    result = await call.original()
    assert_type(result, SignUpResult)
    return result


# program: a parameter is replaced
@SignUp[AppContext].override
async def lower_case(call: SignUp[AppContext]) -> SignUpResult:
    call.email = call.email.lower()
    call.should_try_linking_with_session_user = None
    return await call.original()


# program: a function is replaced: the original is never called
@SignUp[UserContext].override
async def closed(call: SignUp[UserContext]) -> SignUpResult:
    return EmailAlreadyExistsError()


# program: a narrower result than the function's
@SignIn[UserContext].override
async def nobody(call: SignIn[UserContext]) -> WrongCredentialsError:
    return WrongCredentialsError()


# program: the original is called again
@SignIn[AppContext].override
async def trim_on_failure(call: SignIn[AppContext]) -> SignInResult:
    result = await call.original()
    if isinstance(result, SignInOkResult):
        assert_type(result, SignInOkResult)
        return result
    call.password = call.password.strip()
    return await call.original()


# program: the result is looked into by match
@SignUp[AppContext].override
async def count_new_users(call: SignUp[AppContext]) -> SignUpResult:
    result = await call.original()
    match result:
        case SignUpOkResult(user=user):
            call.user_context["attempts"] = len(user.login_methods)
        case EmailAlreadyExistsError() | LinkingToSessionUserFailedError():
            call.user_context["attempts"] = 0
    return result


# program: names and order
@SignIn[AppContext].override(name="audit", before=["closed"], after=("lower_case",))
async def named(call: SignIn[AppContext]) -> SignInResult:
    return await call.original()


assert_type(named, Override[RecipeInterface[AppContext]])


# program: parentheses without arguments
@SignIn[AppContext].override()
async def parentheses(call: SignIn[AppContext]) -> SignInResult:
    return await call.original()


# program: a field of a form
@SignUpPost[AppContext].override
async def reads_fields(call: SignUpPost[AppContext]) -> SignUpPostResult:
    assert_type(call.field("email"), str)
    assert_type(call.field("password"), str)
    age: JSON = call.field("age")
    call.user_context["is_sign_up"] = age is None
    return await call.original()


# program: the fields of a form are replaced
@SignInPost[UserContext].override
async def without_extras(call: SignInPost[UserContext]) -> SignInPostResult:
    call.form_fields = [field for field in call.form_fields if field.id in {"email", "password"}]
    return await call.original()


# program: an API that makes its own answer
@EmailExistsGet[UserContext].override
async def tells_nobody(call: EmailExistsGet[UserContext]) -> EmailExistsGetResult:
    return EmailExistsGetOkResult(exists=False)


# program: functions of sessions
@GetSession[AppContext].override
async def always_checked(call: GetSession[AppContext]) -> SessionContainer | None:
    call.check_database = True
    found = await call.original()
    assert_type(found, SessionContainer | None)
    return found


@RevokeMultipleSessions[UserContext].override
async def sorted_handles(call: RevokeMultipleSessions[UserContext]) -> list[str]:
    call.session_handles = sorted(call.session_handles)
    return await call.original()


# program: functions of third parties and of a provider
@SignInUp[AppContext].override
async def only_verified(call: SignInUp[AppContext]) -> SignInUpResult:
    call.is_verified = call.is_verified and call.third_party_id != "corp"
    return await call.original()


@GetUserInfo[AppContext].override
async def without_tokens(call: GetUserInfo[AppContext]) -> UserInfo:
    call.oauth_tokens = {"access_token": call.oauth_tokens["access_token"]}
    return await call.original()


# program: a method, a static one and a callable object
class Throttle:
    def __init__(self, limit: int) -> None:
        self.limit = limit

    async def sign_in(self, call: SignIn[AppContext]) -> SignInResult:
        self.limit -= 1
        return await call.original() if self.limit > 0 else WrongCredentialsError()

    @staticmethod
    async def sign_up(call: SignUp[AppContext]) -> SignUpResult:
        return await call.original()

    async def __call__(self, call: SignIn[AppContext]) -> SignInResult:
        return await self.sign_in(call)


throttle = Throttle(3)
methods: list[Override[RecipeInterface[AppContext]]] = [
    SignIn[AppContext].override(throttle.sign_in),
    SignUp[AppContext].override(Throttle.sign_up),
    SignIn[AppContext].override(throttle),
]


# program: a closure, made to measure
def closed_for(domain: str) -> Override[RecipeInterface[UserContext]]:
    @SignUp[UserContext].override(name=f"closed for {domain}")
    async def refuses(call: SignUp[UserContext]) -> SignUpResult:
        if call.email.endswith(f"@{domain}"):
            return EmailAlreadyExistsError()
        return await call.original()

    return refuses


# program: a partial
async def closed_at(domain: str, call: SignUp[UserContext]) -> SignUpResult:
    return EmailAlreadyExistsError() if call.email.endswith(domain) else await call.original()


partly = SignUp[UserContext].override(functools.partial(closed_at, "@example.com"))
assert_type(partly, Override[RecipeInterface[UserContext]])


# program: a def that returns the original's awaitable
@SignUp[AppContext].override
def passes(call: SignUp[AppContext]) -> Awaitable[SignUpResult]:
    return call.original()


# program: originals at the same time
async def both(first: SignIn[AppContext], second: SignIn[AppContext]) -> SignInResult:
    pending: Coroutine[Any, Any, SignInResult] = first.original()
    await second.original()
    return await pending


# program: overrides for other contexts in one list
overrides: list[Override[RecipeInterface[MoreContext]]] = [lower_case, closed, nobody, named, *methods]

# program: overrides at a recipe and in a plugin
emailpassword.init(
    override=emailpassword.InputOverrideConfig[AppContext](
        functions=[lower_case, closed, trim_on_failure], apis=[mark_sign_up, tells_nobody]
    )
)
session.init(override=session.InputOverrideConfig[AppContext](functions=no_session_after_sign_up))
thirdparty.init(override=thirdparty.InputOverrideConfig[AppContext](functions=[only_verified]))
plugin = Plugin[AppContext]("audit", [lower_case, mark_sign_up, no_session_after_sign_up, without_tokens])


# program: a function that is for the call of any context
async def described(call: SignUp[ContextT]) -> str:
    return f"{call.tenant_id}: {call.email}"


@SignUp[AppContext].override
async def describes(call: SignUp[AppContext]) -> SignUpResult:
    assert_type(await described(call), str)
    return await call.original()


# program: an interface of the kernel alone, and its classes of calls
class Greeter(Interface[C_contra], Protocol[C_contra]):
    @overridable
    def greet(self, name: str, greeting: str = "Hello", *, loud: bool = False, user_context: C_contra) -> str: ...
    @overridable
    async def fetch(self, address: str, user_context: C_contra) -> bytes | None: ...


class Greet(SyncCall[Greeter[ContextT], str, ContextT]):
    name: str
    greeting: str = "Hello"
    loud: bool = False

    def shouted(self) -> str:
        return self.name.upper()


class FetchIt(Call[Greeter[ContextT], bytes | None, ContextT], function="fetch"):
    address: str


class PlainGreeter(Greeter[AppContext]):
    @overridable
    @overrides_base
    def greet(self, name: str, greeting: str = "Hello", *, loud: bool = False, user_context: AppContext) -> str:
        return f"{greeting}, {name.upper() if loud else name}"

    @overridable
    @overrides_base
    async def fetch(self, address: str, user_context: AppContext) -> bytes | None:
        return self.greet(address, user_context=user_context).encode()


# program: overrides of its sync and its async function
@Greet[AppContext].override
def loudly(call: Greet[AppContext]) -> str:
    call.loud = True
    call.name = call.shouted()
    assert_type(call.original(), str)
    return call.original() + "!"


@FetchIt[AppContext].override
async def cached(call: FetchIt[AppContext]) -> bytes | None:
    assert_type(await call.original(), bytes | None)
    return b""


assert_type(loudly, Override[Greeter[AppContext]])

# program: they are composed
plain: Greeter[AppContext] = PlainGreeter()
greeter = compose(plain, [loudly, cached])
greeted: str = greeter.greet("Ada", user_context={})
with overriding(greeter, [loudly]):
    greeter.greet("Ada", loud=True, user_context={})


# program: a class of calls of an interface that is not generic
class Counter(Interface, Protocol):
    @overridable
    def count(self, words: list[str], user_context: UserContext) -> int: ...


class Count(SyncCall[Counter, int, UserContext]):
    words: list[str]


@Count.override
def twice(call: Count) -> int:
    call.words = call.words * 2
    return call.original()


assert_type(twice, Override[Counter])

# program: a sync override as a lambda and as a method
shorter = Count.override(lambda call: len(call.words[:3]))
assert_type(shorter, Override[Counter])


# program: a decorator of one's own below the library's
def logged(
    function: Callable[[SignIn[AppContext]], Coroutine[Any, Any, SignInResult]],
) -> Callable[[SignIn[AppContext]], Coroutine[Any, Any, SignInResult]]:
    async def logging(call: SignIn[AppContext]) -> SignInResult:
        return await function(call)

    return logging


@SignIn[AppContext].override
@logged
async def decorated(call: SignIn[AppContext]) -> SignInResult:
    return await call.original()
