"""
The middleware for ASGI applications.

It answers the library's routes, opens a user context for each request, adds to answers what sessions changed, and
answers the errors that a session raised in a route. It is plain ASGI, so it holds back no streaming, and works beside
any other middleware. A CORS layer belongs outside of it (with Starlette: added after it).
"""

from __future__ import annotations

from collections.abc import Awaitable
from contextlib import suppress

from authweave.extending import Application, default_app
from authweave.http import STATE, ClientDisconnectedError, Serving

from ._body import ASGIApp, Body, Message, Receive, Scope, Send
from ._request import request_of
from ._response import send_response, with_changes


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
        body = Body(receive, app.max_body_bytes)
        serving = Serving(app, request_of(scope, body))
        scope[STATE] = serving

        def send_on(message: Message) -> Awaitable[None]:
            return send(message if serving.begun else with_changes(message, serving))

        with serving:
            try:
                answering = serving.own_response()
                if answering is None:
                    await self.asgi_app(scope, body.receive, send_on)
                else:
                    await send_response(await answering, send)
            except ClientDisconnectedError as error:
                with suppress(OSError):  # which a server may raise then (ASGI 2.4)
                    if response := await serving.response_to(error):
                        await send_response(response, send)
            except Exception as error:
                response = await serving.response_to(error)
                if response is None:
                    raise
                await send_response(response, send)
            finally:
                # Servers' callables know the scope: a request that was served would wait for the garbage collector.
                scope.pop(STATE, None)
