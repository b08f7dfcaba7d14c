"""FastAPI: the middleware, sessions as a dependency, and our routes in its document. Its requests are Starlette's."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from authweave.extending import Application, default_app
from authweave.framework._document import SessionRoute, asked_of, merged_document
from authweave.framework.starlette import get_middleware, get_session, verify_session
from authweave.recipe.session.transport.asked import Asked
from authweave.types import JSONObject

if TYPE_CHECKING:  # `fastapi` is heavy, and who needs the middleware alone may have Starlette
    from fastapi import FastAPI
    from fastapi.dependencies.models import Dependant

__all__ = ["get_middleware", "get_session", "merge_openapi", "verify_session"]


def merge_openapi(fastapi_app: FastAPI, app: Application | None = None, *, root_path: str = "") -> None:
    """
    Have FastAPI's own document, and the pages that show it (``/docs``), name the routes of authweave too.

    Routes that depend on `verify_session` say how they are shown a session, so *Authorize* of the page works for them.

    Args:
        fastapi_app: whose document it is. It is made when it is first asked for, as FastAPI does it.
        app: whose routes are added; None is the process's default, which need not exist yet.
        root_path: where the application is mounted, if ours are below it by their own base path: ``/v1``, with
            ``api_base_path="/v1/auth"``. What the document names is below it in any case.

    Raises:
        authweave.errors.DocumentsCollideError: when the document is made: both have an operation in one place.

    .. versionadded:: 0.1.0
    """
    own = fastapi_app.openapi
    made: list[tuple[JSONObject, dict[str, Any]]] = []  # Any: as FastAPI types it

    def openapi() -> dict[str, Any]:  # Any: as FastAPI types it
        theirs = own()
        if not made or made[0][0] is not theirs:  # FastAPI keeps it until routes change
            both = merged_document(theirs, app or default_app(), asking(fastapi_app), root_path=root_path)
            made[:] = [(theirs, both)]
        return made[0][1]

    setattr(fastapi_app, openapi.__name__, openapi)  # as FastAPI's documentation has it: it asks the instance


def asking(fastapi_app: FastAPI) -> Iterator[SessionRoute]:
    """Return the routes that depend on sessions."""
    from fastapi import routing  # noqa: PLC0415  an extra

    # Newer releases keep the routes of routers below these, and put together what both say when they are asked.
    for route in getattr(routing, "iter_route_contexts", iter)(fastapi_app.routes):
        dependant: Dependant | None = getattr(route, "dependant", None)  # other routes have none
        methods: Collection[str] | None = getattr(route, "methods", None)  # those of WebSockets have none
        if dependant is not None and (asked := asked_in(dependant)) is not None:
            yield SessionRoute(getattr(route, "path_format", ""), methods or (), asked)


def asked_in(dependant: Dependant) -> Asked | None:
    """Return what a route asks of the session, itself or in a dependency; None where it asks for none."""
    asked = asked_of(dependant.call)
    return asked or next(filter(None, map(asked_in, dependant.dependencies)), None)
