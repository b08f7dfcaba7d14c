"""Which application serves a request of Django's, and what of the request is noted meanwhile."""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import cast

from django.http import HttpRequest

from authweave.extending import Application, default_app
from authweave.http import STATE, Serving, serving_in
from authweave.types import ConfigurationError

from ._body import Body
from ._request import request_of


def configured_app(target: str | None) -> Application:
    """
    Return the application that ``AUTHWEAVE_APP`` of the settings names (``module:app``), or the process default.

    Raises:
        authweave.types.ConfigurationError: there is none, or the name is that of something else.
    """
    if target is None:
        return default_app()
    found: object = pkgutil.resolve_name(target)
    if not hasattr(found, "serve_context"):
        raise ConfigurationError(f"AUTHWEAVE_APP is {target!r}, which is no authweave.App: name what init returned.")
    return cast("Application", found)  # a protocol, which isinstance does not tell


@contextmanager
def served(app: Application, http_request: HttpRequest, *, blocks: bool) -> Generator[tuple[Serving, Body]]:
    """Open the block in which a request is served."""
    if serving_in(http_request.META) is not None:
        raise ConfigurationError(
            f"{http_request.path!r} reached authweave's middleware twice: name it once in MIDDLEWARE, and put no other "
            "one of authweave's around Django's application."
        )
    request, body = request_of(http_request, app.max_body_bytes, blocks=blocks)
    with app.serve_context(request) as user_context:
        http_request.META[STATE] = serving = Serving(app, request, user_context)
        try:
            yield serving, body
        finally:
            del http_request.META[STATE]


def note_failure(request: HttpRequest | None = None, **_: object) -> None:
    """Note an error that a layer between the middleware and the views raised: Django makes a status of 500 of it."""
    serving = None if request is None else serving_in(request.META)
    if serving is not None:
        serving.note_failure(sys.exception())
