"""The process's default application, as those see it who wire or serve it."""

from __future__ import annotations

from typing import cast

from authweave import extending

from ._app import App


def default_app() -> App:
    """
    Return the application that `authweave.init` made.

    Raises:
        ConfigurationError: there is none.
    """
    return cast("App", extending.default_app())  # nothing else becomes the default
