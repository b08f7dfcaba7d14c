"""Litestar's request object. Loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from litestar.enums import ScopeType
from litestar.types import HTTPRequestEvent, Scope

from authweave.recipe.session.framework.litestar import AnyConnection


def litestar_request(scope: Scope, read_body: Callable[[], Awaitable[bytes]]) -> AnyConnection:
    """Return Litestar's request, or its WebSocket, of a scope; its body takes none from the application behind."""

    async def receive() -> HTTPRequestEvent:
        return {"type": "http.request", "body": await read_body(), "more_body": False}

    name = "websocket_class" if scope["type"] == ScopeType.WEBSOCKET else "request_class"
    made: type[AnyConnection] = getattr(scope["litestar_app"], name)
    return made(scope, receive)
