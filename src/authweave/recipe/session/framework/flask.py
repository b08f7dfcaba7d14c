"""Flask: the session of a view."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import ParamSpec, Protocol, TypeVar, cast

from authweave.extending import Application, threads_are_greenlets
from authweave.http import serving_in
from authweave.recipe.session.interfaces import SessionContainer
from authweave.recipe.session.transport.asked import Asked, VerifySession, verifying
from authweave.recipe.session.transport.of_request import required_serving, session_of, session_of_blocking
from authweave.types import ConfigurationError, missing_extra

try:
    from flask import g, has_request_context, request
except ImportError as _missing:
    raise missing_extra("authweave's adapter for Flask", "flask", _missing) from _missing

__all__ = ["get_session", "get_session_or_none", "verify_session"]

P = ParamSpec("P")
R = TypeVar("R")


class VerifyingView(Protocol):
    """Decorates a view, ``def`` or ``async def``, so that it is called with a verified session."""

    def __call__(self, view: Callable[P, R], /) -> Callable[P, R]:
        """Return a view that verifies the session first."""
        ...


def decorator(app: Application | None, asked: Asked) -> VerifyingView:
    """
    Make a decorator that verifies the session of a view, ``def`` or ``async def``: below ``@app.route(...)``.

    The view gets it from `get_session`, and from ``g.supertokens``. Errors of the session need no handling: the
    middleware answers them. Parameters are those of `authweave.recipe.session.framework.asgi.get_session`.

    Raises:
        authweave.types.ConfigurationError: it was written without its call, or above an ``async def`` view under
            gevent; or, in a view, the middleware is missing.
        authweave.recipe.session.exceptions.SessionError: in a view: there is no session, or it may not pass.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        if inspect.iscoroutinefunction(view):
            if threads_are_greenlets():
                raise ConfigurationError(
                    f"{view.__qualname__} is an async def view, and gevent has patched threads: Flask would run it on "
                    "a loop in the thread that all greenlets share, where asyncio allows one at a time. Write it as "
                    "def, and call what is in authweave.recipe.<name>.syncio."
                )

            @wraps(view)
            async def verified_async(*args: P.args, **kwargs: P.kwargs) -> object:
                environ = request.environ
                found = await session_of(environ, app, asked)
                keep(environ, found)
                return await view(*args, **kwargs)

            return cast("Callable[P, R]", verified_async)  # R is a coroutine here

        @wraps(view)
        def verified(*args: P.args, **kwargs: P.kwargs) -> R:
            environ = request.environ
            found = session_of_blocking(environ, app, asked)
            keep(environ, found)
            return view(*args, **kwargs)

        return verified

    return decorate


verify_session: VerifySession[VerifyingView, VerifyingView] = verifying(decorator)


def keep(environ: Mapping[str, object], found: SessionContainer | None) -> None:
    """Keep the session that was found for a view, for `get_session`, and where the documents have it."""
    required_serving(environ).session = found
    g.supertokens = found


def get_session() -> SessionContainer:
    """
    Return the session that `verify_session` found for the view under way.

    Raises:
        authweave.types.ConfigurationError: no view with ``@verify_session()`` runs, or none with a session that is
            required: `get_session_or_none` is for those.
    """
    session = get_session_or_none()
    if session is None:
        raise ConfigurationError(
            "There is no session here: write @verify_session() above the view and below its route, @app.get(...), or "
            "call get_session_or_none() where session_required=False."
        )
    return session


def get_session_or_none() -> SessionContainer | None:
    """Return the session that `verify_session` found for the view under way; None where there is none."""
    serving = serving_in(request.environ) if has_request_context() else None
    found = None if serving is None else serving.session
    return found if isinstance(found, SessionContainer) else None
