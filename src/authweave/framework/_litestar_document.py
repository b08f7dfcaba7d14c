"""Our routes in the document that Litestar makes of an application's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from authweave.extending import Application, default_app
from authweave.recipe.session import SessionRecipe
from authweave.recipe.session.framework.litestar import ASKED

if TYPE_CHECKING:
    from litestar import Litestar
    from litestar.di import Provide
    from litestar.handlers import HTTPRouteHandler

    from authweave.openapi import Asking


def merge_openapi(litestar_app: Litestar, app: Application | None = None) -> None:
    """
    Have Litestar's own document, and the pages that show it (``/schema``), name the routes of authweave too.

    Call it once all routes are registered. Routes whose guard or dependency is of a session say how they are shown one,
    so *Authorize* of the pages works for them.

    Args:
        litestar_app: whose document it is.
        app: whose routes are added; None is the process's default.

    Raises:
        authweave.errors.DocumentsCollideError: both have something different under one name.
        litestar.exceptions.ImproperlyConfiguredException: the application has no document.

    .. versionadded:: 0.1.0
    """
    from authweave.openapi import document, merged, with_sessions  # noqa: PLC0415  for who asks for the document

    schema, serving = litestar_app.openapi_schema, app or default_app()
    told = with_sessions(schema.to_schema(), asking(litestar_app, serving))
    made = dict(merged(told, document(serving.endpoints.routes, serving.app_info)))

    def to_schema() -> dict[str, Any]:  # Any: as Litestar types it
        return made

    setattr(schema, to_schema.__name__, to_schema)  # what its pages are made of; the classes of it know no JSON Schema


def asking(litestar_app: Litestar, app: Application) -> Iterator[Asking]:
    """Return the routes that ask for sessions."""
    from litestar.routes import HTTPRoute  # noqa: PLC0415  an extra

    from authweave.openapi import Asking  # noqa: PLC0415  for who asks for the document

    described = app.recipe(SessionRecipe).requests.description
    for route in litestar_app.routes:
        for handler in route.route_handlers if isinstance(route, HTTPRoute) else ():
            if (asked := asked_by(handler)) is None:
                continue
            anti_csrf_check, session_required = asked
            for method in sorted(each.lower() for each in handler.http_methods):
                security, refusals = described.asked_by(
                    method, session_required=session_required, anti_csrf_check=anti_csrf_check
                )
                yield Asking(route.path_format, method, security, refusals)


def asked_by(handler: HTTPRouteHandler) -> tuple[bool | None, bool] | None:
    """Return what a handler asks of the session, by a guard or a dependency that it uses; None where it asks none."""
    for guard in cast("Sequence[object]", handler.resolve_guards()):  # pyright: ignore[reportUnknownMemberType]  whatever connection they take
        if (asked := getattr(guard, ASKED, None)) is not None:
            return asked[0], asked[1]
    return asked_in(handler.parsed_fn_signature.parameters, handler.resolve_dependencies())


def asked_in(names: Mapping[str, object], provided: Mapping[str, Provide]) -> tuple[bool | None, bool] | None:
    """Return the same of the dependencies that parameters name, and of theirs."""
    for name in names:
        if (each := provided.get(name)) is None:
            continue
        if (asked := getattr(each.dependency, ASKED, None)) is not None:
            return asked[0], asked[1]
        below = {key: value for key, value in provided.items() if key != name}
        if (found := asked_in(each.parsed_fn_signature.parameters, below)) is not None:
            return found
    return None
