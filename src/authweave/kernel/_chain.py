"""What a composed object is made of: a chain of layers for each function."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from ._layer import Layer, blamer
from ._link import Linker

if TYPE_CHECKING:
    from ._declaration import AnyCall, Declaration
    from ._journal import Journal
    from ._scopes import Scopes
    from ._within import Within

COMPOSITION: Final = "_authweave_composition"


class Chain:
    """
    One function under construction: what stands on top so far, and the layers below it, the innermost first.

    A plain class, like others inside the kernel: attrs' decorator would double what importing the kernel costs.
    """

    def __init__(self, function: Declaration, linker: Linker, call: AnyCall, implementation: Layer) -> None:
        self.function = function
        self.linker = linker
        self.call = call
        self.implementation = implementation
        self.original: object = None
        self.call_class: type | None = None
        self.layers: list[Layer] = []
        self.linked: AnyCall | None = None

    def top(self) -> AnyCall:
        """Return what the next layer up is handed as its original."""
        if self.linked is None:
            self.linked = self.linker.link(self.call, self.original, self.call_class)
        return self.linked

    def add(self, call: AnyCall, original: AnyCall | None, layer: Layer) -> None:
        """Put a layer on top. It is handed ``original`` first, if any."""
        self._push(call, original, layer, None)

    def add_call(self, call: AnyCall, layer: Layer, call_class: type) -> None:
        """Put a layer on top that is handed a call, of a class."""
        direct = self.call_class is call_class and not self.linker.checks(self.call)
        inner = (self.call, self.original) if direct else (None, None)
        self._push(call, (self.top(), *inner), layer, call_class)

    def _push(self, call: AnyCall, original: object, layer: Layer, call_class: type | None) -> None:
        """Put a layer on top, as `add` and `add_call` do."""
        self.call, self.original, self.call_class, self.linked = call, original, call_class, None
        self.layers.append(layer)

    def compose(self) -> AnyCall:
        """Make the whole function, as callers call it."""
        if not self.layers:
            return self.linker.plain(self.call)
        blame = blamer(self.layers[::-1], self.implementation)
        return self.linker.entry(self.call, self.original, blame, self.call_class)


class Composition:
    """What a composed object was made of, and the blocks of scoped overrides that are open on it."""

    def __init__(
        self,
        base: object,
        overrides: tuple[object, ...],
        chains: dict[str, Chain],
        journal: Journal | None,
        within: Within | None,
    ) -> None:
        self.base = base
        self.overrides = overrides
        self.chains = chains
        self.journal = journal
        self.within = within
        self.scopes: Scopes | None = None
        self.lock = threading.Lock()


def composition_of(candidate: object) -> Composition | None:
    """Return what an object was composed of; None if it was not."""
    found = getattr(candidate, "__dict__", {}).get(COMPOSITION)
    return found if isinstance(found, Composition) else None


def is_overridden(composed: object, *names: str) -> bool:
    """
    Return whether what an application gave runs where functions of a composed object are called.

    Args:
        composed: what `compose` returned. Of anything else it is not known, and counts as overridden.
        names: those of the functions.
    """
    composition = composition_of(composed)
    if composition is None or (composition.scopes is not None and composition.scopes.active_scopes()):
        return True
    chains = composition.chains
    for name in names:  # noqa: SIM110  with every request `any` would make a generator
        if chains[name].layers:
            return True
    return False
