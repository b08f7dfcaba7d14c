"""Our routes in the document that a framework makes of an application's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import attrs

from authweave.http import NEWEST, Answer, RouteTable, Security
from authweave.types import JSON, ConfigurationError, JSONObject

from ._components import Components, mapping
from ._document import tags
from ._names import operation_ids
from ._operation import Described, Operations

PARAMETER: Final = re.compile(r"\{[^{}]*\}")


class DocumentsCollideError(ConfigurationError):
    """Two documents have different operations in one place."""

    code = "openapi_documents_collide"


@attrs.frozen
class Asking:
    """
    A route of an application's own that asks for a session.

    Attributes:
        path: as it stands in the document.
        method: lower case.
        security: how the session is shown.
        refusals: what is answered where it is not.
    """

    path: str
    method: str
    security: Security
    refusals: tuple[Answer, ...]


def merged(theirs: JSONObject, routes: RouteTable, asking: Iterable[Asking], *, root_path: str = "") -> JSONObject:
    """
    Return a document that has the paths, components and tags of an application's own, and those of our routes.

    What is said of the whole (``info``, ``servers``) is theirs, and so is every name: a component of ours whose name is
    taken by another of theirs is called ``Auth`` and that name, an operation ``auth_`` and its id.

    Args:
        theirs: the application's own document, which is left as it is.
        routes: ours, that are served.
        asking: their routes that ask for sessions. What these say of it themselves is kept.
        root_path: that of the application (ASGI), below which all paths of its document are.

    Raises:
        DocumentsCollideError: both have an operation in one place.
    """
    paths = {path: dict(mapping(mapping(theirs, "paths"), path)) for path in mapping(theirs, "paths")}
    components = Components(mapping(theirs, "components"))
    ids = operation_ids(routes.routes, frozenset(ids_in(paths.values())))
    operations = Operations(components, NEWEST, is_newest=True, ids=ids)
    for asked in asking:
        if isinstance(own := paths.get(asked.path, {}).get(asked.method), Mapping):  # else it is left out of it
            paths[asked.path][asked.method] = with_session(own, asked, operations)
    alike = {PARAMETER.sub("{}", path): path for path in paths}
    for each in operations.of_routes(routes, root_path):
        check_place(each, paths, alike.get(PARAMETER.sub("{}", each.path), each.path))
        paths.setdefault(each.path, {})[each.method] = each.operation
    listed = items(theirs, "tags")
    names = [each.get("name") for each in listed if isinstance(each, Mapping)]
    listed += [each for each in tags(routes) if each["name"] not in names]
    return {**theirs, "paths": {**paths}, "components": components.to_json(), "tags": listed}


def with_session(own: JSONObject, asking: Asking, operations: Operations) -> JSONObject:
    """Return an operation of theirs that says how it is shown a session, and with what it refuses."""
    refused: JSONObject = {
        str(answer.status): operations.response([answer], of_tenant=False) for answer in asking.refusals
    }
    security: list[JSON] = [operations.components.require(way) for way in asking.security]
    return {"security": security, **own, "responses": {**refused, **mapping(own, "responses")}}


def check_place(ours: Described, paths: Mapping[str, JSONObject], theirs: str) -> None:
    """
    Check that an operation of ours has its place for itself.

    Args:
        ours: it.
        paths: those of the document.
        theirs: the path among them that is the same but for the names of its parameters (OpenAPI 3.1.1, section 4.8.8).

    Raises:
        DocumentsCollideError: it has not.
    """
    if ours.method in paths.get(theirs, {}):
        raise DocumentsCollideError(
            f"The application has a route {ours.method.upper()} {theirs} of its own, which the middleware never lets "
            "a request reach: give it another path, or switch off that of the recipe."
        )
    if theirs != ours.path:
        raise DocumentsCollideError(
            f"The application has a path {theirs} of its own, which no document has beside {ours.path}: give its "
            "parameter that name."
        )


def ids_in(items: Iterable[JSONObject]) -> Iterator[str]:
    """Return the ids of the operations of path items."""
    for item in items:
        for operation in item.values():
            if isinstance(operation, Mapping) and isinstance(found := operation.get("operationId"), str):
                yield found


def items(document: JSONObject, key: str) -> list[JSON]:
    """Return a list in a document; an empty one where there is none."""
    found = document.get(key)
    return list(found) if isinstance(found, list | tuple) else []
