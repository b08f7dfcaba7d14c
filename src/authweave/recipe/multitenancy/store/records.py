"""How a tenant is configured, as it is kept, and what changes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal, TypeAlias, cast

import attrs

from authweave.storage import check_text, json_object, json_text
from authweave.types import JSON, BadInputError, JSONObject

MAX_FACTORS: Final = 50
"""In one list."""

MAX_CORE_CONFIG_CHARACTERS: Final = 65_536
"""Of JSON in ASCII, with one tenant."""

NoChange: TypeAlias = Literal["NO_CHANGE"]
NO_CHANGE: Final[NoChange] = "NO_CHANGE"
"""What stands for a list of factors that is to stay as it is."""


@attrs.frozen
class StoredTenantConfig:
    """
    How a tenant is configured.

    Attributes:
        first_factors: with which first factors people may sign in, none for nobody; None: with all that there are.
        required_secondary_factors: which further ones they have to show; None: none.
        core_config: what an application keeps there.
    """

    first_factors: tuple[str, ...] | None = None
    required_secondary_factors: tuple[str, ...] | None = None
    core_config: JSONObject = attrs.field(factory=dict[str, JSON])

    def to_text(self) -> str:
        """
        Write it, for a store.

        Raises:
            authweave.types.BadInputError: what the application keeps there is too long.
        """
        if len(json_text(self.core_config, "core_config")) > MAX_CORE_CONFIG_CHARACTERS:
            message = f"core_config would be longer than the {MAX_CORE_CONFIG_CHARACTERS} characters of JSON"
            raise BadInputError(f"{message} that are allowed.")
        lists = {"first": self.first_factors, "required": self.required_secondary_factors}
        written: dict[str, JSON] = {name: list(each) for name, each in lists.items() if each is not None}
        return json_text({**written, "core": self.core_config}, "the configuration of a tenant")

    @classmethod
    def from_text(cls, text: str | None) -> StoredTenantConfig:
        """Read what was written; None where nothing was."""
        if text is None:
            return cls()
        read = json_object(text)
        core_config = cast("JSONObject", read["core"])  # as it was written
        return cls(factors_in(read, "first"), factors_in(read, "required"), core_config)


@attrs.frozen(kw_only=True)
class TenantConfigChange:
    """
    What changes how a tenant is configured.

    Attributes:
        first_factors: in place of those that there are.
        required_secondary_factors: likewise.
        core_config: is merged into what there is; a key that is None is taken away.
    """

    first_factors: Sequence[str] | NoChange | None = NO_CHANGE
    required_secondary_factors: Sequence[str] | NoChange | None = NO_CHANGE
    core_config: JSONObject = attrs.field(factory=dict[str, JSON])

    def applied_to(self, config: StoredTenantConfig) -> StoredTenantConfig:
        """Return a configuration with the change."""
        merged = {**config.core_config, **self.core_config}
        return StoredTenantConfig(
            changed(config.first_factors, self.first_factors),
            changed(config.required_secondary_factors, self.required_secondary_factors),
            {key: value for key, value in merged.items() if value is not None},
        )


def changed(before: tuple[str, ...] | None, after: Sequence[str] | NoChange | None) -> tuple[str, ...] | None:
    """Return a list of factors after a change."""
    if after == NO_CHANGE:
        return before
    return None if after is None else tuple(after)


def factors_in(config: JSONObject, name: str) -> tuple[str, ...] | None:
    """Read a list of factors, where there is one."""
    factors = cast("list[str] | None", config.get(name))  # as it was written
    return None if factors is None else tuple(factors)


def check_change(change: TenantConfigChange) -> None:
    """
    Check a change, also of programs that no type checker has read.

    Raises:
        authweave.types.BadInputError: a list is none, is too long, or holds what no factor can be called; or what
            the application keeps there is no object.
    """
    check_factors(change.first_factors, "first_factors")
    check_factors(change.required_secondary_factors, "required_secondary_factors")
    check_keys(change.core_config)
    json_text(change.core_config, "core_config")


def check_keys(core_config: object) -> None:
    """Check that something is an object whose keys are texts: ``json.dumps`` would write a number as one."""
    keys = list(cast("Mapping[object, object]", core_config)) if isinstance(core_config, Mapping) else [None]
    if not all(isinstance(each, str) for each in keys):
        raise BadInputError("core_config is no object of JSON: write a dictionary whose keys are texts.")


def check_factors(factors: object, name: str) -> None:
    """Check a list of factors."""
    if factors is None or factors == NO_CHANGE:
        return
    if not isinstance(factors, Sequence) or isinstance(factors, str | bytes):
        raise BadInputError(f"{name} is a {type(factors).__name__}: write a list of the ids of factors, or None.")
    listed = cast("Sequence[object]", factors)  # nothing is known of what is in it
    if len(listed) > MAX_FACTORS:
        raise BadInputError(f"{name} has more than the {MAX_FACTORS} factors that are allowed.")
    for each in listed:
        if not isinstance(each, str) or not each:
            raise BadInputError(f"{name} has a factor that is no text, or an empty one.")
        check_text(each, f"a factor of {name}")
