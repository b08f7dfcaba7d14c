"""What an application's own routes say of the sessions that they ask for, in a document that its framework makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from authweave.http import NEWEST, Answer, Security
from authweave.types import JSON, JSONObject

from ._components import Components
from ._operation import Operations


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


def with_sessions(document: JSONObject, asking: Iterable[Asking]) -> JSONObject:
    """Return a document in which routes say that they ask for sessions. What they say of it themselves is kept."""
    components = Components()
    operations = Operations(components, NEWEST, is_newest=True, served=frozenset())
    paths = dict(mapping(document, "paths"))
    for each in asking:
        item = dict(mapping(paths, each.path))
        operation = dict(mapping(item, each.method))
        if not operation:
            continue  # the application leaves it out of its document
        operation.setdefault("security", [components.require(way) for way in each.security])
        refused: JSONObject = {
            str(answer.status): operations.response([answer], of_tenant=False) for answer in each.refusals
        }
        operation["responses"] = {**refused, **mapping(operation, "responses")}
        item[each.method] = operation
        paths[each.path] = item
    made = components.to_json()
    there = mapping(document, "components")
    joined: dict[str, JSON] = {**there}
    for kind in made:
        joined[kind] = {**mapping(made, kind), **mapping(there, kind)}
    return {**document, "paths": paths, "components": joined}


def mapping(document: JSONObject, key: str) -> JSONObject:
    """Return an object in a document; an empty one where there is none."""
    found = document.get(key)
    return found if isinstance(found, Mapping) else {}
