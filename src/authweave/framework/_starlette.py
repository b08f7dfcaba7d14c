"""What Starlette has and FastAPI inherits: a request object, and exception handlers. Loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request

from ._body import REQUEST_MESSAGE, ASGIApp, Message, Receive, Scope, Send


def starlette_request(scope: Scope, read_body: Callable[[], Awaitable[bytes]]) -> Request:
    """
    Return Starlette's request of a scope.

    It reads a body of its own, so that it takes none from the application behind. That the client went away it never
    hears: the application does.
    """

    async def receive() -> Message:
        return {"type": REQUEST_MESSAGE, "body": await read_body(), "more_body": False}

    return Request(scope, receive)


async def answer_by_handlers(error: Exception, asgi_app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """
    Answer an error as if a route of the application had raised it, by the application's exception handlers.

    Args:
        error: it.
        asgi_app: the application behind the middleware, which may be wrapped.
        scope: the request's.
        receive: receives the request's messages.
        send: sends the answer.

    Raises:
        Exception: the error itself, where no handler takes it; or what a handler raises.
    """
    is_inside = "app" in scope  # of the application's own middleware, of which the outermost answers the other errors
    app = application_of(scope.get("app", asgi_app))
    if app is None:
        raise error

    async def raise_error(*_: object) -> None:
        raise error

    # As Starlette puts its own middleware together.
    handlers = dict(app.exception_handlers)
    of_any = handlers.pop(500, None)
    of_any = handlers.pop(Exception, of_any)
    stack: ASGIApp = ExceptionMiddleware(raise_error, handlers, app.debug)
    if not is_inside:
        scope["app"] = app
        stack = ServerErrorMiddleware(stack, of_any, app.debug)
    await stack(scope, receive, send)


def application_of(asgi_app: object) -> Starlette | None:
    """Return the application that something is or wraps; None where it is none of Starlette's."""
    while asgi_app is not None and not isinstance(asgi_app, Starlette):
        asgi_app = getattr(asgi_app, "app", None)
    return asgi_app
