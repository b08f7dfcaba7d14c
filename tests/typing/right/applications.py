"""Whole applications: init, and what it returns."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, ParamSpec, TypeVar, assert_type

from authweave import App, InputAppInfo, UserContext, default_app, init, override
from authweave.app import Explanation, RecipeSetup
from authweave.kernel import ExplainedFunction, Interface, Override, wrap
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword import EmailPasswordRecipe
from authweave.recipe.emailpassword.interfaces import APIInterface as EmailPasswordAPIs
from authweave.recipe.emailpassword.interfaces import RecipeInterface as EmailPasswordFunctions
from authweave.recipe.emailpassword.interfaces import SignInResult, SignUpResult
from authweave.recipe.emailpassword.signatures import VerifyCredentials
from authweave.recipe.session import SessionRecipe
from authweave.recipe.session.interfaces import RecipeInterface as SessionFunctions
from authweave.recipe.session.signatures import RevokeSession
from authweave.storage.memory import MemoryStorage

P = ParamSpec("P")
R = TypeVar("R")

INFO = InputAppInfo(app_name="Example", api_domain="api.example.com", website_domain="example.com")
SECRET = "a secret of more than thirty-two bytes"


class AuditContext(UserContext, total=False):
    audit: list[str]


class LimitContext(UserContext, total=False):
    attempts: int


class AppContext(AuditContext, LimitContext, total=False):
    is_sign_up: bool


@override(EmailPasswordFunctions[LimitContext].verify_credentials)
async def limited(
    original: VerifyCredentials[LimitContext], email: str, password: str, tenant_id: str, user_context: LimitContext
) -> SignInResult:
    user_context["attempts"] = user_context.get("attempts", 0) + 1
    return await original(email, password, tenant_id, user_context)


@override(SessionFunctions[AuditContext].revoke_session)
async def audited(original: RevokeSession[AuditContext], session_handle: str, user_context: AuditContext) -> bool:
    user_context.setdefault("audit", []).append(session_handle)
    return await original(session_handle, user_context)


def traced(original: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    return original


def by_seed(original_implementation: EmailPasswordFunctions[AppContext]) -> EmailPasswordFunctions[AppContext]:
    original_implementation.sign_up = traced(original_implementation.sign_up)
    return original_implementation


# program: the smallest application
plain = init(INFO, [emailpassword.init(), session.init()], storage=MemoryStorage(), secret=SECRET)
assert_type(plain, App)
assert_type(plain.loaded, tuple[str, ...])

# program: the parameters' names as the documents have them
init(
    app_info=INFO,
    framework="fastapi",
    recipe_list=[session.init(), emailpassword.init()],
    storage=MemoryStorage(),
    secret=SECRET,
)

# program: an application's context and the overrides of its plugins
app = init(
    INFO,
    context=AppContext,
    recipe_list=[
        emailpassword.init(override=emailpassword.InputOverrideConfig(functions=[limited, by_seed])),
        session.init(override=session.InputOverrideConfig(functions=[audited])),
    ],
    storage=MemoryStorage(),
    secret=SECRET,
)
assert_type(app, App[AppContext])

# program: one recipe with overrides, one without
init(
    INFO,
    context=AppContext,
    recipe_list=[
        emailpassword.init(),
        session.init(override=session.InputOverrideConfig(functions=audited)),
    ],
    storage=MemoryStorage(),
    secret=SECRET,
)

# program: recipes that are made first
made: list[RecipeSetup[AppContext]] = [
    emailpassword.init(override=emailpassword.InputOverrideConfig(functions=[limited])),
    session.init(override=session.InputOverrideConfig(functions=[audited])),
]
init(INFO, made, context=AppContext, storage=MemoryStorage(), secret=SECRET)

# program: a context that is inferred from the only recipe
inferred = init(
    INFO,
    [session.init(override=session.InputOverrideConfig(functions=[audited]))],
    storage=MemoryStorage(),
    secret=SECRET,
)
assert_type(inferred, App[AuditContext])

# program: overrides of any recipe in one list
init(
    INFO,
    [emailpassword.init(), session.init()],
    context=AppContext,
    overrides=[limited, audited, wrap(EmailPasswordAPIs[AuditContext].sign_up_post, traced)],
    storage=MemoryStorage(),
    secret=SECRET,
)


# program: a plugin that is a list of overrides of several recipes
def plugin(name: str) -> Sequence[Override[Interface[AuditContext]]]:
    return [audited, wrap(EmailPasswordFunctions[AuditContext].sign_in, traced, name=name)]


init(
    INFO,
    [emailpassword.init(), session.init()],
    context=AppContext,
    overrides=[*plugin("first"), limited],
    storage=MemoryStorage(),
    secret=SECRET,
)

# program: two applications in one process, neither the default
first = init(INFO, [session.init()], storage=MemoryStorage(), secret=SECRET, default=False)
second = init(INFO, [session.init()], storage=MemoryStorage(), secret=SECRET, default=False, context=AppContext)
assert_type(first, App)
assert_type(second, App[AppContext])

# program: an application with another clock and other randomness, in debug mode
init(
    INFO,
    [session.init()],
    storage=MemoryStorage(),
    secret=b"s" * 32,
    clock=lambda: 1_000,
    random=lambda count: b"r" * count,
    debug=True,
    max_body_bytes=1024,
)


# program: functions of an application, by position and by keyword
async def call_functions() -> None:
    functions = app.recipe(EmailPasswordRecipe).functions
    user_context = AppContext(is_sign_up=False)
    assert_type(await functions.sign_up("a@b.example", "secret12", "public", None, None, user_context), SignUpResult)
    assert_type(
        await functions.sign_in(
            email="a@b.example",
            password="secret12",
            tenant_id="public",
            session=None,
            should_try_linking_with_session_user=None,
            user_context=user_context,
        ),
        SignInResult,
    )
    assert_type(await app.recipe(SessionRecipe).functions.revoke_session("handle", user_context={}), bool)


# program: overriding for a block
with app.overriding(limited, audited), plain.overriding(inherit=True):
    pass

# program: who overrides what
assert_type(app.explain(), Explanation)
assert_type(app.explain()["session.functions"], tuple[ExplainedFunction, ...])

# program: the default application
assert_type(default_app(), App)


# program: an application as an attribute, its context a parameter
class Service:
    def __init__(self, auth: App[AppContext]) -> None:
        self.auth = auth

    async def sign_out(self, handle: str) -> bool:
        return await self.auth.recipe(SessionRecipe[AppContext]).functions.revoke_session(handle, {"audit": []})


Service(app)
