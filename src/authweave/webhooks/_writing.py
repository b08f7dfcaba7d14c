"""Values as the JSON that a webhook is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

import attrs

from authweave.recipe.emailpassword.types import FormField
from authweave.recipe.session.container import EmptySession, SessionContainer
from authweave.types import JSON, RecipeUserId

from ._plain import fields_of, is_value_class
from ._withholding import HARMLESS_FIELDS, is_secret, looks_secret

DEPTH: Final = 16
TYPE: Final = "type"

MAX_REQUEST_BYTES: Final = 64 * 1024
MAX_VALUES: Final = MAX_REQUEST_BYTES
"""No more fit, as each takes a byte at least: so what is far too much, or goes round in circles, ends soon."""

LARGEST: Final = 2**53 - 1
"""The largest integer that every program reads from JSON as it was written (RFC 8259, section 6)."""


class NotPlainError(Exception):
    """A value cannot be written as JSON, or is a secret by its looks; it is left out."""


class TooMuchError(Exception):
    """There is more to write than may be sent."""


@attrs.define
class Writer:
    """
    Writes the values of one call.

    Attributes:
        sends: names of secret values that are sent all the same.
        withheld: paths of what was not, filled while writing.
        written: how many values were written.
        sessions: the sessions that were written, by their handles: an answer may name one of them.
    """

    sends: frozenset[str]
    withheld: list[str] = attrs.field(factory=list[str])
    written: int = 0
    sessions: dict[str, SessionContainer] = attrs.field(factory=dict[str, SessionContainer])

    def entries(
        self, values: Mapping[str, object], where: str, depth: int = 0, *, is_named: bool = False
    ) -> dict[str, JSON]:
        """Write values by name, but for those that are secret, or no JSON; `is_named` says that theirs is sent."""
        written: dict[str, JSON] = {}
        for name, value in values.items():
            path = f"{where}.{name}"
            if looks_secret(name) and name not in self.sends:
                self.withheld.append(f"{where}.*")
                continue
            try:
                written[name] = self.named(name, value, path, depth + 1, is_named=is_named)
            except NotPlainError:
                self.withheld.append(path)
        return written

    def result(self, result: object) -> JSON:
        """Write what a function returned; null where that is no JSON, which `withheld` says."""
        try:
            return self.named("result", result, "result")
        except NotPlainError:
            self.withheld.append("result")
            return None

    def named(self, name: str, value: object, where: str, depth: int = 0, *, is_named: bool = False) -> JSON:
        """
        Write the value of a name.

        Raises:
            NotPlainError: it stays here for its name, or as for `value`.
        """
        if self.keeps(name, value):
            raise NotPlainError
        return self.value(value, where, depth, is_named=is_named or name in self.sends)

    def keeps(self, name: str, value: object) -> bool:
        """Return whether a value stays here for its name. That there is none is no secret, nor whether something is."""
        return not (value is None or isinstance(value, bool)) and is_secret(name) and name not in self.sends

    def value(self, value: object, where: str, depth: int = 0, *, is_named: bool = False) -> JSON:
        """
        Write a value; a text that looks like a credential only where its name is one of those that are sent.

        Raises:
            NotPlainError: it is no JSON, or too deep, or a secret.
            TooMuchError: there is more than may be sent.
        """
        self.written += 1
        if self.written > MAX_VALUES:
            raise TooMuchError
        if depth > DEPTH:
            raise NotPlainError
        if isinstance(value, RecipeUserId):
            return value.recipe_user_id
        if value is None or isinstance(value, str | int | float):
            return scalar(value, is_named=is_named)
        if isinstance(value, list | tuple):
            items = cast("list[object]", value)  # isinstance does not tell of what
            return [
                self.value(each, f"{where}.{index}", depth + 1, is_named=is_named) for index, each in enumerate(items)
            ]
        if isinstance(value, Mapping):
            return self.mapping(cast("Mapping[object, object]", value), where, depth)  # as above
        return self.instance(value, where, depth)

    def mapping(self, value: Mapping[object, object], where: str, depth: int) -> dict[str, JSON]:
        """Write an object. One that gives a name to its ``value``, as a form's fields do, is judged by that name."""
        entries = {name: each for name, each in value.items() if isinstance(name, str)}
        name = entries.get("id", entries.get("name"))
        if "value" in entries and isinstance(name, str) and self.keeps(name, entries["value"]):
            self.withheld.append(f"{where}.value")
            del entries["value"]
        return self.entries(entries, where, depth)

    def instance(self, value: object, where: str, depth: int) -> dict[str, JSON]:
        """
        Write a session, or a value of attrs, with the name of its class. What it keeps out of logs stays here too.

        Raises:
            NotPlainError: it is no value of attrs.
        """
        if isinstance(value, SessionContainer):
            return self.session(value, where, depth)
        cls: type = type(value)
        if not is_value_class(cls):
            raise NotPlainError
        fields = fields_of(cls)
        named: dict[str, object] = {name: getattr(value, name) for name in fields}
        hidden = [name for name, (field, _) in fields.items() if not field.repr and name not in self.sends]
        if isinstance(value, FormField):  # judged by its own name
            hidden = [] if value.id in HARMLESS_FIELDS | self.sends else ["value"]
        for name in [name for name in hidden if named[name] is not None]:
            self.withheld.append(f"{where}.{name}")
            del named[name]
        is_named = isinstance(value, FormField) and value.id in self.sends
        return {TYPE: cls.__name__, **self.entries(named, where, depth, is_named=is_named)}

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


def scalar(value: str | float | None, *, is_named: bool) -> JSON:
    """
    Write a value that has no parts.

    Raises:
        NotPlainError: it is a secret by its looks and not to be sent, or a number that not everybody reads alike.
    """
    if isinstance(value, str):
        is_plain = is_named or not looks_secret(value)
    else:
        is_plain = value is None or -LARGEST <= value <= LARGEST  # NaN is in no range
    if not is_plain:
        raise NotPlainError
    return value
