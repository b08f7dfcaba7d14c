"""FastAPI: the middleware, sessions as a dependency, and our routes in its document. Its requests are Starlette's."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from authweave.extending import Application, default_app
from authweave.recipe.session import SessionRecipe
from authweave.recipe.session.framework.starlette import ASKED
from authweave.types import JSONObject

from .starlette import get_middleware, get_session, verify_session

if TYPE_CHECKING:  # `fastapi` is heavy, and who needs the middleware alone may have Starlette
    from fastapi import FastAPI
    from fastapi.dependencies.models import Dependant

    from authweave.openapi import Asking

__all__ = ["get_middleware", "get_session", "merge_openapi", "verify_session"]


def merge_openapi(fastapi_app: FastAPI, app: Application | None = None) -> None:
    """
    Have FastAPI's own document, and the pages that show it (``/docs``), name the routes of authweave too.

    Routes that depend on `verify_session` say how they are shown a session, so *Authorize* of the page works for them.

    Args:
        fastapi_app: whose document it is. It is made when it is first asked for, as FastAPI does it.
        app: whose routes are added; None is the process's default, which need not exist yet.

    Raises:
        authweave.errors.DocumentsCollideError: when the document is made: both have something different under one name.

    .. versionadded:: 0.1.0
    """
    own = fastapi_app.openapi
    made: list[tuple[JSONObject, dict[str, Any]]] = []  # Any: as FastAPI types it

    def openapi() -> dict[str, Any]:  # Any: as FastAPI types it
        from authweave.openapi import document, merged, with_sessions  # noqa: PLC0415  for who asks for the document

        theirs = own()
        if not made or made[0][0] is not theirs:  # FastAPI keeps it until routes change
            serving = app or default_app()
            told = with_sessions(theirs, asking(fastapi_app, serving))
            made[:] = [(theirs, dict(merged(told, document(serving.endpoints.routes, serving.app_info))))]
        return made[0][1]

    setattr(fastapi_app, openapi.__name__, openapi)  # as FastAPI's documentation has it: it asks the instance


def asking(fastapi_app: FastAPI, app: Application) -> Iterator[Asking]:
    """Return the routes that depend on sessions."""
    from fastapi import routing  # noqa: PLC0415  an extra

    from authweave.openapi import Asking  # noqa: PLC0415  for who asks for the document

    described = app.recipe(SessionRecipe).requests.description
    # Newer releases keep the routes of routers below these, and put together what both say when they are asked.
    for route in getattr(routing, "iter_route_contexts", iter)(fastapi_app.routes):
        dependant: Dependant | None = getattr(route, "dependant", None)  # other routes have none
        methods: Collection[str] | None = getattr(route, "methods", None)  # those of WebSockets have none
        if dependant is None or (asked := asked_in(dependant)) is None:
            continue
        anti_csrf_check, session_required = asked
        path: str = getattr(route, "path_format", "")
        for method in sorted(each.lower() for each in methods or ()):
            security, refusals = described.asked_by(
                method, session_required=session_required, anti_csrf_check=anti_csrf_check
            )
            yield Asking(path, method, security, refusals)


def asked_in(dependant: Dependant) -> tuple[bool | None, bool] | None:
    """Return what a route asks of the session, itself or in a dependency; None where it asks for none."""
    asked = getattr(dependant.call, ASKED, None)
    if asked is not None:
        return asked[0], asked[1]
    return next(filter(None, map(asked_in, dependant.dependencies)), None)
