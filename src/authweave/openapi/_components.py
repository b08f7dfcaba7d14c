"""Schemas that routes have in common: each stands once in the document, under its title."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from authweave.http import Schema, SecurityScheme
from authweave.types import JSON, JSONObject

from ._names import free_name

OF_SCHEMAS_BY_NAME: Final = frozenset({"properties", "patternProperties", "dependentSchemas"})
OF_SCHEMAS: Final = frozenset({"oneOf", "anyOf", "allOf", "prefixItems"})
OF_ONE_SCHEMA: Final = frozenset({"items", "additionalProperties", "contains", "not", "propertyNames"})
"""The keywords of JSON Schema in which schemas stand (draft 2020-12, "Core", section 10.3)."""


@attrs.define
class Components:
    """
    What the document has once and refers to: schemas by their titles, and ways to be let in.

    Attributes:
        theirs: the Components Object of the document that ours is merged into: a name there stays what it is.
    """

    theirs: JSONObject = attrs.field(factory=dict[str, JSON])
    schemas: dict[str, JSON] = attrs.field(factory=dict[str, JSON], init=False)
    security_schemes: dict[str, JSON] = attrs.field(factory=dict[str, JSON], init=False)

    def refer(self, schema: Schema) -> JSONObject:
        """Return a schema with references in place of those that have a title, which are kept."""
        referring = {keyword: self._value(keyword, value) for keyword, value in schema.items()}
        title = referring.get("title")
        if not isinstance(title, str):
            return referring
        wanted = "".join(each for each in title if each.isascii() and (each.isalnum() or each in "._-")) or "Schema"
        return {
            "$ref": f"#/components/schemas/{keep_component(wanted, referring, self.schemas, self.of_theirs('schemas'))}"
        }

    def require(self, schemes: tuple[SecurityScheme, ...]) -> JSONObject:
        """Return a Security Requirement Object for schemes that are needed together, which are kept."""
        theirs = self.of_theirs("securitySchemes")
        return {keep_component(each.name, each.definition, self.security_schemes, theirs): [] for each in schemes}

    def of_theirs(self, kind: str) -> JSONObject:
        """Return what the other document has of a kind."""
        return mapping(self.theirs, kind)

    def to_json(self) -> JSONObject:
        """Return the Components Object: with all that is in the other one."""
        ours = {"schemas": self.schemas, "securitySchemes": self.security_schemes}
        both = {
            kind: {**self.of_theirs(kind), **{name: made[name] for name in sorted(made)}} for kind, made in ours.items()
        }
        return {**self.theirs, **both}

    def _value(self, keyword: str, value: JSON) -> JSON:
        if keyword in OF_SCHEMAS_BY_NAME and isinstance(value, Mapping):
            return {name: self._schema(each) for name, each in value.items()}
        if keyword in OF_SCHEMAS and isinstance(value, list):
            return [self._schema(each) for each in value]
        return self._schema(value) if keyword in OF_ONE_SCHEMA else value

    def _schema(self, value: JSON) -> JSON:
        return self.refer(value) if isinstance(value, Mapping) else value  # true and false are schemas too


def keep_component(wanted: str, value: JSON, ours: dict[str, JSON], theirs: JSONObject) -> str:
    """Keep a component among ours, and return its name: what is the same has one, what is not has two."""
    name = free_name(
        wanted,
        f"Auth{wanted[0].upper()}{wanted[1:]}",
        lambda each: each in theirs and theirs[each] != value,
        lambda each: each in ours and ours[each] != value,
    )
    ours[name] = value
    return name


def mapping(document: JSONObject, key: str) -> JSONObject:
    """Return an object in a document; an empty one where there is none."""
    found = document.get(key)
    return found if isinstance(found, Mapping) else {}
