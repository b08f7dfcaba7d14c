"""Any ASGI framework: the session of a request, which is found by the scope that the request has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol, overload

from authweave.extending import Application
from authweave.recipe.session.interfaces import OverrideClaimValidators, SessionContainer
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
    anti_csrf_check: bool | None = None,
    check_database: bool = False,
    override_global_claim_validators: OverrideClaimValidators | None = None,
    app: Application | None = None,
) -> SessionContainer: ...
@overload
async def get_session(
    request: Connection,
    *,
    session_required: bool,
    anti_csrf_check: bool | None = None,
    check_database: bool = False,
    override_global_claim_validators: OverrideClaimValidators | None = None,
    app: Application | None = None,
) -> SessionContainer | None: ...
async def get_session(
    request: Connection,
    *,
    session_required: bool = True,
    anti_csrf_check: bool | None = None,
    check_database: bool = False,
    override_global_claim_validators: OverrideClaimValidators | None = None,
    app: Application | None = None,
) -> SessionContainer | None:
    """
    Return the verified session of a request, or of a WebSocket.

    Errors of the session need no handling: the middleware answers what a route lets through, and closes a WebSocket.

    Args:
        request: the request, or the WebSocket, that the route was given.
        session_required: whether a request without a session is refused.
        anti_csrf_check: True and False decide; by default every method but GET is checked.
        check_database: whether to notice at once that a session was revoked, at the cost of a query.
        override_global_claim_validators: decides which claims are validated.
        app: whose session it is, and who answers its errors; by default that of the middleware.

    Returns:
        The session; None where there is none and none is required.

    Raises:
        authweave.recipe.session.exceptions.SessionError: there is no session, or it may not pass.
        authweave.errors.ForeignHandshakeError: a page of another origin opens the WebSocket.
        authweave.types.ConfigurationError: the middleware is missing.
    """
    asked = anti_csrf_check, session_required, check_database, override_global_claim_validators
    return await session_of(request.scope, app, asked)
