"""Starlette, and FastAPI: the session of a request, and as a dependency."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

from authweave.extending import Application
from authweave.recipe.session.interfaces import SessionContainer
from authweave.recipe.session.transport.alone import HANDLER
from authweave.recipe.session.transport.asked import ASKED, Asked, VerifySession, verifying
from authweave.recipe.session.transport.of_request import answer_to, session_of
from authweave.types import missing_extra

from .asgi import get_session

try:
    from starlette.requests import HTTPConnection, Request
    from starlette.responses import Response
except ImportError as _missing:
    raise missing_extra("authweave's adapter for Starlette and FastAPI", "fastapi", _missing) from _missing

__all__ = ["get_session", "session_exception_handler", "verify_session"]


Dependency: TypeAlias = Callable[[HTTPConnection], Coroutine[Any, Any, SessionContainer]]  # Any: nobody sends to one
OptionalDependency: TypeAlias = Callable[[HTTPConnection], Coroutine[Any, Any, SessionContainer | None]]  # as above


def dependency(app: Application | None, asked: Asked) -> OptionalDependency:
    """
    Make a dependency that gives a route its verified session: ``Depends(verify_session())``.

    Parameters, result and errors are those of `get_session`. Each request has a user context of its own, however
    often the dependency is used.
    """

    async def session_of_request(request: HTTPConnection) -> SessionContainer | None:
        return await session_of(request.scope, app, asked)

    setattr(session_of_request, ASKED, asked)
    return session_of_request


verify_session: VerifySession[Dependency, OptionalDependency] = verifying(dependency)


async def session_exception_handler(request: Request, exc: Exception) -> Response:
    """
    Answer an error of sessions, in an application without the middleware.

    ``app.add_exception_handler(SuperTokensError, session_exception_handler)`` says that the application means to do
    without it: `verify_session` works all the same there, for the default application of the process. A program that
    only verifies sessions may do so. No route of the library is served, and what a session adds to an answer, a new
    access token when a claim was fetched again, goes out to nobody; to create or refresh one is refused.

    Raises:
        Exception: the error itself, where it is a fault of the program, or an answer has begun.

    .. versionadded:: 0.1.0
    """
    answer = await answer_to(request.scope, exc)
    if answer is None:
        raise exc
    response = Response(answer.body, answer.status)
    response.raw_headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    return response


setattr(session_exception_handler, HANDLER, True)
