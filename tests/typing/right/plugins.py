"""Plugins: overrides of several recipes, published under one id."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, ParamSpec, TypeVar, assert_type

from authweave import App, InputAppInfo, UserContext, init, override
from authweave.kernel import Interface, Override, Plugin, wrap
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword.interfaces import APIInterface as EmailPasswordAPIs
from authweave.recipe.emailpassword.interfaces import RecipeInterface as EmailPasswordFunctions
from authweave.recipe.emailpassword.interfaces import SignInResult
from authweave.recipe.emailpassword.signatures import VerifyCredentials
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


@override(EmailPasswordFunctions[LimitContext].verify_credentials, name="count")
async def counted(
    original: VerifyCredentials[LimitContext], email: str, password: str, tenant_id: str, user_context: LimitContext
) -> SignInResult:
    user_context["attempts"] = user_context.get("attempts", 0) + 1
    return await original(email, password, tenant_id, user_context)


@override(SessionFunctions[AuditContext].revoke_session, name="log")
async def logged(original: RevokeSession[AuditContext], session_handle: str, user_context: AuditContext) -> bool:
    user_context.setdefault("audit", []).append(session_handle)
    return await original(session_handle, user_context)


def traced(original: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    return original


# program: a plugin of overrides of several recipes, in one context
audit = Plugin("audit", [logged, wrap(EmailPasswordAPIs[AuditContext].sign_up_post, traced)])
assert_type(audit, Plugin[AuditContext])

# program: a plugin that needs no keys
tracing = Plugin("tracing", [wrap(EmailPasswordFunctions[UserContext].sign_in, traced)])
assert_type(tracing, Plugin)

# program: a plugin that orders itself by others
limits = Plugin("limits", [counted], requires=["audit"], before=["tracing"], after=("audit", "elsewhere"))
assert_type(limits, Plugin[LimitContext])
assert_type(limits.requires, tuple[str, ...])

# program: an application has the keys of all its plugins
app = init(
    INFO,
    [emailpassword.init(), session.init()],
    context=AppContext,
    plugins=[audit, limits, tracing],
    storage=MemoryStorage(),
    secret=SECRET,
)
assert_type(app, App[AppContext])


# program: a plugin that is made by a function, from its options
def limiting(most: int) -> Plugin[LimitContext]:
    @override(EmailPasswordFunctions[LimitContext].verify_credentials)
    async def limit(
        original: VerifyCredentials[LimitContext], email: str, password: str, tenant_id: str, user_context: LimitContext
    ) -> SignInResult:
        if user_context.get("attempts", 0) > most:
            raise PermissionError
        return await original(email, password, tenant_id, user_context)

    return Plugin("limiting", [limit])


init(
    INFO,
    [emailpassword.init(), session.init()],
    context=LimitContext,
    plugins=[limiting(most=3)],
    storage=MemoryStorage(),
    secret=SECRET,
)


# program: a plugin of overrides that need different keys
class BothContext(AuditContext, LimitContext, total=False):
    pass


both = Plugin[BothContext]("both", [counted, logged])
init(
    INFO,
    [emailpassword.init(), session.init()],
    context=BothContext,
    plugins=[both],
    storage=MemoryStorage(),
    secret=SECRET,
)

# program: plugins beside overrides of the application
init(
    INFO,
    [emailpassword.init(), session.init()],
    context=AppContext,
    overrides=[
        wrap(SessionFunctions[AppContext].revoke_session, traced, name="inside", after=["audit/log"]),
        wrap(SessionFunctions[AppContext].refresh_session, traced),
    ],
    plugins=[audit],
    storage=MemoryStorage(),
    secret=SECRET,
)


# program: plugins that are listed first
def chosen(*, strict: bool) -> Sequence[Plugin[AppContext]]:
    every: list[Plugin[AppContext]] = [audit, tracing]
    return [*every, limits] if strict else every


init(
    INFO,
    [emailpassword.init(), session.init()],
    context=AppContext,
    plugins=chosen(strict=True),
    storage=MemoryStorage(),
    secret=SECRET,
)

# program: a plugin for fewer keys is one for more
wider: Plugin[AppContext] = limits
narrow: Plugin[LimitContext] = Plugin("narrow", [wrap(SessionFunctions[UserContext].refresh_session, traced)])


# program: overrides that a plugin offers one by one
def offered(plugin: Plugin[AuditContext]) -> Sequence[Override[Interface[AuditContext]]]:
    return plugin.overrides[1:]
