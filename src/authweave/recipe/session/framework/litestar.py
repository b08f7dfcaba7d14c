"""Litestar: the session of a request, as a dependency, and as a guard."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias, Unpack

from authweave.extending import Application
from authweave.recipe.session.interfaces import SessionContainer
from authweave.recipe.session.transport.asked import (
    ASKED,
    Asked,
    VerifyOptions,
    VerifySession,
    asked_by,
    verifying,
)
from authweave.recipe.session.transport.of_request import session_of
from authweave.types import ConfigurationError, missing_extra

from .asgi import get_session

try:
    from litestar.connection import ASGIConnection
    from litestar.handlers import BaseRouteHandler
    from litestar.types import Scope
except ImportError as _missing:
    raise missing_extra("authweave's adapter for Litestar", "litestar", _missing) from _missing

__all__ = ["get_session", "session_guard", "verify_session"]

AnyConnection: TypeAlias = ASGIConnection[Any, Any, Any, Any]  # Any: whatever handler, user, auth and state it has


Dependency: TypeAlias = Callable[[Scope], Coroutine[Any, Any, SessionContainer]]  # Any: nobody sends to one
OptionalDependency: TypeAlias = Callable[[Scope], Coroutine[Any, Any, SessionContainer | None]]  # Any: as above


def dependency(app: Application | None, asked: Asked) -> OptionalDependency:
    """
    Make a dependency that gives a handler its verified session.

    ``dependencies={"session": Provide(verify_session())}``, for requests and WebSockets alike. Parameters, result and
    errors are those of `get_session`.
    """

    async def session_of_connection(scope: Scope) -> SessionContainer | None:
        return await session_of(scope, app, asked)

    setattr(session_of_connection, ASKED, asked)
    return session_of_connection


verify_session: VerifySession[Dependency, OptionalDependency] = verifying(dependency)


def session_guard(
    *misplaced: object,
    **options: Unpack[VerifyOptions],
) -> Callable[[AnyConnection, BaseRouteHandler], Coroutine[Any, Any, None]]:
    """
    Make a guard that lets only those with a session pass: ``guards=[session_guard()]``, on any layer.

    Parameters and errors are those of `get_session`, which gives a handler behind the guard the session too.

    Args:
        misplaced: nothing; ``guards=[session_guard]`` lacks the call.
        options: `VerifyOptions`.

    Raises:
        authweave.types.ConfigurationError: it was written without its call.
    """
    if misplaced:
        raise ConfigurationError("guards=[session_guard] lacks the call: write guards=[session_guard()].")
    app, asked = asked_by(options)

    async def require_session(connection: AnyConnection, _: BaseRouteHandler) -> None:
        await session_of(connection.scope, app, asked)

    setattr(require_session, ASKED, asked)
    return require_session
