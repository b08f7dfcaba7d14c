"""The journal: in debug mode a context remembers which override set, changed or deleted which key (law O10)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextvars import ContextVar
from itertools import count
from typing import TYPE_CHECKING, Final, Literal, Self, SupportsIndex, TypeAlias, cast

import attrs
from typing_extensions import override

from ._context import Former, UserContext, as_context, set_current
from ._errors import AuthweaveError
from ._results import expected_result

if TYPE_CHECKING:
    from ._declaration import AnyCall, Declaration
    from ._layer import Layer

Items: TypeAlias = Mapping[str, object] | Iterable[tuple[str, object]]
Action: TypeAlias = Literal["call", "return", "raise", "set", "change", "delete"]


class ResultError(AuthweaveError):
    """In debug mode: an override returned something that the interface does not allow."""

    code = "result"


@attrs.frozen
class JournalEntry:
    """
    One thing that happened: keys and names, never values.

    Attributes:
        call: the number of the call in its context, from 1; 0 is outside of any (or in one of another context).
        parent: the number of the call that it was made from; 0 is none.
        key: the key that was set, changed or deleted; None for calls.
    """

    action: Action
    call: int
    parent: int
    layer: Layer | None
    key: str | None = None


@attrs.define(eq=False)
class Running:
    """A call of a layer that is under way: its context, where that keeps a journal, and its number in it."""

    context: JournaledContext | None
    number: int
    layer: Layer


_ABSENT: Final = object()

# One for all applications: a context may be handed from one to another, and its journal names the layers of both.
_running: Final[ContextVar[Running | None]] = ContextVar("authweave.running_layer", default=None)


class JournaledContext(dict[str, object]):
    """A context that keeps a journal. It is a dict like any other otherwise."""

    def __init__(self, items: Mapping[str, object] | None = None) -> None:
        super().__init__(items or {})
        self.entries: list[JournalEntry] = []
        self.numbers = count(1)

    def note(self, action: Action, key: str) -> None:
        """Remember what the running layer does to a key."""
        running = _running.get()
        layer = None if running is None else running.layer
        self.entries.append(JournalEntry(action, self.number_of(running), 0, layer, key))

    def number_of(self, running: Running | None) -> int:
        """Return the number of a call in this context; 0 for one of another context."""
        return running.number if running is not None and running.context is self else 0

    @override
    def __setitem__(self, key: str, value: object) -> None:
        self.note("change" if key in self else "set", key)
        super().__setitem__(key, value)

    @override
    def __delitem__(self, key: str) -> None:
        super().__delitem__(key)
        self.note("delete", key)

    @override
    def setdefault(self, key: str, default: object = None, /) -> object:
        if key not in self:
            self[key] = default
        return self[key]

    @override
    def pop(self, key: str, default: object = _ABSENT, /) -> object:
        if key not in self and default is not _ABSENT:
            return default
        value = self[key]
        del self[key]
        return value

    @override
    def popitem(self) -> tuple[str, object]:
        key, value = super().popitem()
        self.note("delete", key)
        return key, value

    @override
    def clear(self) -> None:
        for key in list(self):
            del self[key]

    @override
    def update(self, *others: Items, **items: object) -> None:  # type: ignore[override]  # dict's overloads, all covered  # pyright: ignore[reportIncompatibleMethodOverride]
        for key, value in dict(*others, **items).items():
            self[key] = value

    @override
    def __ior__(self, other: Items) -> Self:  # type: ignore[override]  # dict's overloads, both covered  # pyright: ignore[reportIncompatibleMethodOverride]
        self.update(other)
        return self

    @override
    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[type, tuple[dict[str, object]]]:
        return dict, (dict(self),)  # a copy is a plain dict: the journal belongs to this object


def journal_of(user_context: object) -> tuple[JournalEntry, ...]:
    """
    Return what a context remembers, the oldest first.

    Empty unless the context was made in debug mode; one that a caller made by hand keeps no journal.
    """
    return tuple(user_context.entries) if isinstance(user_context, JournaledContext) else ()


def enter(layer: Layer, args: tuple[object, ...], kwargs: Mapping[str, object]) -> Callable[[Action], None]:
    """Note that a layer is called; return what notes how the call ends."""
    handed = kwargs.get("user_context", args[-1] if args else None)
    context = handed if isinstance(handed, JournaledContext) else None
    former = _running.get()
    number, parent = (0, 0) if context is None else (next(context.numbers), context.number_of(former))
    if context is not None:
        context.entries.append(JournalEntry("call", number, parent, layer))
    _running.set(Running(context, number, layer))

    def leave(action: Action) -> None:
        if context is not None:
            context.entries.append(JournalEntry(action, number, parent, layer))
        _running.set(former)

    return leave


class Journal:
    """Debug mode of one application: makes contexts that keep a journal, and watches the layers of its chains."""

    def context(self, items: Mapping[str, object] | None = None) -> UserContext:
        """Make a context that keeps a journal."""
        return cast("UserContext", JournaledContext(items))  # a dict, as every TypedDict

    def begin(self, user_context: object) -> tuple[UserContext, Former]:
        """Make a context current; with None, a new one. Return it and what restores the former one."""
        entered = self.context() if user_context is None else as_context(user_context)
        return entered, set_current(entered)

    def traced(self, function: Declaration, layer: Layer, call: AnyCall) -> AnyCall:
        """Watch a layer: note its calls, and check what it returns."""
        check = expected_result(function.declared)

        def checked(result: object) -> object:
            if problem := check(result):
                message = f"{layer.name!r} returned {type(result).__name__} for {layer.function}: {problem} ({layer})"
                raise ResultError(message)
            return result

        def watched(*args: object, **kwargs: object) -> object:
            leave = enter(layer, args, kwargs)
            try:
                result = checked(call(*args, **kwargs))
            except BaseException:
                leave("raise")
                raise
            leave("return")
            return result

        async def watched_async(*args: object, **kwargs: object) -> object:
            leave = enter(layer, args, kwargs)
            try:
                result = checked(await cast("Awaitable[object]", call(*args, **kwargs)))  # the function is async
            except BaseException:
                leave("raise")
                raise
            leave("return")
            return result

        return watched_async if function.is_async else watched
