"""Names of roles and permissions, in normal form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from authweave.types import BadInputError

RECIPE_ID: Final = "userroles"


def normal_name(name: str, what: str) -> str:
    """
    Return a role or a permission without the blanks around it. How long it may be, the store says.

    Args:
        name: as somebody wrote it.
        what: what it is, for the message.

    Raises:
        authweave.types.BadInputError: there is nothing else.
    """
    if not isinstance(name, str):  # pyright: ignore[reportUnnecessaryIsInstance]  not everybody checks types
        raise BadInputError(f"{what} is a {type(name).__name__}, and has to be a text.")
    if stripped := name.strip():
        return stripped
    raise BadInputError(f"{what} is empty: name it.")


def normal_names(names: Iterable[str], what: str) -> tuple[str, ...]:
    """Return names in normal form, each once and in order. Raises as `normal_name`."""
    if isinstance(names, str):  # it would be taken for its letters
        raise BadInputError(f"{what} is one text: write a list of them.")
    return tuple(sorted({normal_name(each, what) for each in names}))
