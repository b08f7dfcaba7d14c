"""The process's default application: what ``init`` made last. The one global beside the ContextVar."""

from __future__ import annotations

from typing import Final, cast

import attrs

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
        message = "authweave has no application yet: call authweave.init(...) first, or hand one over as app=."
        raise ConfigurationError(message)
    return _default.app
