"""Scoped overrides: for one block, around everything else (laws O1 and O6)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, TypeVar, cast

import attrs

from ._chain import Chain, composition_of
from ._colour import marked
from ._compose import Composer
from ._declaration import AnyCall
from ._faults import FaultReport
from ._override import AnyOverride

if TYPE_CHECKING:
    from ._chain import Composition

InterfaceT = TypeVar("InterfaceT")

Owner = tuple[int, object]


def running_owner() -> Owner:
    """Return the thread, and the task if there is one, that runs now."""
    try:
        task = asyncio.current_task()
    except RuntimeError:
        task = None
    return threading.get_ident(), task


@attrs.define(eq=False)
class Scope:
    """One open block."""

    overrides: tuple[object, ...]
    owner: Owner
    inherit: bool
    open: bool = True

    def applies(self, owner: Owner) -> bool:
        """
        Say whether the block holds for what runs now.

        A block that was opened outside of any task holds for its whole thread: a loop that is run inside it ends
        before it does. One that was opened in a task holds for that task, and for those it starts if asked.
        """
        thread, task = self.owner
        return self.open and (self.inherit or (owner[0] == thread and (task is None or owner[1] is task)))


@attrs.define(eq=False)
class Scopes:
    """
    The open blocks of one composed object. Its functions go through here only while there are any.

    Which blocks hold is looked up when a function is called, and the chain of just these is composed once: a task may
    take part in a block and in none of those around it, and a call under way keeps its chain when one of them ends.
    """

    composed: object
    composition: Composition
    plain: dict[str, AnyCall]
    entered: ContextVar[tuple[Scope, ...]] = attrs.field(
        factory=lambda: ContextVar[tuple[Scope, ...]]("entered scopes", default=())
    )
    chains: dict[tuple[Scope, ...], dict[str, AnyCall]] = attrs.field(
        factory=dict[tuple[Scope, ...], dict[str, AnyCall]]
    )
    count: int = 0
    lock: threading.RLock = attrs.field(factory=threading.RLock)

    def holding(self) -> tuple[Scope, ...]:
        """Return the blocks that hold for what runs now, the innermost last."""
        owner = running_owner()
        return tuple(scope for scope in self.entered.get() if scope.applies(owner))

    def functions(self, scopes: tuple[Scope, ...]) -> dict[str, AnyCall]:
        """
        Return the functions with the overrides of some blocks around them.

        Raises:
            CompositionError: overrides do not fit.
        """
        if not scopes:
            return self.plain
        with self.lock:
            found = self.chains.get(scopes)
            if found is None:
                found = self.compose(scopes[-1].overrides, self.functions(scopes[:-1]))
                if all(scope.open for scope in scopes):  # one that ended meanwhile would be kept for ever
                    self.chains[scopes] = found
            return found

    def compose(self, overrides: tuple[object, ...], outside: dict[str, AnyCall]) -> dict[str, AnyCall]:
        """Put a block's overrides around the functions outside of it."""
        report = FaultReport()
        composition, composed = self.composition, self.composed
        composer = Composer(composition.base, composed, composition.journal, report)
        for name, chain in composition.chains.items():
            composer.chains[name] = Chain(chain.function, chain.linker, outside[name], chain.implementation)
        composer.add_all(overrides)
        report.raise_if_any()
        changed = {name: chain.composed() for name, chain in composer.chains.items() if chain.layers}
        return {**outside, **changed}

    def dispatch(self, name: str) -> AnyCall:
        """Make the function that looks for the blocks that hold for its caller."""
        plain = self.plain[name]

        @wraps(plain)
        def dispatched(*args: object, **kwargs: object) -> object:
            return self.functions(self.holding())[name](*args, **kwargs)

        return marked(dispatched) if self.composition.chains[name].function.is_async else dispatched

    def enter(self, scope: Scope) -> None:
        """Open a block."""
        self.functions((*self.holding(), scope))  # whether its overrides fit is to show here
        self.entered.set((*self.around(), scope))
        with self.lock:
            self.count += 1
            vars(self.composed).update({name: self.dispatch(name) for name in self.plain})

    def leave(self, scope: Scope) -> None:
        """End a block, maybe in another ``contextvars.Context`` than it began in."""
        scope.open = False
        self.entered.set(self.around())
        with self.lock:
            for scopes in [scopes for scopes in self.chains if scope in scopes]:
                del self.chains[scopes]
            self.count -= 1
            if self.count == 0:
                vars(self.composed).update(self.plain)

    def around(self) -> tuple[Scope, ...]:
        """Return the blocks around what runs now, whether they hold for it or not."""
        return tuple(scope for scope in self.entered.get() if scope.open)


@contextmanager
def overriding(
    composed: InterfaceT, overrides: Sequence[AnyOverride[InterfaceT]], *, inherit: bool = False
) -> Generator[InterfaceT]:
    """
    Put overrides around a composed object for a block, outside of all others.

    They hold for calls that the block's task (or, outside of a task, its thread) makes through the object. A call
    under way keeps the chain it began with. Keep ``yield`` of an async generator out of the block.

    Args:
        composed: what `compose` returned.
        overrides: the outermost first.
        inherit: whether tasks and threads that are started inside the block, with its ``contextvars``, take part in it
            until it ends.

    Raises:
        CompositionError: overrides do not fit.
        TypeError: ``composed`` was not composed.
    """
    composition = composition_of(composed)
    if composition is None:
        message = f"{type(composed).__name__} was not composed: hand over what compose() returned."
        raise TypeError(message)
    scopes = scopes_of(composition, composed)
    scope = Scope(tuple(overrides), running_owner(), inherit)
    scopes.enter(scope)
    try:
        yield composed
    finally:
        scopes.leave(scope)


def scoped_overrides(composed: InterfaceT) -> tuple[AnyOverride[InterfaceT], ...]:
    """
    Return the overrides of the blocks around an object that hold for what runs now, the outermost first.

    For what is composed anew for each use, while the blocks are around one object that stands for all of them.
    """
    composition = composition_of(composed)
    if composition is None or composition.scopes is None:
        return ()
    held = reversed(composition.scopes.holding())
    # The blocks were opened by `overriding`, which takes overrides of this interface only.
    return tuple(cast("AnyOverride[InterfaceT]", each) for scope in held for each in scope.overrides)  # of its block


def scopes_of(composition: Composition, composed: object) -> Scopes:
    """Return the open blocks of a composed object."""
    with composition.lock:
        if composition.scopes is None:
            plain = {name: vars(composed)[name] for name in composition.chains}
            composition.scopes = Scopes(composed, composition, plain)
        return composition.scopes
