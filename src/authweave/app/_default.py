"""The process's default application: what ``init`` made last. The one global beside the ContextVar."""

from __future__ import annotations

from typing import Final, cast

import attrs

from authweave.kernel import UserContext
from authweave.types import ConfigurationError

from ._app import App, ContextT


@attrs.define
class DefaultApp:
    """Holds the default application."""

    app: App | None = None


_default: Final = DefaultApp()


def set_default_app(app: App[ContextT] | None) -> None:
    """Make an application the default of the process; None leaves it without one."""
    _default.app = cast("App | None", app)  # its context's keys may all be absent, so a plain UserContext will do


def default_app() -> App:
    """
    Return the application that `authweave.init` made.

    Raises:
        ConfigurationError: there is none.
    """
    if _default.app is None:
        message = (
            "authweave has no default application: call authweave.init(...) before this. One that was made with "
            "default=False has to be named: app.add_middleware(get_middleware(), app=auth), "
            "Depends(verify_session(app=auth)), and auth.session.functions in place of "
            "authweave.recipe.session.asyncio."
        )
        raise ConfigurationError(message)
    return _default.app


def passed_on(user_context: UserContext | None) -> UserContext:
    """Return a context for a composed function: it takes None for the current one, which its type does not say."""
    return cast("UserContext", user_context)  # None is resolved by the link in front of every function
