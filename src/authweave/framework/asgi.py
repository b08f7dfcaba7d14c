"""
The middleware for ASGI applications.

It answers the library's routes, opens a user context for each request and each WebSocket, adds to answers what sessions
changed, and answers the errors that a session raised in a route. It is plain ASGI, so it holds back no streaming, and
works beside any other middleware. A CORS layer belongs outside of it (with Starlette: added after it).
"""

from __future__ import annotations

from collections.abc import Awaitable

from authweave.extending import Application, default_app
from authweave.http import STATE, Serving
from authweave.types import Response

from ._body import AnyASGIApp, ASGIApp, Receive, Scope, Send
from ._request import handshake_of, request_of
from ._response import is_answered, send_response
from ._sending import Sending
from ._websocket import WebSocketOpening


class Middleware:
    """
    Serves an application's authentication in front of an ASGI application.

    Args:
        asgi_app: the application behind.
        app: whose routes and sessions these are; None is the process default (`authweave.init`), which need not
            exist yet.
    """

    def __init__(self, asgi_app: AnyASGIApp, app: Application | None = None) -> None:
        self.asgi_app: ASGIApp = asgi_app
        self.app: Application | None = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection: an HTTP request or a WebSocket. The lifespan goes through untouched."""
        if scope["type"] != "http":
            serve = self.serve_websocket if scope["type"] == "websocket" else self.asgi_app
            await serve(scope, receive, send)
            return
        app = self.app or default_app()
        request, body = request_of(scope, receive, app.max_body_bytes)
        with app.serve_context(request) as user_context:
            serving = Serving(app, request, user_context)
            scope[STATE] = serving
            sending = Sending(serving, send)
            try:
                answering = serving.own_response()
                if answering is not None:
                    await self.answer_own(answering, serving, scope, body.receive, sending.send)
                else:
                    await self.asgi_app(scope, body.receive, sending.send)
                if sending.kept is not None:
                    await sending.kept.end()
            except Exception as error:
                if not await is_answered(error, serving, send):
                    if sending.kept is not None:
                        await sending.kept.release()
                    raise
            finally:
                # Servers' callables know the scope: a request that was served would wait for the garbage collector.
                scope.pop(STATE, None)

    async def serve_websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """
        Serve one WebSocket, in a user context that lives as long as it does.

        All of them are the application's: no route of the library's own is one.
        """
        app = self.app or default_app()
        request = handshake_of(scope)
        request.answer_begun = True  # nothing that a session adds could go out
        with app.serve_context(request) as user_context:
            serving = Serving(app, request, user_context, is_handshake=True)
            scope[STATE] = serving
            opening = WebSocketOpening(scope, receive, send, serving)
            try:
                await self.asgi_app(scope, opening.receive, opening.send)
                if opening.error is not None:
                    await opening.end()
            except Exception as error:
                response = await serving.response_to(error)
                if response is None or not await opening.refuse(response):
                    raise
            finally:
                scope.pop(STATE, None)

    async def answer_own(
        self,
        answering: Awaitable[Response],
        serving: Serving,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        """Answer a request of the library's own."""
        try:
            response = await answering
        except Exception as error:  # noqa: BLE001  raised again where nothing answers it
            if not await is_answered(error, serving, send):
                await self.answer_by_handlers(error, scope, receive, send)
        else:
            await send_response(response, send)

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
