"""Any ASGI framework: the session of a request, which is found by the scope that the request has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol, Unpack, overload

from authweave.recipe.session.interfaces import SessionContainer
from authweave.recipe.session.transport.asked import VerifyOptions, asked_by
from authweave.recipe.session.transport.of_request import session_of

__all__ = ["Connection", "get_session"]


class Connection(Protocol):
    """A request, or a WebSocket, as the ASGI frameworks have it: Starlette, FastAPI, Litestar, Quart, Falcon."""

    @property
    def scope(self) -> Mapping[str, object]:
        """The connection's scope (ASGI 3.0)."""
        ...


@overload
async def get_session(
    request: Connection,
    *,
    session_required: Literal[True] = True,
    **options: Unpack[VerifyOptions],
) -> SessionContainer: ...
@overload
async def get_session(
    request: Connection,
    *,
    session_required: bool,
    **options: Unpack[VerifyOptions],
) -> SessionContainer | None: ...
async def get_session(
    request: Connection,
    *,
    session_required: bool = True,
    **options: Unpack[VerifyOptions],
) -> SessionContainer | None:
    """
    Return the verified session of a request, or of a WebSocket.

    Errors of the session need no handling: the middleware answers what a route lets through, and closes a WebSocket.

    Args:
        request: the request, or the WebSocket, that the route was given.
        session_required: whether a request without a session is refused.
        options: `VerifyOptions`.

    Returns:
        The session; None where there is none and none is required.

    Raises:
        authweave.recipe.session.exceptions.SessionError: there is no session, or it may not pass.
        authweave.errors.ForeignHandshakeError: a page of another origin opens the WebSocket.
        authweave.types.ConfigurationError: the middleware is missing.
    """
    app, asked = asked_by(options, session_required=session_required)
    return await session_of(request.scope, app, asked)
