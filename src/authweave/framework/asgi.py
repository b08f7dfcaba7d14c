"""
The middleware for ASGI applications.

It answers the library's routes, opens a user context for each request, adds to answers what sessions changed, and
answers the errors that a session raised in a route. It is plain ASGI, so it holds back no streaming, and works beside
any other middleware. A CORS layer belongs outside of it (with Starlette: added after it).
"""

from __future__ import annotations

from collections.abc import Awaitable, Iterable
from contextlib import suppress
from typing import Final, Generic, cast

import attrs
from typing_extensions import TypeVar

from authweave.app import App, default_app
from authweave.http import PUBLIC_TENANT, Exchange, answer_error, handle, match
from authweave.kernel import UserContext
from authweave.recipe.session.exceptions import SessionError
from authweave.types import BaseRequest, ConfigurationError, Response

from ._body import ASGIApp, Body, ClientDisconnectedError, Message, Receive, Scope, Send
from ._request import RawHeaders, request_of

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)

SERVED: Final = "authweave.request"
EXPOSE: Final = b"access-control-expose-headers"


@attrs.define(eq=False)
class Served(Generic[ContextT]):
    """
    A request that is being served: what the middleware leaves in its scope, for those who come after it.

    It knows whether the answer has begun, and adds the session's headers when it does.

    Attributes:
        refused: an error of a session of another application, which is that application's to answer.
    """

    app: App[ContextT]
    request: BaseRequest
    send_on: Send = attrs.field(repr=False)
    begun: bool = False
    refused: tuple[SessionError, App] | None = attrs.field(default=None, init=False, repr=False)

    def send(self, message: Message) -> Awaitable[None]:
        """Pass a message of the application on to the server."""
        if message["type"] == "http.response.start":
            self.begun = True
            if self.request.has_changes:
                headers = cast("Iterable[tuple[bytes, bytes]]", message.get("headers", ()))  # ASGI: pairs of bytes
                message = {**message, "headers": with_changes(tuple(headers), self.request)}
        return self.send_on(message)

    async def send_response(self, response: Response) -> None:
        """Send an answer of the library's own."""
        headers = [*raw(response.headers), (b"content-length", str(len(response.body)).encode())]
        await self.send({"type": "http.response.start", "status": response.status, "headers": headers})
        await self.send({"type": "http.response.body", "body": response.body})


class Middleware:
    """
    Serves an application's authentication in front of an ASGI application.

    Args:
        asgi_app: the application behind.
        app: whose routes and sessions these are; None is the process default (`authweave.init`), which need not
            exist yet.
    """

    def __init__(self, asgi_app: ASGIApp, app: App[ContextT] | None = None) -> None:
        self.asgi_app: ASGIApp = asgi_app
        self.app: App | None = cast(  # an adapter has no use for the context's keys
            "App | None", app
        )  # its context's keys may all be absent, so a plain UserContext will do

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection. Other than HTTP requests go through untouched."""
        if scope["type"] != "http":
            await self.asgi_app(scope, receive, send)
        else:
            await serve(self.app or default_app(), self.asgi_app, scope, receive, send)


async def serve(app: App[ContextT], asgi_app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one HTTP request, or have the application answer it."""
    body = Body(receive, app.max_body_bytes)
    request = request_of(scope, body)
    answer = Served(app, request, send)
    scope[SERVED] = answer
    with app.serve_context(request) as user_context:
        try:
            matched = match(app, request)
            if matched is None:
                await asgi_app(scope, body.receive, answer.send)
            else:
                await answer.send_response(await handle(app, request, matched, user_context))
        except ClientDisconnectedError:
            # Nobody hears it, but layers outside of this one take no answer for a fault of the program.
            if not answer.begun:
                with suppress(OSError):  # which a server may raise then (ASGI 2.4)
                    await answer.send_response(Response(400))
        except Exception as error:
            if answer.begun:
                raise
            if answer.refused is not None and answer.refused[0] is error:
                response = await answer_error(Exchange(answer.refused[1], request, PUBLIC_TENANT, user_context), error)
            else:
                response = await answer_error(Exchange(app, request, PUBLIC_TENANT, user_context), error)
            if response is None:
                raise
            await answer.send_response(response)
        finally:
            # Servers' callables know the scope: a request that was served would wait for the garbage collector.
            scope.pop(SERVED, None)
            answer.refused = None


def with_changes(headers: RawHeaders, request: BaseRequest) -> RawHeaders:
    """Add what the session changed to the headers of an answer. Exposed names join those already exposed."""
    changes = raw(request.changes.headers)
    if not any(name == EXPOSE for name, _ in changes):
        return (*headers, *changes)
    both = (*headers, *changes)
    exposed = [part.strip() for name, value in both if name.lower() == EXPOSE for part in value.split(b",")]
    others = (header for header in both if header[0].lower() != EXPOSE)
    return (*others, (EXPOSE, b", ".join(dict.fromkeys(part for part in exposed if part))))


def raw(headers: Iterable[tuple[str, str]]) -> RawHeaders:
    """Return headers as ASGI wants them."""
    return tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in headers)


def served(scope: Scope) -> Served:
    """
    Return what the middleware left in a scope.

    Raises:
        authweave.types.ConfigurationError: the middleware has not seen this request.
    """
    found = scope.get(SERVED)
    if not isinstance(found, Served):
        raise ConfigurationError(
            f"{scope.get('path')!r} asks for a session, but authweave's middleware has not seen the request: "
            "call app.add_middleware(get_middleware()) on the application (or on the sub-application) first."
        )
    return cast("Served", found)  # isinstance cannot see type arguments
