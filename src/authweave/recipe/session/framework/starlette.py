"""Starlette, and FastAPI: the session of a request, and as a dependency."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Literal, NoReturn, TypeAlias, overload

from authweave.extending import Application
from authweave.recipe.session.interfaces import OverrideClaimValidators, SessionContainer
from authweave.recipe.session.transport.of_request import session_of
from authweave.types import ConfigurationError, missing_extra

from .asgi import get_session

try:
    from starlette.requests import HTTPConnection
except ImportError as _missing:
    raise missing_extra("authweave's adapter for Starlette and FastAPI", "fastapi", _missing) from _missing

__all__ = ["get_session", "verify_session"]


class ToBeCalled:
    """Tells who writes ``Depends(verify_session)``: FastAPI asks for a schema of what it takes for parameters."""

    def __get_pydantic_core_schema__(self, source: object, handler: object) -> NoReturn:
        """
        Refuse.

        Raises:
            authweave.types.ConfigurationError: always.
        """
        raise ConfigurationError("Depends(verify_session) lacks the call: write Depends(verify_session()).")


AppArgument: TypeAlias = Annotated[Application | None, ToBeCalled()]
"""An application, or None for the one whose middleware serves the request."""


@overload
def verify_session(
    *,
    session_required: Literal[True] = True,
    anti_csrf_check: bool | None = None,
    check_database: bool = False,
    override_global_claim_validators: OverrideClaimValidators | None = None,
    app: Application | None = None,
) -> Callable[[HTTPConnection], Coroutine[Any, Any, SessionContainer]]: ...
@overload
def verify_session(
    *,
    session_required: bool,
    anti_csrf_check: bool | None = None,
    check_database: bool = False,
    override_global_claim_validators: OverrideClaimValidators | None = None,
    app: Application | None = None,
) -> Callable[[HTTPConnection], Coroutine[Any, Any, SessionContainer | None]]: ...
def verify_session(
    *,
    session_required: bool = True,
    anti_csrf_check: bool | None = None,
    check_database: bool = False,
    override_global_claim_validators: OverrideClaimValidators | None = None,
    app: AppArgument = None,
) -> Callable[[HTTPConnection], Coroutine[Any, Any, SessionContainer | None]]:
    """
    Make a dependency that gives a route its verified session: ``Depends(verify_session())``.

    Parameters, result and errors are those of `get_session`. Each request has a user context of its own, however
    often the dependency is used.
    """
    asked = anti_csrf_check, session_required, check_database, override_global_claim_validators

    async def session_of_request(request: HTTPConnection) -> SessionContainer | None:
        return await session_of(request.scope, app, asked)

    return session_of_request
