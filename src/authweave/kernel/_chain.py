"""What a composed object is made of: a chain of layers for each function."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Final

from ._fit import takes_same_parameters
from ._layer import Layer, blamer
from ._link import Linker

if TYPE_CHECKING:
    from ._call_proof import CallProof
    from ._declaration import AnyCall, CallClasses, Declaration
    from ._journal import Journal
    from ._scopes import Scopes
    from ._unguarded import Made
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
        self.reads_only = False
        self.layers: list[Layer] = []
        self.linked: AnyCall | None = None
        # Where the layer on top is proved: the same with its guard, for what may start it in another context than it
        # is handed. A layer that is proved awaits its original where it calls it, as the entry does; others may not.
        self.guarded: Callable[[], Made] | None = None

    def top(self, *, to_wrapper: bool = False) -> AnyCall:
        """Return what the next layer up is handed as its original: the same, however often it is asked for."""
        if self.linked is None:
            call, original = (self.call, self.original) if self.guarded is None else self.guarded()
            self.linked = self.linker.link(call, original, self.call_class, to_wrapper=to_wrapper)
        return self.linked

    def unlinked(self, *, by_name: bool) -> AnyCall | None:
        """
        Return what a layer that is proved is handed as its original: what is on top, without a link in front.

        Args:
            by_name: whether it is called with names.

        Returns:
            None where the link does more than to guard the context.
        """
        if self.call_class is not None or self.linker.checks(self.call):
            return None
        if by_name and not takes_names(self.function, self.call, skip=0 if self.original is None else 1):
            return None
        return self.call if self.original is None else MethodType(self.call, self.original)

    def unguarded(self) -> AnyCall:
        """Return what is on top, for what looks itself whether the context is the current one."""
        if self.call_class is not None or self.linker.checks(self.call):
            return self.top()
        call, original = (self.call, self.original) if self.guarded is None else self.guarded()
        return call if original is None else MethodType(call, original)

    def add(self, call: AnyCall, original: AnyCall | None, layer: Layer) -> None:
        """Put a layer on top. It is handed ``original`` first, if any."""
        self._push(call, original, layer, None)

    def add_call(self, call: AnyCall, layer: Layer, classes: CallClasses, proof: CallProof | None) -> None:
        """
        Put a layer on top that is handed a call.

        Args:
            call: the layer.
            layer: how it is told to people.
            classes: of the calls of the function.
            proof: what is proved of what it does with its call, if anything.
        """
        direct = self.call_class in classes and not self.linker.checks(self.call)
        link = self.top()
        below = (link, self.call, self.original, self.call_class) if direct else (link, self.unguarded(), None, None)
        borrows, self.reads_only = direct and self.reads_only, proof is not None
        if not (borrows and proof is not None and proof.goes_on_once):
            self._push(call, below, layer, classes.made)
            return
        next_below = self.original if self.call_class is classes.lent else (None, None, self.original)
        self._push(call, (self.call, next_below, below), layer._replace(proved=True), classes.lent)

    def add_unguarded(self, over: Callable[[AnyCall], Made], below: AnyCall, layer: Layer) -> None:
        """Put a layer on top that is proved, over what `unlinked` gave."""
        inner = self.call, self.original, self.call_class
        call, original = over(below)
        self.guarded = None
        self._push(call, original, layer._replace(proved=True), None)
        if self.function.is_async:  # what is not starts where it is called
            self.guarded = lambda: over(self.linker.link(*inner))

    def _push(self, call: AnyCall, original: object, layer: Layer, call_class: type | None) -> None:
        """Put a layer on top, as `add` and `add_call` do."""
        if self.guarded is not None:
            self.layers[-1], self.guarded = self.layers[-1]._replace(proved=False), None
        self.call, self.original, self.call_class, self.linked = call, original, call_class, None
        self.layers.append(layer)

    def compose(self) -> AnyCall:
        """Make the whole function, as callers call it."""
        if not self.layers:
            return self.linker.plain(self.call)
        blame = blamer(self.layers[::-1], self.implementation)
        return self.linker.entry(self.call, self.original, blame, self.call_class)


def takes_names(function: Declaration, call: AnyCall, *, skip: int) -> bool:
    """Return whether a layer, or the implementation, takes the interface's parameters by their names."""
    if isinstance(call, MethodType):
        call, skip = call.__func__, skip + 1
    return type(call) is FunctionType and takes_same_parameters(function, call.__code__, skip)


class Composition:
    """What a composed object was made of, and the blocks of scoped overrides that are open on it."""

    def __init__(
        self,
        base: object,
        overrides: tuple[object, ...],
        chains: dict[str, Chain],
        journal: Journal | None,
        within: Within | None,
        *,
        guards_every_layer: bool,
    ) -> None:
        self.base = base
        self.overrides = overrides
        self.chains = chains
        self.journal = journal
        self.within = within
        self.guards_every_layer = guards_every_layer
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
