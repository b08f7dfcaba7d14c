"""Plugins."""

from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

from authweave import InputAppInfo, UserContext, init, override
from authweave.kernel import Plugin, wrap
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword.interfaces import RecipeInterface, SignInResult
from authweave.recipe.emailpassword.signatures import VerifyCredentials
from authweave.recipe.session.interfaces import RecipeInterface as SessionFunctions
from authweave.storage.memory import MemoryStorage

P = ParamSpec("P")
R = TypeVar("R")

INFO = InputAppInfo("Example", "api.example.com", website_domain="example.com")
SECRET = b"s" * 32


class LimitContext(UserContext, total=False):
    attempts: int


class AuditContext(UserContext, total=False):
    audit: list[str]


class AppContext(AuditContext, total=False):
    is_sign_up: bool


@override(RecipeInterface[LimitContext].verify_credentials, name="count")
async def counted(
    original: VerifyCredentials[LimitContext], email: str, password: str, tenant_id: str, user_context: LimitContext
) -> SignInResult:
    user_context["attempts"] = user_context.get("attempts", 0) + 1
    return await original(email, password, tenant_id, user_context)


def traced(original: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    return original


limits = Plugin("limits", [counted])
audit = Plugin("audit", [wrap(SessionFunctions[AuditContext].revoke_session, traced, name="log")])


# program: the application's context lacks the key of a listed plugin
init(  # wrong: mypy
    INFO,
    [emailpassword.init(), session.init()],
    context=AppContext,
    plugins=[limits],  # wrong: all but mypy, zuban
    storage=MemoryStorage(),
    secret=SECRET,
)


# program: the application's context lacks the key of one of several plugins
init(
    INFO,
    [emailpassword.init(), session.init()],
    context=AppContext,
    plugins=[audit, limits],  # wrong: all but zuban
    storage=MemoryStorage(),
    secret=SECRET,
)


# program: the application declares no context, and a plugin needs keys
init(  # wrong: mypy
    INFO,
    [emailpassword.init(), session.init()],
    context=UserContext,
    plugins=[limits],  # wrong: all but mypy, zuban
    storage=MemoryStorage(),
    secret=SECRET,
)


# program: a plugin for more keys is taken for one for fewer
narrower: Plugin = limits  # wrong: all


# program: an override needs a key that its plugin does not announce
announced: Plugin[AuditContext] = Plugin("announced", [counted])  # wrong: all


# program: a plugin is given its overrides one by one
one_by_one = Plugin("one_by_one", counted, counted)  # wrong: init, all


# program: a plugin has no id
nameless = Plugin([counted])  # wrong: init, all


# program: a plugin's requirement is one text instead of several
spelled = Plugin("spelled", [counted], requires="limits")  # wrong: init


# program: a plugin is listed among the overrides
init(  # wrong: init
    INFO,
    [emailpassword.init(), session.init()],
    context=LimitContext,
    overrides=[limits],  # wrong: all
    storage=MemoryStorage(),
    secret=SECRET,
)


# program: an override is listed among the plugins
init(  # wrong: init
    INFO,
    [emailpassword.init(), session.init()],
    context=LimitContext,
    plugins=[counted],  # wrong: all
    storage=MemoryStorage(),
    secret=SECRET,
)


# program: a plugin is listed twice
init(  # wrong: init
    INFO,
    [emailpassword.init(), session.init()],
    context=LimitContext,
    plugins=[limits, limits],
    storage=MemoryStorage(),
    secret=SECRET,
)


# program: a plugin requires one that is not listed
init(  # wrong: init
    INFO,
    [emailpassword.init(), session.init()],
    context=LimitContext,
    plugins=[Plugin("needs", [counted], requires=["audit"])],
    storage=MemoryStorage(),
    secret=SECRET,
)


# program: a plugin's override is named wrongly
init(  # wrong: init
    INFO,
    [emailpassword.init(), session.init()],
    context=LimitContext,
    overrides=[wrap(RecipeInterface[LimitContext].verify_credentials, traced, after=["limits/cuont"])],
    plugins=[limits],
    storage=MemoryStorage(),
    secret=SECRET,
)


# program: a plugin is changed after it was made
limits.before = ("audit",)  # wrong: init, all
