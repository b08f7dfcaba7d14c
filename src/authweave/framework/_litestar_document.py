"""Our routes in the document that Litestar makes of an application's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from authweave.extending import Application, default_app
from authweave.recipe.session.transport.asked import Asked

from ._document import SessionRoute, asked_of, merged_document

if TYPE_CHECKING:
    from litestar import Litestar
    from litestar.di import Provide
    from litestar.handlers import HTTPRouteHandler


def merge_openapi(litestar_app: Litestar, app: Application | None = None, *, root_path: str = "") -> None:
    """
    Have Litestar's own document, and the pages that show it (``/schema``), name the routes of authweave too.

    Call it once all routes are registered. Routes whose guard or dependency is of a session say how they are shown one,
    so *Authorize* of the pages works for them.

    Args:
        litestar_app: whose document it is. Ours is added when it is first asked for.
        app: whose routes are added; None is the process's default, which need not exist yet.
        root_path: where the application is mounted, if ours are below it by their own base path: ``/v1``, with
            ``api_base_path="/v1/auth"``. What the document names is below it in any case.

    Raises:
        authweave.errors.DocumentsCollideError: when the document is made: both have an operation in one place.
        litestar.exceptions.ImproperlyConfiguredException: the application has no document.

    .. versionadded:: 0.1.0
    """
    schema = litestar_app.openapi_schema
    own = schema.to_schema

    def to_schema() -> dict[str, Any]:  # Any: as Litestar types it
        return merged_document(own(), app or default_app(), asking(litestar_app), root_path=root_path)

    setattr(schema, to_schema.__name__, to_schema)  # what its pages are made of; the classes of it know no JSON Schema


def asking(litestar_app: Litestar) -> Iterator[SessionRoute]:
    """Return the routes that ask for sessions."""
    from litestar.routes import HTTPRoute  # noqa: PLC0415  an extra

    for route in litestar_app.routes:
        for handler in route.route_handlers if isinstance(route, HTTPRoute) else ():
            if (asked := asked_by(handler)) is not None:
                yield SessionRoute(route.path_format, handler.http_methods, asked)


def asked_by(handler: HTTPRouteHandler) -> Asked | None:
    """Return what a handler asks of the session, by a guard or a dependency that it uses; None where it asks none."""
    for guard in cast("Sequence[object]", handler.resolve_guards()):  # pyright: ignore[reportUnknownMemberType]  whatever connection they take
        if (asked := asked_of(guard)) is not None:
            return asked
    return asked_in(handler.parsed_fn_signature.parameters, handler.resolve_dependencies())


def asked_in(names: Mapping[str, object], provided: Mapping[str, Provide]) -> Asked | None:
    """Return the same of the dependencies that parameters name, and of theirs."""
    for name in names:
        if (each := provided.get(name)) is None:
            continue
        if (asked := asked_of(each.dependency)) is not None:
            return asked
        below = {key: value for key, value in provided.items() if key != name}
        if (found := asked_in(each.parsed_fn_signature.parameters, below)) is not None:
            return found
    return None
