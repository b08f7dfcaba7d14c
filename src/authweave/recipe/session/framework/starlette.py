"""Starlette, and FastAPI: the session of a request, and as a dependency."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Literal, NoReturn, Unpack, overload

from authweave.recipe.session.interfaces import SessionContainer
from authweave.recipe.session.transport.asked import ASKED, VerifyOptions, asked_by
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


@overload
def verify_session(
    *,
    session_required: Literal[True] = True,
    **options: Unpack[VerifyOptions],
) -> Callable[[HTTPConnection], Coroutine[Any, Any, SessionContainer]]: ...
@overload
def verify_session(
    *,
    session_required: bool,
    **options: Unpack[VerifyOptions],
) -> Callable[[HTTPConnection], Coroutine[Any, Any, SessionContainer | None]]: ...
def verify_session(
    *,
    session_required: Annotated[bool, ToBeCalled()] = True,
    **options: Unpack[VerifyOptions],
) -> Callable[[HTTPConnection], Coroutine[Any, Any, SessionContainer | None]]:
    """
    Make a dependency that gives a route its verified session: ``Depends(verify_session())``.

    Parameters, result and errors are those of `get_session`. Each request has a user context of its own, however
    often the dependency is used.
    """
    app, asked = asked_by(options, session_required=session_required)

    async def session_of_request(request: HTTPConnection) -> SessionContainer | None:
        return await session_of(request.scope, app, asked)

    setattr(session_of_request, ASKED, asked)
    return session_of_request
