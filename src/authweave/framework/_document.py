"""Our routes in a framework's own document: what FastAPI's and Litestar's have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import attrs

from authweave.extending import Application
from authweave.recipe.session import SessionRecipe
from authweave.recipe.session.transport.asked import ASKED, Asked
from authweave.types import ConfigurationError, JSONObject

if TYPE_CHECKING:
    from authweave.openapi import Asking


@attrs.frozen
class SessionRoute:
    """
    A route of the application's own that asks for a session.

    Attributes:
        path: as it stands in the framework's document.
        methods: in whatever case.
        asked: of the session.
    """

    path: str
    methods: Iterable[str]
    asked: Asked


def merged_document(
    theirs: JSONObject, app: Application, asking: Iterable[SessionRoute], *, root_path: str = ""
) -> dict[str, Any]:  # Any: as frameworks type it
    """
    Return a framework's document with our routes in it.

    Raises:
        authweave.errors.DocumentsCollideError: both have an operation in one place.
    """
    from authweave.openapi import merged  # noqa: PLC0415  for who asks for the document

    return dict(merged(theirs, app.endpoints.routes, described_by_method(app, asking), root_path=root_path))


def described_by_method(app: Application, asking: Iterable[SessionRoute]) -> Iterator[Asking]:
    """Return what routes that ask for sessions say of it, by method."""
    from authweave.openapi import Asking  # noqa: PLC0415  as above

    try:
        description = app.recipe(SessionRecipe).requests.description
    except ConfigurationError:  # it has no sessions: those that are asked for are another application's
        return
    for route in asking:
        anti_csrf_check, session_required, *_ = route.asked
        for method in sorted(each.lower() for each in route.methods):
            security, refusals = description.asked_by(
                method, session_required=session_required, anti_csrf_check=anti_csrf_check
            )
            yield Asking(route.path, method, security, refusals)


def asked_of(function: object) -> Asked | None:
    """Return what a dependency or a guard asks of the session; None where it asks for none."""
    found: Asked | None = getattr(function, ASKED, None)
    return found
