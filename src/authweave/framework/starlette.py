"""Starlette: the middleware, and the session of a request."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Literal, cast, overload

from starlette.requests import Request

from authweave.app import App
from authweave.kernel import current_context
from authweave.recipe.session.exceptions import SessionError
from authweave.recipe.session.interfaces import APIOptions, OverrideClaimValidators, SessionContainer

from ._body import Scope
from .asgi import ContextT, Middleware, Served, served

__all__ = ["get_middleware", "get_session"]


def get_middleware() -> type[Middleware]:
    """
    Return the middleware, for ``app.add_middleware(get_middleware())``.

    With an application object of your own: ``app.add_middleware(get_middleware(), app=my_app)``. Add a CORS
    middleware after it: what is added last is outermost.
    """
    return Middleware


@overload
async def get_session(
    request: Request,
    *,
    session_required: Literal[True] = True,
    anti_csrf_check: bool | None = None,
    check_database: bool = False,
    override_global_claim_validators: OverrideClaimValidators | None = None,
    app: App[ContextT] | None = None,
) -> SessionContainer: ...
@overload
async def get_session(
    request: Request,
    *,
    session_required: bool,
    anti_csrf_check: bool | None = None,
    check_database: bool = False,
    override_global_claim_validators: OverrideClaimValidators | None = None,
    app: App[ContextT] | None = None,
) -> SessionContainer | None: ...
async def get_session(
    request: Request,
    *,
    session_required: bool = True,
    anti_csrf_check: bool | None = None,
    check_database: bool = False,
    override_global_claim_validators: OverrideClaimValidators | None = None,
    app: App[ContextT] | None = None,
) -> SessionContainer | None:
    """
    Return the verified session of a request.

    Errors of the session need no handling: the middleware answers what a route lets through.

    Args:
        request: the request that the route was given.
        session_required: whether a request without a session is refused.
        anti_csrf_check: True and False decide; by default every method but GET is checked.
        check_database: whether to notice at once that a session was revoked, at the cost of a query.
        override_global_claim_validators: decides which claims are validated.
        app: whose session it is, and who answers its errors; by default that of the middleware.

    Returns:
        The session; None where there is none and none is required.

    Raises:
        authweave.recipe.session.exceptions.SessionError: there is no session, or it may not pass.
        authweave.types.ConfigurationError: the middleware is missing.
    """
    options = session_required, anti_csrf_check, check_database, override_global_claim_validators
    return await session_of(request.scope, app, *options)


def session_of(
    scope: Scope,
    app: App[ContextT] | None,
    session_required: bool,
    anti_csrf_check: bool | None,
    check_database: bool,
    override_global_claim_validators: OverrideClaimValidators | None,
) -> Coroutine[Any, Any, SessionContainer | None]:
    """Find the session of a request, as `get_session` tells. Any: nobody sends to a coroutine of ours."""
    found = served(scope)
    # The context's keys may all be absent, so a plain UserContext will do.
    serving = found.app if app is None else cast("App", app)  # no use for the context's keys here
    recipe = serving.session
    session = recipe.apis.verify_session(
        APIOptions(request=found.request, app_info=serving.app_info, recipe_implementation=recipe.functions),
        anti_csrf_check,
        session_required,
        check_database,
        override_global_claim_validators,
        current_context(),
    )
    return session if serving is found.app else session_of_other(found, serving, session)


async def session_of_other(
    found: Served,
    app: App,
    session: Coroutine[Any, Any, SessionContainer | None],  # Any: as in session_of
) -> SessionContainer | None:
    """Await the session of an application that is not the middleware's, and note what is that one's to answer."""
    try:
        return await session
    except SessionError as error:
        found.refused = error, app
        raise
