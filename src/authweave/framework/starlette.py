"""Starlette: the middleware, and the session of a request."""

from __future__ import annotations

from typing import Never

from authweave.recipe.session.framework.starlette import get_session, verify_session
from authweave.types import ConfigurationError

from .asgi import Middleware

__all__ = ["get_middleware", "get_session", "verify_session"]


def get_middleware(*misplaced: Never, **options: Never) -> type[Middleware]:
    """
    Return the middleware, for ``app.add_middleware(get_middleware())``.

    With an application object of your own: ``app.add_middleware(get_middleware(), app=my_app)``. Add a CORS
    middleware after it: what is added last is outermost.

    Raises:
        authweave.types.ConfigurationError: it was handed over in place of what it returns.
    """
    if misplaced:
        message = "get_middleware lacks the call: write app.add_middleware(get_middleware())."
        raise ConfigurationError(message)
    if options:
        message = "What get_middleware takes belongs to add_middleware: app.add_middleware(get_middleware(), app=auth)."
        raise ConfigurationError(message)
    return Middleware
