"""Starlette: the middleware, and the session of a request."""

from __future__ import annotations

from authweave.recipe.session.framework.starlette import get_session, verify_session

from .asgi import Middleware

__all__ = ["get_middleware", "get_session", "verify_session"]


def get_middleware() -> type[Middleware]:
    """
    Return the middleware, for ``app.add_middleware(get_middleware())``.

    With an application object of your own: ``app.add_middleware(get_middleware(), app=my_app)``. Add a CORS
    middleware after it: what is added last is outermost.
    """
    return Middleware
