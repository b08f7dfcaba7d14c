"""Values as the JSON that a webhook is sent."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final, cast

import attrs

from authweave.recipe.emailpassword.types import FormField
from authweave.recipe.session.container import EmptySession, SessionContainer
from authweave.types import JSON, RecipeUserId

from ._plain import fields_of, is_value_class
from ._withholding import is_secret

DEPTH: Final = 16
TYPE: Final = "type"


class NotPlainError(Exception):
    """A value cannot be written as JSON; it is left out."""


@attrs.define
class Writer:
    """
    Writes the values of one call.

    Attributes:
        sends: names of secret values that are sent all the same.
        withheld: paths of what was not, filled while writing.
        sessions: the sessions that were written, by their handles: an answer may name one of them.
    """

    sends: frozenset[str]
    withheld: list[str] = attrs.field(factory=list[str])
    sessions: dict[str, SessionContainer] = attrs.field(factory=dict[str, SessionContainer])

    def entries(self, values: Mapping[str, object], where: str, depth: int = 0) -> dict[str, JSON]:
        """Write values by name, but for those that are secret, or no JSON."""
        written: dict[str, JSON] = {}
        for name, value in values.items():
            path = f"{where}.{name}"
            if self.keeps(name, value):
                self.withheld.append(path)
                continue
            try:
                written[name] = self.value(value, path, depth + 1)
            except NotPlainError:
                self.withheld.append(path)
        return written

    def result(self, result: object) -> JSON:
        """Write what a function returned; null where that is no JSON, which `withheld` says."""
        try:
            return self.value(result, "result")
        except NotPlainError:
            self.withheld.append("result")
            return None

    def keeps(self, name: str, value: object) -> bool:
        """Return whether a value stays here for its name. That there is none is no secret."""
        return value is not None and is_secret(name) and name not in self.sends

    def value(self, value: object, where: str, depth: int = 0) -> JSON:
        """
        Write a value.

        Raises:
            NotPlainError: it is no JSON, or too deep.
        """
        if depth > DEPTH:
            raise NotPlainError
        if value is None or isinstance(value, str | bool | int) or (isinstance(value, float) and math.isfinite(value)):
            return value
        if isinstance(value, RecipeUserId):
            return value.recipe_user_id
        if isinstance(value, SessionContainer):
            return self.session(value, where, depth)
        if isinstance(value, list | tuple):
            items = cast("list[object]", value)  # isinstance does not tell of what
            return [self.value(each, f"{where}.{index}", depth + 1) for index, each in enumerate(items)]
        if isinstance(value, Mapping):
            named = cast("Mapping[object, object]", value)  # as above
            return self.entries({name: each for name, each in named.items() if isinstance(name, str)}, where, depth)
        return self.instance(value, where, depth)

    def instance(self, value: object, where: str, depth: int) -> dict[str, JSON]:
        """
        Write a value of attrs, with the name of its class. What it keeps out of logs stays here too.

        Raises:
            NotPlainError: it is no value of attrs.
        """
        cls: type = type(value)
        if not is_value_class(cls):
            raise NotPlainError
        fields = fields_of(cls)
        named: dict[str, object] = {name: getattr(value, name) for name in fields}
        hidden = [name for name, (field, _) in fields.items() if not field.repr]
        if isinstance(value, FormField):
            hidden = ["value"] if self.keeps(value.id, value.value) else []
        for name in [name for name in hidden if name not in self.sends and named[name] is not None]:
            self.withheld.append(f"{where}.{name}")
            del named[name]
        return {TYPE: cls.__name__, **self.entries(named, where, depth)}

    def session(self, session: SessionContainer, where: str, depth: int) -> dict[str, JSON]:
        """Write a session: whose it is and what its access token says, without its tokens."""
        if isinstance(session, EmptySession) or not session.session_handle:
            return {TYPE: "EmptySession"}
        self.sessions[session.session_handle] = session
        told: dict[str, object] = {
            "session_handle": session.session_handle,
            "user_id": session.user_id,
            "recipe_user_id": session.recipe_user_id,
            "tenant_id": session.tenant_id,
            "access_token_payload": session.get_access_token_payload(),
        }
        return {TYPE: "Session", **self.entries(told, where, depth)}
