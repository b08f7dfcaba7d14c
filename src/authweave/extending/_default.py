"""The process's default application: what ``init`` made last. The one global beside the ContextVar."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Final, Protocol, TypeVar

import attrs

from authweave.http import Servable
from authweave.types import AppInfo, ConfigurationError

from ._recipe import RecipeT

R = TypeVar("R")


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
