"""FastAPI: the middleware, and sessions as a dependency."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Literal, overload

from starlette.requests import Request

from authweave.app import App
from authweave.recipe.session.interfaces import OverrideClaimValidators, SessionContainer

from .asgi import ContextT
from .starlette import get_middleware, get_session, session_of

__all__ = ["get_middleware", "get_session", "verify_session"]


@overload
def verify_session(
    *,
    session_required: Literal[True] = True,
    anti_csrf_check: bool | None = None,
    check_database: bool = False,
    override_global_claim_validators: OverrideClaimValidators | None = None,
    app: App[ContextT] | None = None,
) -> Callable[[Request], Coroutine[Any, Any, SessionContainer]]: ...
@overload
def verify_session(
    *,
    session_required: bool,
    anti_csrf_check: bool | None = None,
    check_database: bool = False,
    override_global_claim_validators: OverrideClaimValidators | None = None,
    app: App[ContextT] | None = None,
) -> Callable[[Request], Coroutine[Any, Any, SessionContainer | None]]: ...
def verify_session(
    *,
    session_required: bool = True,
    anti_csrf_check: bool | None = None,
    check_database: bool = False,
    override_global_claim_validators: OverrideClaimValidators | None = None,
    app: App[ContextT] | None = None,
) -> Callable[[Request], Coroutine[Any, Any, SessionContainer | None]]:
    """
    Make a dependency that gives a route its verified session: ``Depends(verify_session())``.

    Parameters, result and errors are those of `get_session`. Each request has a user context of its own, however
    often the dependency is used.
    """
    options = session_required, anti_csrf_check, check_database, override_global_claim_validators

    async def session_of_request(request: Request) -> SessionContainer | None:
        return await session_of(request.scope, app, *options)

    return session_of_request
