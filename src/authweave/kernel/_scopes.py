"""The open blocks of a composed object: which of them hold for what runs now (laws O1 and O6)."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from functools import wraps
from itertools import count
from typing import Final, TypeAlias, cast

import attrs

from ._colour import mark_async
from ._declaration import AnyCall, Declaration

Owner = tuple[int, object]
Functions: TypeAlias = dict[str, AnyCall]
Compose: TypeAlias = Callable[[tuple[object, ...], Functions], Functions]

numbers: Final = count()


def running_owner() -> Owner:
    """Return the thread, and the task if there is one, that runs now."""
    return threading.get_ident(), running_task()


def running_task() -> object | None:
    """Return the task of asyncio or trio that runs now, or the greenlet, where it is not its thread's main one."""
    try:
        return asyncio.current_task()
    except RuntimeError:
        pass
    # Where neither was imported nothing can be running of theirs.
    if (trio := sys.modules.get("trio.lowlevel")) is not None:
        try:
            return cast("object", trio.current_task())
        except RuntimeError:
            pass
    if (greenlet := sys.modules.get("greenlet")) is not None:
        current = greenlet.getcurrent()
        return None if current.parent is None else cast("object", current)
    return None


def runs_outside_tasks() -> bool:
    """Return whether what runs now is the main thread's own code: in no loop, task or greenlet."""
    if threading.current_thread() is not threading.main_thread() or running_task() is not None:
        return False
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return True
    return False  # a callback


@attrs.define(eq=False)
class Scope:
    """
    One open block.

    Attributes:
        everywhere: whether it holds for the whole process.
        in_main_thread: whether it was opened outside of any task in the main thread. It holds for all that runs in that
            thread, also in a context that was made before: nothing else can run there until it ends but what the block
            itself runs. In other threads that is not so, for a worker thread has many contexts.
        number: tells which of two blocks was opened first.
    """

    overrides: tuple[object, ...]
    owner: Owner
    inherit: bool
    everywhere: bool
    in_main_thread: bool
    number: int = attrs.field(factory=lambda: next(numbers))
    open: bool = True

    def applies(self, owner: Owner) -> bool:
        """
        Return whether the block, which the context of what runs now has entered, holds for it.

        A block that was opened outside of any task holds for its whole thread: a loop that is run inside it ends
        before it does. One that was opened in a task holds for that task, and for those it starts if asked.
        """
        thread, task = self.owner
        return self.open and (self.inherit or (owner[0] == thread and (task is None or owner[1] is task)))


# The blocks of all composed objects that hold everywhere; and which thread opened one that a context has entered.
open_everywhere: Final[list[Scope]] = []
opened_by: Final[ContextVar[int | None]] = ContextVar("authweave.opened_everywhere_by", default=None)


def only_of_this_test(everywhere: Sequence[Scope], thread: int) -> Sequence[Scope]:
    """
    Return those of the blocks that hold everywhere which hold for a thread.

    As long as one thread alone has opened such blocks, these are all. Where several have, tests run side by side: then
    each has its own, in its thread and in what has inherited its contextvars, and nobody else has any.
    """
    if len({scope.owner[0] for scope in open_everywhere.copy()}) > 1:
        return [scope for scope in everywhere if scope.owner[0] in {thread, opened_by.get()}]
    return everywhere


@attrs.define(eq=False)
class Scopes:
    """
    The open blocks of one composed object. Its functions go through here only while there are any.

    Which blocks hold is looked up when a function is called, and the chain of just these is composed once: a task may
    take part in a block and in none of those around it, and a call under way keeps its chain when one of them ends.

    Attributes:
        composed: the object.
        declarations: its functions, as declared.
        plain: its functions while no block is open.
        compose: puts the overrides of a block around functions.
    """

    composed: object
    declarations: Mapping[str, Declaration]
    plain: Functions
    compose: Compose
    entered: ContextVar[tuple[Scope, ...]] = attrs.field(
        factory=lambda: ContextVar[tuple[Scope, ...]]("entered scopes", default=())
    )
    everywhere: tuple[Scope, ...] = ()
    in_main_thread: tuple[Scope, ...] = ()
    chains: dict[tuple[Scope, ...], Functions] = attrs.field(factory=dict[tuple[Scope, ...], Functions])
    count: int = 0
    lock: threading.RLock = attrs.field(factory=threading.RLock)

    def active_scopes(self) -> tuple[Scope, ...]:
        """Return the blocks that hold for what runs now, the innermost last."""
        owner = running_owner()
        held = [scope for scope in self.entered.get() if scope.applies(owner)]
        if not self.everywhere and not self.in_main_thread:
            return tuple(held)
        held += only_of_this_test(self.everywhere, owner[0])
        if owner[0] == threading.main_thread().ident:
            held += self.in_main_thread
        return tuple(sorted(dict.fromkeys(held), key=lambda scope: scope.number))

    def functions(self, scopes: tuple[Scope, ...]) -> Functions:
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
                if all(scope.open for scope in scopes):  # one that ended meanwhile would be kept forever
                    self.chains[scopes] = found
            return found

    def dispatch(self, name: str) -> AnyCall:
        """Make the function that looks for the blocks that hold for its caller."""
        plain = self.plain[name]

        @wraps(plain)
        def dispatched(*args: object, **kwargs: object) -> object:
            return self.functions(self.active_scopes())[name](*args, **kwargs)

        return mark_async(dispatched) if self.declarations[name].is_async else dispatched

    def enter(self, scope: Scope) -> None:
        """Open a block."""
        self.functions((*self.active_scopes(), scope))  # whether its overrides fit is to show here
        self.entered.set((*self.enclosing_scopes(), scope))
        with self.lock:
            self.count += 1
            if scope.everywhere:
                self.everywhere = (*self.everywhere, scope)
                open_everywhere.append(scope)
                opened_by.set(scope.owner[0])
            elif scope.in_main_thread:
                self.in_main_thread = (*self.in_main_thread, scope)
            vars(self.composed).update({name: self.dispatch(name) for name in self.plain})

    def leave(self, scope: Scope) -> None:
        """End a block, maybe in another ``contextvars.Context`` than it began in."""
        scope.open = False
        self.entered.set(self.enclosing_scopes())
        with self.lock:
            for scopes in [scopes for scopes in self.chains if scope in scopes]:
                del self.chains[scopes]
            if scope.everywhere:
                open_everywhere.remove(scope)
            self.everywhere = tuple(each for each in self.everywhere if each is not scope)
            self.in_main_thread = tuple(each for each in self.in_main_thread if each is not scope)
            self.count -= 1
            if self.count == 0:
                vars(self.composed).update(self.plain)

    def enclosing_scopes(self) -> tuple[Scope, ...]:
        """Return the blocks around what runs now, whether they hold for it or not."""
        return tuple(scope for scope in self.entered.get() if scope.open)
