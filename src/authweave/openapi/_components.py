"""Schemas that routes have in common: each stands once in the document, under its title."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from authweave.http import Schema, SecurityScheme
from authweave.types import JSON, JSONObject

OF_SCHEMAS_BY_NAME: Final = frozenset({"properties", "patternProperties", "dependentSchemas"})
OF_SCHEMAS: Final = frozenset({"oneOf", "anyOf", "allOf", "prefixItems"})
OF_ONE_SCHEMA: Final = frozenset({"items", "additionalProperties", "contains", "not", "propertyNames"})
"""The keywords of JSON Schema in which schemas stand (draft 2020-12, "Core", section 10.3)."""


@attrs.define
class Components:
    """What the document has once and refers to: schemas by their titles, and ways to be let in."""

    schemas: dict[str, JSON] = attrs.field(factory=dict[str, JSON])
    security_schemes: dict[str, JSON] = attrs.field(factory=dict[str, JSON])

    def refer(self, schema: Schema) -> JSONObject:
        """Return a schema with references in place of those that have a title, which are kept."""
        referring = {keyword: self._value(keyword, value) for keyword, value in schema.items()}
        title = referring.get("title")
        if not isinstance(title, str):
            return referring
        return {"$ref": f"#/components/schemas/{self._name(title, referring)}"}

    def _value(self, keyword: str, value: JSON) -> JSON:
        if keyword in OF_SCHEMAS_BY_NAME and isinstance(value, Mapping):
            return {name: self._schema(each) for name, each in value.items()}
        if keyword in OF_SCHEMAS and isinstance(value, list):
            return [self._schema(each) for each in value]
        return self._schema(value) if keyword in OF_ONE_SCHEMA else value

    def _schema(self, value: JSON) -> JSON:
        return self.refer(value) if isinstance(value, Mapping) else value  # true and false are schemas too

    def _name(self, title: str, schema: JSONObject) -> str:
        """Return the name of a component: two recipes may give different schemas the same title."""
        wanted = "".join(character for character in title if character.isalnum() or character in "._-") or "Schema"
        name, number = wanted, 1
        while self.schemas.setdefault(name, schema) != schema:
            number += 1
            name = f"{wanted}{number}"
        return name

    def require(self, schemes: tuple[SecurityScheme, ...]) -> JSONObject:
        """Return a Security Requirement Object for schemes that are needed together, which are kept."""
        for each in schemes:
            self.security_schemes[each.name] = each.definition
        return {each.name: [] for each in schemes}

    def to_json(self) -> JSONObject:
        """Return the Components Object."""
        return {
            "schemas": {name: self.schemas[name] for name in sorted(self.schemas)},
            "securitySchemes": {name: self.security_schemes[name] for name in sorted(self.security_schemes)},
        }
