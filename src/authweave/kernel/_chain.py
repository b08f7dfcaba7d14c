"""What a composed object is made of: a chain of layers for each function."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

import attrs

from ._layer import Layer, blamer
from ._link import Linker

if TYPE_CHECKING:
    from ._declaration import AnyCall, Declaration
    from ._journal import Journal
    from ._scope import Scopes

COMPOSITION: Final = "_authweave_composition"


@attrs.define(eq=False)
class Chain:
    """One function under construction: what stands on top so far, and the layers below it, the innermost first."""

    function: Declaration
    linker: Linker
    call: AnyCall
    implementation: Layer
    original: AnyCall | None = None
    layers: list[Layer] = attrs.field(factory=list[Layer])
    linked: AnyCall | None = None

    def top(self) -> AnyCall:
        """Return what the next layer up is handed as its original."""
        if self.linked is None:
            self.linked = self.linker.link(self.call, self.original)
        return self.linked

    def add(self, call: AnyCall, original: AnyCall | None, layer: Layer) -> None:
        """Put a layer on top."""
        self.call, self.original, self.linked = call, original, None
        self.layers.append(layer)

    def composed(self) -> AnyCall:
        """Return the whole function, as callers call it."""
        if not self.layers:
            return self.linker.plain(self.call)
        return self.linker.entry(self.call, self.original, blamer(self.layers[::-1], self.implementation))


@attrs.define(eq=False)
class Composition:
    """What a composed object was made of, and the blocks of scoped overrides that are open on it."""

    base: object
    overrides: tuple[object, ...]
    chains: dict[str, Chain]
    journal: Journal | None
    scopes: Scopes | None = None
    lock: threading.Lock = attrs.field(factory=threading.Lock)


def composition_of(candidate: object) -> Composition | None:
    """Return what an object was composed of; None if it was not."""
    found = getattr(candidate, "__dict__", {}).get(COMPOSITION)
    return found if isinstance(found, Composition) else None
