"""In debug mode: keys of the user context that the application does not declare, the one mistake no checker sees."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typing_extensions

from ._context import UserContext
from ._faults import nearest

if TYPE_CHECKING:
    from ._layer import Layer

logger: Final = logging.getLogger("authweave.context")

HERE: Final = str(Path(__file__).parent)
KEYS_OF_A_PLACE: Final = 10  # a place that makes its keys (f"cart-{id}") has ever new ones


class DeclaredKeys:
    """The keys that a TypedDict declares, and which others were told of already."""

    def __init__(self, name: str, keys: frozenset[str]) -> None:
        self.name = name
        self.keys = keys
        self.reported: dict[tuple[str, int], set[str]] = {}

    @classmethod
    def of(cls, declared: type[UserContext]) -> DeclaredKeys | None:
        """Read a TypedDict, its bases with it. None where it allows any key (``extra_items=``, PEP 728)."""
        if getattr(declared, "__extra_items__", None) not in {None, typing_extensions.NoExtraItems}:
            return None
        return cls(declared.__name__, keys_of(UserContext) | keys_of(declared))

    def check(self, key: object, does: str, layer: Layer | None, *, seen_later: bool = False) -> None:
        """
        Tell of a key that is not declared, once for each place, and of ten at most there. Its value is not told.

        Args:
            key: what is set, read or deleted.
            does: which of it.
            layer: the layer that runs.
            seen_later: whether it was done some time ago, so that the layer's own place is the nearest that is known.
        """
        if not isinstance(key, str) or key in self.keys:  # no TypedDict has other keys: the checkers tell
            return
        file, line = (layer.file, layer.line) if seen_later and layer is not None else running_place()
        reported = self.reported.setdefault((file, line), set())
        if key in reported or len(reported) == KEYS_OF_A_PLACE:
            return
        reported.add(key)
        who = "code outside of any override" if layer is None else f"{layer.name!r} of {layer.function}"
        place = f"{file}:{line}"
        logger.warning(
            "%s %s the key %r of the user context (%s), which %s does not declare; %s",
            who,
            does,
            key,
            place,
            self.name,
            nearest(key, sorted(self.keys)),
            extra={
                "event": "undeclared_key",
                "key": key,
                "override": None if layer is None else layer.name,
                "place": place,
            },
        )


def keys_of(declared: type) -> frozenset[str]:
    """Return the keys of a TypedDict and its bases."""
    optional: frozenset[str] = getattr(declared, "__optional_keys__", frozenset())  # unknown to a class's type
    required: frozenset[str] = getattr(declared, "__required_keys__", frozenset())  # as above
    return optional | required


def running_place() -> tuple[str, int]:
    """Return the file and line that runs, outside of the kernel and of what it generates."""
    frame = sys._getframe(1)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # CPython's, as logging itself uses
    while frame.f_back is not None and (
        frame.f_code.co_filename.startswith(HERE) or "__name__" not in frame.f_globals  # a link
    ):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno
