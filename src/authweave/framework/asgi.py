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
            return send(with_changes(message, serving))

        is_own = True
        with serving:
            try:
                response = await serving.own_response()
                if response is None:
                    is_own = False
                    await self.asgi_app(scope, body.receive, send_on)
                else:
                    await send_response(response, send)
            except ClientDisconnectedError as error:
                with suppress(OSError):  # which a server may raise then (ASGI 2.4)
                    if response := await serving.response_to(error):
                        await send_response(response, send)
            except Exception as error:
                response = await serving.response_to(error)
                if response is not None:
                    await send_response(response, send)
                elif is_own and not serving.begun:
                    await self.answer_by_handlers(error, scope, body.receive, send_on)
                else:
                    raise
            finally:
                # Servers' callables know the scope: a request that was served would wait for the garbage collector.
                scope.pop(STATE, None)

    async def answer_by_handlers(self, error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
        """
        Answer an error of the library's own routes by the application's exception handlers.

        Raises:
            Exception: the error itself, where there are none for it.
        """
        try:
            from ._starlette import answer_by_handlers  # noqa: PLC0415  an extra
        except ImportError:
            raise error from None
        await answer_by_handlers(error, self.asgi_app, scope, receive, send)
