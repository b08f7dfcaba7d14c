"""What the recipe is told by `init`, and what it therefore takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import attrs

from authweave.storage import check_text
from authweave.types import BadInputError

DAY_S: Final = 86_400
MAX_NAME_CHARACTERS: Final = 100
MAX_SCOPES: Final = 20
SCOPE: Final = re.compile(r"[a-z][a-z0-9:._-]{0,49}")


@attrs.frozen(kw_only=True)
class APIKeysConfig:
    """
    What `init` was told.

    Attributes:
        scopes: what keys may be allowed to do, sorted.
        max_keys: how many a user may have.
        max_validity_s: how long a key can be used at most, in seconds.
    """

    scopes: tuple[str, ...]
    max_keys: int
    max_validity_s: int

    def faults(self) -> Iterator[str]:
        """Return what cannot work, in sentences."""
        if len(self.scopes) > MAX_SCOPES:
            yield f"apikeys.init has {len(self.scopes)} scopes: a key can have {MAX_SCOPES} at most."
        for scope in self.scopes:
            if not SCOPE.fullmatch(scope):
                yield (
                    f"apikeys.init has the scope {scope!r}: write at most 50 lower-case letters, digits and "
                    "any of ':._-', the first a letter."
                )
        if self.max_keys < 1 or self.max_validity_s < 1:
            yield f"apikeys.init: max_keys={self.max_keys} and max_validity_s={self.max_validity_s} must be at least 1."

    def check(self, name: str, scopes: tuple[str, ...], validity_s: int | None) -> None:
        """
        Check what a key is to be.

        Raises:
            authweave.types.BadInputError: it cannot be that.
        """
        if not name.strip():
            raise BadInputError("name must say what the key is for.")
        check_text(name, "name", MAX_NAME_CHARACTERS)
        if set(scopes) - set(self.scopes):
            raise BadInputError(f"scopes must be some of: {', '.join(self.scopes) or 'none'}.")
        if validity_s is not None and not 1 <= validity_s <= self.max_validity_s:
            raise BadInputError(f"validityS must be a number of seconds, from 1 to {self.max_validity_s}.")
