"""The journal: in debug mode a context remembers which override set, changed or deleted which key (law O10)."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from itertools import count
from typing import TYPE_CHECKING, Final, Literal, Self, SupportsIndex, TypeAlias, cast

import attrs
from typing_extensions import override

from ._colour import coroutine_of
from ._context import Former, UserContext, as_context, set_current
from ._declared_keys import DeclaredKeys
from ._errors import AuthweaveError
from ._results import expected_result

if TYPE_CHECKING:
    from ._declaration import AnyCall, Declaration
    from ._layer import Layer

Items: TypeAlias = Mapping[str, object] | Iterable[tuple[str, object]]
Look: TypeAlias = "Callable[[str, Mapping[str, object], Layer | None], None]"
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

    @override
    def __str__(self) -> str:
        """Say who did what: ``set 'is_sign_up' by mark_sign_up of sign_up_post (app.py:12)``."""
        what = self.action if self.key is None else f"{self.action} {self.key!r}"
        return (
            what
            if self.layer is None
            else f"{what} by {self.layer.name} of {self.layer.function} ({self.layer.file}:{self.layer.line})"
        )


class Record:
    """What happened in one context."""

    def __init__(self) -> None:
        self.entries: list[JournalEntry] = []
        self.numbers = count(1)

    def note(self, action: Action, key: str) -> Layer | None:
        """Remember what the running layer does to a key; return the layer."""
        running = _running.get()
        layer = None if running is None else running.layer
        self.entries.append(JournalEntry(action, self.number_of(running), 0, layer, key))
        return layer

    def number_of(self, running: Running | None) -> int:
        """Return the number of a call in this context; 0 for one of another context."""
        return running.number if running is not None and running.record is self else 0

    def look(self, journal: Journal) -> None:
        """Note what was changed since the last look, where a context does not tell by itself."""


@attrs.define(eq=False)
class Running:
    """A call of a layer that is under way: what its context remembers, if anything, and its number in it."""

    record: Record | None
    number: int
    layer: Layer


_ABSENT: Final = object()

# One for all applications: a context may be handed from one to another, and its journal names the layers of both.
_running: Final[ContextVar[Running | None]] = ContextVar("authweave.running_layer", default=None)


class JournaledContext(dict[str, object]):
    """A context that keeps a journal. It is a dict like any other otherwise."""

    def __init__(self, items: Mapping[str, object] | None = None, declared: DeclaredKeys | None = None) -> None:
        super().__init__(items or {})
        self.record = Record()
        self.declared = declared

    def note(self, action: Action, key: str) -> None:
        """Remember what the running layer does to a key."""
        layer = self.record.note(action, key)
        if self.declared is not None:
            self.declared.check(key, "sets" if action != "delete" else "deletes", layer)

    def reads(self, key: object) -> None:
        """Look whether a key that is asked for is declared."""
        if self.declared is not None and isinstance(key, str):
            running = _running.get()
            self.declared.check(key, "reads", None if running is None else running.layer)

    @override
    def __getitem__(self, key: str, /) -> object:
        self.reads(key)
        return super().__getitem__(key)

    @override
    def get(self, key: str, default: object = None, /) -> object:
        self.reads(key)
        return super().get(key, default)

    @override
    def __contains__(self, key: object, /) -> bool:
        self.reads(key)
        return super().__contains__(key)

    @override
    def __setitem__(self, key: str, value: object) -> None:
        self.note("change" if super().__contains__(key) else "set", key)
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


class RecordBeside(Record):
    """
    What happened in a context that was made by hand: the callee has to see that very object, so it stays a plain dict.

    Its keys are compared whenever a layer is called or ends, and what differs is put down to the layer that ran. A
    value that is replaced by the same object is no change, and nobody sees which keys are read.
    """

    def __init__(self, context: dict[str, object]) -> None:
        super().__init__()
        self.context = context
        self.seen: dict[str, object] = {}

    @override
    def look(self, journal: Journal) -> None:
        now, seen = dict(self.context), self.seen
        self.seen = now
        changes: list[tuple[Action, str]] = []
        for key, value in now.items():
            if key not in seen:
                changes.append(("set", key))
            elif seen[key] is not value:
                changes.append(("change", key))
        for key in seen.keys() - now.keys():
            changes.append(("delete", key))  # noqa: PERF401  pyright sees a list of another type
        for action, key in changes:
            layer = self.note(action, key)
            if journal.declared is not None:
                journal.declared.check(key, "sets" if action != "delete" else "deletes", layer, seen_later=True)


HAND_MADE: Final = 32
_beside: Final[OrderedDict[int, RecordBeside]] = OrderedDict()
_beside_lock: Final = threading.Lock()


def find_record(context: object) -> Record | None:
    """Return what remembers for a context; for one that was made by hand, as long as it is among the last of these."""
    if isinstance(context, JournaledContext):
        return context.record
    with _beside_lock:
        found = _beside.get(id(context))
    return found if found is not None and found.context is context else None


def find_or_make_record(context: object, journal: Journal) -> Record | None:
    """Return what remembers for a context of a call, made now if need be; None for what is no context."""
    found = find_record(context)
    if found is not None or not isinstance(context, dict):
        return found
    record = RecordBeside(cast("dict[str, object]", context))  # the link in front has let it pass as a context
    record.seen = dict(record.context)
    journal.check_all(record.seen)
    with _beside_lock:
        _beside[id(record.context)] = record
        while len(_beside) > HAND_MADE:
            _beside.popitem(last=False)
    return record


def journal_of(user_context: object) -> tuple[JournalEntry, ...]:
    """
    Return what a context remembers, the oldest first.

    Empty unless the context went through a call in debug mode. Of contexts that a caller made by hand the last 32 are
    remembered.
    """
    record = find_record(user_context)
    return () if record is None else tuple(record.entries)


def enter(
    journal: Journal, layer: Layer, args: tuple[object, ...], kwargs: Mapping[str, object]
) -> Callable[[Action], None]:
    """Note that a layer is called; return what notes how the call ends."""
    record = find_or_make_record(kwargs.get("user_context", args[-1] if args else None), journal)
    former = _running.get()
    number, parent = (0, 0) if record is None else (next(record.numbers), record.number_of(former))
    if record is not None:
        record.look(journal)
        record.entries.append(JournalEntry("call", number, parent, layer))
    _running.set(Running(record, number, layer))

    def leave(action: Action) -> None:
        if record is not None:
            record.look(journal)
            record.entries.append(JournalEntry(action, number, parent, layer))
        _running.set(former)

    return leave


class Journal:
    """
    Debug mode of one application: makes contexts that keep a journal, and watches the layers of its chains.

    Args:
        declared: the TypedDict that declares the keys of its contexts. A key that it does not declare is told of in
            the log, once for each place that sets or reads it. Without it no key is checked.
        look: is handed each call before it runs: the name of the function, its arguments by name (in the order of
            its parameters), and the override that makes the call, if one does. What it raises, the caller gets.
    """

    def __init__(self, declared: type[UserContext] | None = None, *, look: Look | None = None) -> None:
        self.declared: DeclaredKeys | None = None if declared is None else DeclaredKeys.of(declared)
        self.look = look

    def context(self, items: Mapping[str, object] | None = None) -> UserContext:
        """Make a context that keeps a journal."""
        self.check_all(items or {})
        return cast("UserContext", JournaledContext(items, self.declared))  # a dict, as every TypedDict

    def check_all(self, items: Mapping[str, object]) -> None:
        """Look whether the keys of a context that was handed over are declared."""
        running = _running.get()
        if self.declared is not None:
            for key in items:
                self.declared.check(key, "hands over", None if running is None else running.layer)

    def begin(self, user_context: object) -> tuple[UserContext, Former]:
        """Make a context current; with None, a new one. Return it and what restores the former one."""
        entered = self.context() if user_context is None else as_context(user_context)
        return entered, set_current(entered)

    def trace(self, function: Declaration, layer: Layer, call: AnyCall) -> AnyCall:
        """Watch a layer: note its calls, and check what it returns."""
        check = expected_result(function.declared)

        def check_result(result: object) -> object:
            if problem := check(result):
                message = f"{layer.name!r} returned {type(result).__name__} for {layer.function}: {problem} ({layer})"
                raise ResultError(message)
            return result

        positional = [each.name for each in function.all_parameters if each.kind is not each.KEYWORD_ONLY]

        def look_at(args: Sequence[object], kwargs: Mapping[str, object]) -> None:
            if self.look is not None:
                running = _running.get()
                own = args[len(args) - len(positional) :]  # some layers are handed their original first
                given = {**dict(zip(positional, own, strict=True)), **kwargs}
                self.look(function.title, given, None if running is None else running.layer)

        def watched(*args: object, **kwargs: object) -> object:
            look_at(args, kwargs)
            leave = enter(self, layer, args, kwargs)
            try:
                result = check_result(call(*args, **kwargs))
            except BaseException:
                leave("raise")
                raise
            leave("return")
            return result

        async def watched_async(*args: object, **kwargs: object) -> object:
            look_at(args, kwargs)
            leave = enter(self, layer, args, kwargs)
            try:
                result = check_result(await coroutine_of(call(*args, **kwargs), function.must_be_awaited))
            except BaseException:
                leave("raise")
                raise
            leave("return")
            return result

        return watched_async if function.is_async else watched
