"""
Which application functions without one of their own use: the one that is at work, else the process's default.

The default is what ``init`` made last: the one global beside the ContextVars.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from contextvars import Token
from inspect import signature
from typing import Any, Final, Protocol, TypeAlias, TypeVar, cast

import attrs
from typing_extensions import override

from authweave.http import APPLICATION, AT_WORK, Servable, default_content
from authweave.kernel import ContextArgument, UserContext, Within
from authweave.types import AppInfo, ConfigurationError

from ._recipe import RecipeT

R = TypeVar("R")

CONTEXT: Final = "user_context"


class Application(Servable, Protocol):
    """An application, as recipes know it that stand in front of its composed functions."""

    @property
    def app_info(self) -> AppInfo:
        """Names, domains and base paths, in normal form."""
        ...

    @property
    def max_body_bytes(self) -> int:
        """How long a request's body may be."""
        ...

    @property
    def is_closed(self) -> bool:
        """Whether it was closed."""
        ...

    def recipe(self, kind: type[RecipeT]) -> RecipeT:
        """
        Return one of its recipes.

        Raises:
            authweave.types.ConfigurationError: it does not have it.
        """
        ...

    def run_blocking(
        self,
        coroutine: Coroutine[Any, Any, R],  # Any: nobody sends to a coroutine
        *,
        begins_here: bool = False,
    ) -> R:
        """
        Run a coroutine to its end on a loop of the application's own, in the caller's context.

        Args:
            coroutine: it.
            begins_here: whether it runs on the caller's thread for as long as it needs no loop (`on_loop`).
        """
        ...


@attrs.define(eq=False)
class AtWork(Within):
    """
    Marks what runs within an application: the requests that it serves, its overrides, and root calls of its functions.

    Attributes:
        app: the application; None until it is built.
    """

    app: Application | None = attrs.field(default=None, repr=False)

    @override
    def enter(self) -> object | None:
        return None if AT_WORK.get() is self else AT_WORK.set(self)

    @override
    def leave(self, mark: object, /) -> None:
        try:  # noqa: SIM105  `suppress` takes five times as long
            # What `enter` returned; a cast would be a call with every root call.
            AT_WORK.reset(mark)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  it is a Mark
        except ValueError:  # an abandoned coroutine may be closed in another context, which has no such mark
            pass


Mark: TypeAlias = Token[Within | None]


@attrs.define
class DefaultApp:
    """Holds the default application."""

    app: Application | None = None


_default: Final = DefaultApp()


def set_default_app(app: Application | None) -> None:
    """Make an application the default of the process; None leaves it without one."""
    _default.app = app


def default_app() -> Application:
    """
    Return the application that `authweave.init` made.

    Raises:
        ConfigurationError: there is none.
    """
    if _default.app is None:
        message = (
            "authweave has no default application: call authweave.init(...) before this. One that was made with "
            "default=False has to be named: app.add_middleware(get_middleware(), app=auth), Middleware(app, auth) or "
            "AuthPlugin(auth), verify_session(app=auth), and auth.recipe(...).functions, with a recipe's class, in "
            "place of authweave.recipe.<name>.asyncio."
        )
        raise ConfigurationError(message)
    return _default.app


def finder_of_context(
    function: Callable[..., object],
) -> Callable[[tuple[object, ...], Mapping[str, object]], UserContext | None]:
    """Return what finds the user context among the arguments that a function is called with; None where it is none."""
    names = list(signature(function).parameters)
    position = names.index(CONTEXT) if CONTEXT in names else len(names)

    def find(args: tuple[object, ...], kwargs: Mapping[str, object]) -> UserContext | None:
        found = args[position] if position < len(args) else kwargs.get(CONTEXT)
        return cast("UserContext", found) if isinstance(found, dict) else None  # as in `kernel.use_context`

    return find


def app_in_use(user_context: ContextArgument | None = None) -> Application:
    """
    Return the application that functions use which are handed none, ``recipe.<name>.asyncio`` for example.

    It is the one that serves the request, or whose override or root call this runs in, the innermost; else the one of
    the request that a context belongs to, for threads that inherit nothing; else the default.

    Args:
        user_context: what the function was handed; None for the current one.

    Raises:
        ConfigurationError: there is none of these.

    .. versionadded:: 0.1.0
    """
    at_work = AT_WORK.get()
    if isinstance(at_work, AtWork) and at_work.app is not None:
        return at_work.app
    app = default_content(user_context).get(APPLICATION)
    return default_app() if app is None else cast("Application", app)  # as the block in which it is served put it
