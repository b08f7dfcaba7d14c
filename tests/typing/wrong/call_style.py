"""Overrides that are handed a call."""

from typing import Protocol

from typing_extensions import TypeVar
from typing_extensions import override as overrides_base

from authweave.kernel import Call, Interface, Override, Plugin, SyncCall, UserContext, compose, overridable
from authweave.recipe import emailpassword
from authweave.recipe.emailpassword import (
    EmailAlreadyExistsError,
    SignIn,
    SignInResult,
    SignUp,
    SignUpPost,
    SignUpPostResult,
    SignUpResult,
    WrongCredentialsError,
)
from authweave.recipe.emailpassword.interfaces import RecipeInterface
from authweave.recipe.session import CreateNewSession, SessionContainer

C_contra = TypeVar("C_contra", bound=UserContext, default=UserContext, contravariant=True)
ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)


class AppContext(UserContext, total=False):
    attempts: int


class OtherContext(UserContext, total=False):
    plan: str


class Greeter(Interface[C_contra], Protocol[C_contra]):
    @overridable
    def greet(self, name: str, *, loud: bool = False, user_context: C_contra) -> str: ...

    @overridable
    async def fetch(self, address: str, user_context: C_contra) -> bytes: ...


class Greet(SyncCall[Greeter[ContextT], str, ContextT]):
    name: str
    loud: bool = False


class Fetch(Call[Greeter[ContextT], bytes, ContextT]):
    address: str


class PlainGreeter(Greeter[AppContext]):
    @overridable
    @overrides_base
    def greet(self, name: str, *, loud: bool = False, user_context: AppContext) -> str:
        return name.upper() if loud else name

    @overridable
    @overrides_base
    async def fetch(self, address: str, user_context: AppContext) -> bytes:
        return address.encode()


def greeter_with(override: Override[Greeter[AppContext]]) -> None:
    """Compose a greeter."""
    plain: Greeter[AppContext] = PlainGreeter()
    compose(plain, [override])


# program: a parameter is misspelt when read
@SignIn[AppContext].override
async def misspelt(call: SignIn[AppContext]) -> SignInResult:
    call.user_context["attempts"] = len(call.emial)  # wrong: all
    return await call.original()


# program: a parameter is misspelt when replaced
@SignIn[AppContext].override
async def misspelt_assigned(call: SignIn[AppContext]) -> SignInResult:
    call.emial = "a@b.example"  # wrong: all
    return await call.original()


# program: a parameter is replaced by one of another type
@SignIn[AppContext].override
async def wrong_type(call: SignIn[AppContext]) -> SignInResult:
    call.email = call.email.encode()  # wrong: all
    return await call.original()


# program: a parameter is replaced by None
@SignIn[AppContext].override
async def by_none(call: SignIn[AppContext]) -> SignInResult:
    call.password = None  # wrong: all
    return await call.original()


# program: a parameter that may be None is used as if it could not
@SignIn[AppContext].override
async def may_be_none(call: SignIn[AppContext]) -> SignInResult:
    call.user_context["attempts"] = len(call.session.get_handle())  # wrong: all
    return await call.original()


# program: a key that the context does not declare
@SignIn[AppContext].override
async def no_such_key(call: SignIn[AppContext]) -> SignInResult:
    call.user_context["atempts"] = 1  # wrong: all
    return await call.original()


# program: a key of another type
@SignIn[AppContext].override
async def key_of_other_type(call: SignIn[AppContext]) -> SignInResult:
    call.user_context["attempts"] = "one"  # wrong: all
    return await call.original()


# program: the context is replaced by one of another type
@SignIn[AppContext].override
async def other_context(call: SignIn[AppContext]) -> SignInResult:
    call.user_context = OtherContext(plan="free")  # wrong: all
    return await call.original()


# program: the result is of the wrong type
@SignIn[AppContext].override  # wrong: all
async def wrong_result(call: SignIn[AppContext]) -> bool:
    return bool(await call.original())


# program: the result is of another function's union
@SignIn[AppContext].override  # wrong: all
async def of_sign_up(call: SignIn[AppContext]) -> SignUpResult:
    return EmailAlreadyExistsError()


# program: a result that the function does not return
@SignIn[AppContext].override
async def returns_another(call: SignIn[AppContext]) -> SignInResult:
    return EmailAlreadyExistsError()  # wrong: all


# program: the original is not awaited
@SignIn[AppContext].override
async def not_awaited(call: SignIn[AppContext]) -> SignInResult:
    return call.original()  # wrong: all


# program: the original's result is used before it is awaited
@SignIn[AppContext].override
async def too_early(call: SignIn[AppContext]) -> SignInResult:
    result = call.original()
    call.user_context["attempts"] = len(result.user.emails)  # wrong: all
    return await result


# program: the original is handed the parameters
@SignIn[AppContext].override
async def with_parameters(call: SignIn[AppContext]) -> SignInResult:
    return await call.original(call.email, call.password)  # wrong: all


# program: a parameter is replaced when calling the original
@SignIn[AppContext].override
async def with_keyword(call: SignIn[AppContext]) -> SignInResult:
    return await call.original(email=call.email.lower())  # wrong: all


# program: the original is called as a function that takes the place of the call
@SignIn[AppContext].override
async def called_itself(call: SignIn[AppContext]) -> SignInResult:
    return await call()  # wrong: all


# program: the function is sync where an async one must be
@SignIn[AppContext].override  # wrong: init, all
def not_async(call: SignIn[AppContext]) -> SignInResult:
    return WrongCredentialsError()


# program: the call is of another function
@SignIn[AppContext].override  # wrong: all
async def other_call(call: SignUp[AppContext]) -> SignInResult:
    return WrongCredentialsError()


# program: the call is of another context
@SignIn[AppContext].override  # wrong: all
async def call_of_other_context(call: SignIn[OtherContext]) -> SignInResult:
    return WrongCredentialsError()


# program: the call is of a context with more keys than the class was given
@SignIn[UserContext].override  # wrong: all
async def call_of_larger_context(call: SignIn[AppContext]) -> SignInResult:
    return await call.original()


# program: there is a parameter too many
@SignIn[AppContext].override  # wrong: init, all
async def too_many(call: SignIn[AppContext], email: str) -> SignInResult:
    return await call.original()


# program: there is no parameter
@SignIn[AppContext].override  # wrong: init, all
async def too_few() -> SignInResult:
    return WrongCredentialsError()


# program: the class is used as the decorator
@SignIn[AppContext]  # wrong: init, all
async def decorated_by_class(call: SignIn[AppContext]) -> SignInResult:
    return await call.original()


# program: a name that is no text
@SignIn[AppContext].override(name=3)  # wrong: all
async def named_by_number(call: SignIn[AppContext]) -> SignInResult:
    return await call.original()


# program: a name is given by position
@SignIn[AppContext].override("audit")  # wrong: init, all
async def named_by_position(call: SignIn[AppContext]) -> SignInResult:
    return await call.original()


# program: a keyword that is misspelt
@SignIn[AppContext].override(nmae="audit")  # wrong: init, all
async def misspelt_keyword(call: SignIn[AppContext]) -> SignInResult:
    return await call.original()


# program: the class is given something that is no context
@SignIn[int].override  # wrong: all
async def of_int(call: SignIn[AppContext]) -> SignInResult:
    return await call.original()


# program: an override that needs a key is taken for one that any application can use
@SignIn[AppContext].override
async def needs_attempts(call: SignIn[AppContext]) -> SignInResult:
    call.user_context["attempts"] = 1
    return await call.original()


for_any_app: Override[RecipeInterface[UserContext]] = needs_attempts  # wrong: all

# program: an override that needs a key is taken for one of an application without it
@SignIn[AppContext].override
async def needs_attempts_too(call: SignIn[AppContext]) -> SignInResult:
    return await call.original()


for_other_app: list[Override[RecipeInterface[OtherContext]]] = [needs_attempts_too]  # wrong: all


# program: an override of an API among those of functions
@SignUpPost[AppContext].override
async def of_api(call: SignUpPost[AppContext]) -> SignUpPostResult:
    return await call.original()


of_functions: Override[RecipeInterface[AppContext]] = of_api  # wrong: all


# program: an override of another recipe's function at a recipe
@CreateNewSession[AppContext].override
async def of_session(call: CreateNewSession[AppContext]) -> SessionContainer:
    return await call.original()


emailpassword.InputOverrideConfig[AppContext](functions=[of_session])  # wrong: all

# program: an override that needs a key in a plugin for any application
@CreateNewSession[AppContext].override
async def needs_context(call: CreateNewSession[AppContext]) -> SessionContainer:
    return await call.original()


Plugin[UserContext]("audit", [needs_context])  # wrong: all


# program: a call is made by hand
def by_hand() -> SignIn[AppContext]:
    return SignIn[AppContext](email="a@b.example", password="secret12")  # wrong: all


# program: an override is called as a function
@SignIn[AppContext].override
async def an_override(call: SignIn[AppContext]) -> SignInResult:
    return await call.original()


async def call_it(call: SignIn[AppContext]) -> SignInResult:
    return await an_override(call)  # wrong: all


# program: a field of a form that is text is taken for a number
@SignUpPost[AppContext].override
async def field_of_other_type(call: SignUpPost[AppContext]) -> SignUpPostResult:
    call.user_context["attempts"] = call.field("email")  # wrong: all
    return await call.original()


# program: a field of a form that may be anything is taken for text
@SignUpPost[AppContext].override
async def field_of_any_type(call: SignUpPost[AppContext]) -> SignUpPostResult:
    name: str = call.field("name")  # wrong: all
    call.user_context["attempts"] = len(name)
    return await call.original()


# program: a sync function is overridden by an async one
@Greet[AppContext].override  # wrong: init, all
async def asynchronous(call: Greet[AppContext]) -> str:
    return call.original()


greeter_with(asynchronous)


# program: the original of a sync function is awaited
@Greet[AppContext].override
def awaits(call: Greet[AppContext]) -> str:
    return str(call.original().cr_frame)  # wrong: all


# program: a keyword-only parameter is replaced by one of another type
@Greet[AppContext].override
def loud_by_text(call: Greet[AppContext]) -> str:
    call.loud = "yes"  # wrong: all
    return call.original()


# program: an async function of a kernel-only interface is overridden by a sync one
@Fetch[AppContext].override  # wrong: init, all
def synchronous(call: Fetch[AppContext]) -> bytes:
    return b""


greeter_with(synchronous)


# program: a class of calls declares other parameters than the function has
class Shout(SyncCall[Greeter[ContextT], str, ContextT], function="greet"):
    nmae: str


@Shout[AppContext].override  # wrong: init
def of_wrong_class(call: Shout[AppContext]) -> str:
    return call.original()


# program: a class of calls names no function of the interface
class Whisper(SyncCall[Greeter[ContextT], str, ContextT]):
    name: str


@Whisper[AppContext].override  # wrong: init
def of_no_function(call: Whisper[AppContext]) -> str:
    return call.original()


# program: a class of calls of an async function is sync
class Load(SyncCall[Greeter[ContextT], bytes, ContextT], function="fetch"):
    address: str


@Load[AppContext].override  # wrong: init
def of_wrong_colour(call: Load[AppContext]) -> bytes:
    return call.original()
