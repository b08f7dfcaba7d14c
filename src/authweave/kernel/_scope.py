"""Scoped overrides: for one block, around everything else (laws O1 and O6)."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TypeVar, cast

from ._chain import Chain, Composition, composition_of
from ._compose import Composer
from ._faults import FaultReport
from ._override import AnyOverride
from ._scopes import Functions, Scope, Scopes, running_owner, runs_outside_tasks
from ._switch import switches_of

InterfaceT = TypeVar("InterfaceT")


@contextmanager
def overriding(
    composed: InterfaceT,
    overrides: Sequence[AnyOverride[InterfaceT]],
    *,
    inherit: bool = False,
    everywhere: bool = False,
) -> Generator[InterfaceT]:
    """
    Put overrides around a composed object for a block, outside of all others.

    They hold for calls that the block's task (or, outside of a task, its thread) makes through the object. A call
    under way keeps the chain it began with. Keep ``yield`` of an async generator out of the block.

    Outside of a task the main thread's block holds for all that runs in that thread, any other thread's for what has
    the ``contextvars`` of where it was opened.

    Args:
        composed: what `compose` returned.
        overrides: the outermost first.
        inherit: whether tasks and threads that are started inside the block, with its ``contextvars``, take part in it
            until it ends.
        everywhere: whether it holds for the whole process until it ends, in whatever task and thread: for tests. Where
            several threads have such blocks open at the same time, each has its own, and so has what was started there
            with its ``contextvars``; others then have none.

    Raises:
        CompositionError: overrides do not fit.
        TypeError: ``composed`` was not composed.
    """
    composition = composition_of(composed)
    if composition is None:
        message = f"{type(composed).__name__} was not composed: hand over what compose() returned."
        raise TypeError(message)
    scopes = scopes_of(composition, composed)
    scope = Scope(tuple(overrides), running_owner(), inherit, everywhere, runs_outside_tasks())
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
    held = reversed(composition.scopes.active_scopes())
    # The blocks were opened by `overriding`, which takes overrides of this interface only.
    return tuple(cast("AnyOverride[InterfaceT]", each) for scope in held for each in scope.overrides)  # of its block


def scopes_of(composition: Composition, composed: object) -> Scopes:
    """Return the open blocks of a composed object."""
    with composition.lock:
        if composition.scopes is None:
            declarations = {name: chain.function for name, chain in composition.chains.items()}
            plain = {name: vars(composed)[name] for name in declarations}
            compose = partial(compose_around, composition, composed)
            composition.scopes = Scopes(composed, declarations, plain, compose)
        return composition.scopes


def compose_around(
    composition: Composition, composed: object, overrides: tuple[object, ...], functions: Functions
) -> Functions:
    """
    Put overrides around the functions of a composed object, for a block.

    Raises:
        CompositionError: overrides do not fit.
    """
    report = FaultReport()
    guards_every_layer = composition.guards_every_layer
    composer = Composer(composition.base, composed, composition.journal, report, guards_every_layer=guards_every_layer)
    for name, chain in composition.chains.items():
        composer.chains[name] = Chain(chain.function, chain.linker, functions[name], chain.implementation)
    composer.switches = switched = switches_of(composed, composer.chains)
    composer.add_all(overrides)
    for name in (name for name, value in composer.switches.items() if value is not switched[name]):
        report.add(f"{name!r} was set for a block, where it is too late: hand the override to init().", overrides[0])
    report.raise_if_any()
    changed = {name: chain.compose() for name, chain in composer.chains.items() if chain.layers}
    return {**functions, **changed}
