"""Which application is used, as those see it who wire or serve it."""

from __future__ import annotations

from typing import cast

from authweave import extending
from authweave.kernel import UserContext

from ._app import App


def default_app() -> App:
    """
    Return the application that `authweave.init` made.

    Raises:
        ConfigurationError: there is none.
    """
    return cast("App", extending.default_app())  # nothing else becomes the default


def app_in_use(user_context: UserContext | None = None) -> App:
    """
    Return the application that is at work, else the default (`authweave.extending.app_in_use`).

    Raises:
        ConfigurationError: there is neither.
    """
    return cast("App", extending.app_in_use(user_context))  # nothing else is
