"""The user context and its keys."""

from typing import TypedDict

from authweave import InputAppInfo, UserContext, init
from authweave.kernel import carry_context, current_context, override, use_context
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword.interfaces import RecipeInterface, SignInResult
from authweave.recipe.emailpassword.signatures import VerifyCredentials
from authweave.storage.memory import MemoryStorage

INFO = InputAppInfo("Example", "api.example.com", website_domain="example.com")
SECRET = b"s" * 32


class LimitContext(UserContext, total=False):
    attempts: int


class AppContext(UserContext, total=False):
    is_sign_up: bool
    lines: list[str]


@override(RecipeInterface[LimitContext].verify_credentials)
async def limited(
    original: VerifyCredentials[LimitContext], email: str, password: str, tenant_id: str, user_context: LimitContext
) -> SignInResult:
    user_context["attempts"] = user_context.get("attempts", 0) + 1
    return await original(email, password, tenant_id, user_context)


# program: a key is misspelt where it is set
def sets_misspelt(user_context: AppContext) -> None:
    user_context["is_signup"] = True  # wrong: all


# program: a key is misspelt where it is read
def reads_misspelt(user_context: AppContext) -> bool:
    return user_context["is_signup"]  # wrong: all


# program: a key is misspelt where it is deleted
def deletes_misspelt(user_context: AppContext) -> None:
    del user_context["is_signup"]  # wrong: all


# program: a key is set to the wrong type
def sets_wrong_type(user_context: AppContext) -> None:
    user_context["is_sign_up"] = "yes"  # wrong: all


# program: a key is read as the wrong type
def reads_wrong_type(user_context: AppContext) -> int:
    return user_context.get("lines", [])  # wrong: all


# program: a key that may be absent is read as if it were there
def reads_absent(user_context: AppContext) -> bool:
    return user_context["is_sign_up"]  # wrong: pyright, basedpyright


# program: a key that may be absent is used without a default
def uses_absent(user_context: AppContext) -> int:
    return len(user_context.get("lines"))  # wrong: all


# program: a key is declared by nobody
@override(RecipeInterface[UserContext].verify_credentials)
async def undeclared(
    original: VerifyCredentials, email: str, password: str, tenant_id: str, user_context: UserContext
) -> SignInResult:
    user_context["attempts"] = 1  # wrong: all
    return await original(email, password, tenant_id, user_context)


# program: a key is set as an attribute
def sets_attribute(user_context: AppContext) -> None:
    user_context.is_sign_up = True  # wrong: all but pyrefly


# program: a key of the current context is read through the library's view
def reads_library_view() -> bool:
    return current_context()["is_sign_up"]  # wrong: all


# program: the current context is asked for by an object instead of a type
def asks_by_object() -> None:
    current_context(AppContext())  # wrong: all


# program: the current context is asked for as something that is no context
def asks_for_dict() -> None:
    current_context(dict[str, object])  # wrong: all


# program: a context is made with a key that it does not have
made = AppContext(is_signup=True)  # wrong: all


# program: a context is made with a value of the wrong type
made_wrong: AppContext = {"is_sign_up": 1}  # wrong: all


# program: a plain dictionary is made current
def plain_dictionary(content: dict[str, object]) -> None:
    with use_context(content):  # wrong: all
        pass


# program: a context of another type is handed over
def attempts_in(user_context: LimitContext) -> int:
    return user_context.get("attempts", 0)


attempts_in(AppContext(is_sign_up=True))  # wrong: all


# program: two plugins' keys have one name and different types
class OtherLimitContext(UserContext, total=False):
    attempts: list[float]


class BothContext(LimitContext, OtherLimitContext, total=False):  # wrong: all but zuban
    pass


# program: a subclass declares a key of its base with another type
class TextContext(AppContext, total=False):
    is_sign_up: str  # wrong: all but zuban


# program: the context is a plain class
class PlainContext:
    is_sign_up: bool


def over_plain_class(original_implementation: RecipeInterface[PlainContext]) -> None: ...  # wrong: all but pyrefly


# program: the context is a dictionary class
class DictContext(dict[str, object]):
    pass


def over_dict(user_context: DictContext) -> None:
    RecipeInterface[DictContext].verify_credentials  # wrong: all but pyrefly


# program: the application's context does not inherit from UserContext
class AloneContext(TypedDict, total=False):
    is_sign_up: bool


def over_alone(original_implementation: RecipeInterface[AloneContext]) -> None: ...  # wrong: all but pyrefly


# program: the application's context lacks the key of a plugin
init(
    INFO,
    [  # wrong: ty
        emailpassword.init(override=emailpassword.InputOverrideConfig([limited])),  # wrong: mypy
        session.init(),
    ],
    context=AppContext,  # wrong: all but mypy, ty
    storage=MemoryStorage(),
    secret=SECRET,
)


# program: the application's context lacks the key of a plugin for all recipes
init(  # wrong: mypy
    INFO,
    [emailpassword.init(), session.init()],
    context=AppContext,
    overrides=[limited],  # wrong: all but mypy, zuban
    storage=MemoryStorage(),
    secret=SECRET,
)


# program: the application's context lacks the key of a plugin for a block
app = init(INFO, [emailpassword.init(), session.init()], context=AppContext, storage=MemoryStorage(), secret=SECRET)
with app.overriding(limited):  # wrong: all but zuban
    pass


# program: the application's context is handed over as an object
init(INFO, [session.init()], context=AppContext(), storage=MemoryStorage(), secret=SECRET)  # wrong: init, all


# program: the application's context has a key that must be there
class RequiredContext(UserContext):
    request_id: str


init(INFO, [session.init()], context=RequiredContext, storage=MemoryStorage(), secret=SECRET)  # wrong: init


# program: a carried function is called with the wrong argument
def audit(line: str) -> None:
    current_context(AppContext).setdefault("lines", []).append(line)


carry_context(audit)(3)  # wrong: all
