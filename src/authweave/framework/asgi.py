"""
The middleware for ASGI applications.

It answers the library's routes, opens a user context for each request, adds to answers what sessions changed, and
answers the errors that a session raised in a route. It is plain ASGI, so it holds back no streaming, and works beside
any other middleware. A CORS layer belongs outside of it (with Starlette: added after it).
"""

from __future__ import annotations

from contextlib import suppress

from authweave.extending import Application, default_app
from authweave.http import STATE, ClientDisconnectedError, Serving

from ._body import ASGIApp, Receive, Scope, Send
from ._request import request_of
from ._response import KeptBack, send_response, sending


class Middleware:
    """
    Serves an application's authentication in front of an ASGI application.

    Args:
        asgi_app: the application behind.
        app: whose routes and sessions these are; None is the process default (`authweave.init`), which need not
            exist yet.
    """

    def __init__(self, asgi_app: ASGIApp, app: Application | None = None) -> None:
        self.asgi_app: ASGIApp = asgi_app
        self.app: Application | None = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection. Other than HTTP requests go through untouched."""
        if scope["type"] != "http":
            await self.asgi_app(scope, receive, send)
            return
        app = self.app or default_app()
        request, body = request_of(scope, receive, app.max_body_bytes)
        serving = Serving(app, request)
        scope[STATE] = serving
        kept: list[KeptBack] = []
        with serving:
            try:
                if app.endpoints.match(request) and (response := await serving.own_response()):
                    await send_response(response, send)
                else:
                    await self.asgi_app(scope, body.receive, sending(serving, send, kept))
                    if kept:
                        await kept[0].release()
            except Exception as error:
                if not await is_answered(error, serving, send):
                    if kept:
                        await kept[0].release()
                    raise
            finally:
                # Servers' callables know the scope: a request that was served would wait for the garbage collector.
                scope.pop(STATE, None)


async def is_answered(error: Exception, serving: Serving, send: Send) -> bool:
    """Answer an error; return whether there is an answer, or nobody to hear one."""
    response = await serving.response_to(error)
    if not isinstance(error, ClientDisconnectedError):
        if response is not None:
            await send_response(response, send)
        return response is not None
    with suppress(OSError):  # which a server may raise then (ASGI 2.4)
        if response is not None:
            await send_response(response, send)
    return True
