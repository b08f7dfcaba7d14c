"""Scoped overrides: for one block, around everything else (laws O1 and O6)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, TypeVar

import attrs

from ._chain import Chain, composition_of
from ._compose import Composer
from ._faults import FaultReport
from ._override import AnyOverride

if TYPE_CHECKING:
    from ._chain import Composition
    from ._declaration import AnyCall

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

    functions: dict[str, AnyCall]
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
    """The open blocks of one composed object. Its functions go through here only while there are any."""

    plain: dict[str, AnyCall]
    entered: ContextVar[tuple[Scope, ...]] = attrs.field(
        factory=lambda: ContextVar[tuple[Scope, ...]]("entered scopes", default=())
    )
    count: int = 0
    lock: threading.Lock = attrs.field(factory=threading.Lock)

    def dispatch(self, name: str, among: tuple[Scope, ...] | None = None) -> AnyCall:
        """Make the function that looks for a block that holds for its caller: among all, or those around a block."""
        plain = self.plain[name]

        @wraps(plain)
        def dispatched(*args: object, **kwargs: object) -> object:
            return self.applying(name, self.entered.get() if among is None else among)(*args, **kwargs)

        return dispatched

    def applying(self, name: str, among: tuple[Scope, ...]) -> AnyCall:
        """Return the function of the innermost block that holds now."""
        owner = running_owner()
        for scope in reversed(among):
            if name in scope.functions and scope.applies(owner):
                return scope.functions[name]
        return self.plain[name]


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
    scope = Scope(scoped_functions(composed, composition, scopes, overrides), running_owner(), inherit)
    former = scopes.entered.get()
    scopes.entered.set((*former, scope))
    with scopes.lock:
        scopes.count += 1
        vars(composed).update({name: scopes.dispatch(name) for name in scopes.plain})
    try:
        yield composed
    finally:
        scope.open = False
        scopes.entered.set(former)
        with scopes.lock:
            scopes.count -= 1
            if scopes.count == 0:
                vars(composed).update(scopes.plain)


def scopes_of(composition: Composition, composed: object) -> Scopes:
    """Return the open blocks of a composed object."""
    with composition.lock:
        if composition.scopes is None:
            composition.scopes = Scopes({name: vars(composed)[name] for name in composition.chains})
        return composition.scopes


def scoped_functions(
    composed: object, composition: Composition, scopes: Scopes, overrides: Sequence[object]
) -> dict[str, AnyCall]:
    """
    Compose a block's overrides around what holds outside of it; return the functions that they change.

    What holds outside is looked up at each call: a task may take part in this block, and in none of those around it.
    """
    report = FaultReport()
    around = scopes.entered.get()
    composer = Composer(composition.base, composed, type(composed), composition.journal, report)
    for name, outside in composition.chains.items():
        below = scopes.dispatch(name, around) if around else scopes.plain[name]
        composer.chains[name] = Chain(outside.function, outside.linker, below, outside.implementation)
    composer.add_all(overrides)
    report.raise_if_any()
    return {name: chain.composed() for name, chain in composer.chains.items() if chain.layers}
