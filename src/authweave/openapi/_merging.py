"""Our routes in the document that a framework makes of an application's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from authweave.types import JSON, ConfigurationError, JSONObject

from ._asking import mapping

KINDS: Final = ("schemas", "securitySchemes")


class DocumentsCollideError(ConfigurationError):
    """Two documents have something different under one name."""

    code = "openapi_documents_collide"


def merged(theirs: JSONObject, ours: JSONObject) -> JSONObject:
    """
    Return a document that has the paths, components and tags of both.

    What is said of the whole (``info``, ``servers``) is theirs. A schema of ours that has the name of another one of
    theirs is called ``Auth`` and that name.

    Args:
        theirs: the application's own document, which is left as it is.
        ours: what `document` returns.

    Raises:
        DocumentsCollideError: both have an operation on a path, or different security schemes of a name.
    """
    ours = renamed(ours, {name: f"Auth{name}" for name in colliding(theirs, ours, "schemas")})
    if names := colliding(theirs, ours, "securitySchemes"):
        raise DocumentsCollideError(
            f"The application's OpenAPI document has security schemes {names} of its own: give these other names."
        )
    paths = dict(mapping(theirs, "paths"))
    for path, item in mapping(ours, "paths").items():
        there = paths.get(path, {})
        both = (
            set(there) & set(item) - {"parameters"} if isinstance(there, Mapping) and isinstance(item, Mapping) else ()
        )
        if both:
            raise DocumentsCollideError(
                f"The application has a route {min(both).upper()} {path} of its own, which the middleware never "
                "lets a request reach: give it another path, or switch off that of the recipe."
            )
        paths[path] = {**there, **item} if isinstance(there, Mapping) and isinstance(item, Mapping) else item
    components = dict(mapping(theirs, "components"))
    for kind in KINDS:
        components[kind] = {**mapping(components, kind), **mapping(mapping(ours, "components"), kind)}
    tags = [*items(theirs, "tags"), *items(ours, "tags")]
    return {**theirs, "paths": paths, "components": components, "tags": tags}


def colliding(theirs: JSONObject, ours: JSONObject, kind: str) -> list[str]:
    """Return the names under which both have a component, and not the same."""
    there, here = (mapping(mapping(each, "components"), kind) for each in (theirs, ours))
    return sorted(name for name in set(there) & set(here) if there[name] != here[name])


def renamed(document: JSONObject, names: Mapping[str, str]) -> JSONObject:
    """Return a document in which schemas have other names."""
    if not names:
        return document
    references = {f"#/components/schemas/{name}": f"#/components/schemas/{new}" for name, new in names.items()}

    def walk(value: JSON) -> JSON:
        if isinstance(value, Mapping):
            return {
                key: references.get(each, each) if key == "$ref" and isinstance(each, str) else walk(each)
                for key, each in value.items()
            }
        return [walk(each) for each in value] if isinstance(value, list) else value

    changed = {key: walk(value) for key, value in document.items()}
    components = mapping(changed, "components")
    schemas = {names.get(name, name): schema for name, schema in mapping(components, "schemas").items()}
    return {**changed, "components": {**components, "schemas": schemas}}


def items(document: JSONObject, key: str) -> list[JSON]:
    """Return a list in a document; an empty one where there is none."""
    found = document.get(key)
    return list(found) if isinstance(found, list | tuple) else []
