"""Overrides written against another signature: parameters they do not take are carried past them (law O9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeAlias, cast

from ._colour import coroutine_of, mark_async
from ._declaration import CONTEXT
from ._errors import AuthweaveError
from ._link import parameters_as_source

if TYPE_CHECKING:
    from ._declaration import AnyCall, Declaration
    from ._fit import Kind

# `original` reads what the override hands it in the override's own order; the rest comes from the call under way.
ADAPTER = """
def bind(_below, _carried, _Frame, _ended):
    def original({own}):
        _frame = _carried.get()
        if _frame is None or not _frame.live:
            raise _ended()
        _rest = _frame.arguments
        return _below({passed_on})
    def outer(_call):
        {async_}def {name}({parameters}user_context=None):
            _frame = _Frame({{{every}}})
            _former = _carried.get()
            _carried.set(_frame)
            try:
                return {awaits}_call({own_passed}){gives}
            finally:
                _frame.live = False
                _carried.set(_former)
        return {name}
    return original, outer
"""


class OriginalEndedError(AuthweaveError):
    """
    ``original`` was called outside of the call that it belongs to, by an override with an older signature.

    What the override does not take is carried past it only while its call lasts.
    """

    code = "original_ended"


class Frame:
    """The arguments of one call of a layer with an adapter."""

    def __init__(self, arguments: Mapping[str, object]) -> None:
        self.arguments = arguments
        self.live = True


Adapter: TypeAlias = "tuple[AnyCall, Callable[[AnyCall], AnyCall]]"


def adapt_signature(function: Declaration, own: tuple[tuple[str, Kind], ...], below: AnyCall) -> Adapter:
    """
    Make the two halves of an adapter.

    Args:
        function: the function of the interface.
        own: the parameters that the override takes, in its order.
        below: the layer below, which takes the interface's.

    Returns:
        The ``original`` to hand to the override; and a function that fits the override to the interface.
    """
    names = [name for name, _ in own]
    positional = [name for name, kind in own if kind == "positional"]
    keyword = [name for name, kind in own if kind == "keyword"]
    # What may be left out below may be left out here, as far as the order lets it; the context means the current one.
    defaults = {**{name: f"_defaults[{name!r}]" for name in function.defaults}, CONTEXT: "None"}
    required = max((index for index, name in enumerate(positional) if name not in defaults), default=-1)
    spelled_own = [f"{name}={defaults[name]}" if index > required else name for index, name in enumerate(positional)]
    if keyword:
        spelled_own += ["*", *(f"{name}={defaults[name]}" if name in defaults else name for name in keyword)]
    sources = [
        (f"{each.name}=" if each.kind is each.KEYWORD_ONLY else "")
        + (each.name if each.name in names else f"_rest[{each.name!r}]")
        for each in function.parameters
    ]
    context = CONTEXT if CONTEXT in names else "None"
    every = [*(each.name for each in function.parameters), CONTEXT]

    def source(kind: str) -> str:
        del kind  # one kind per order of parameters
        return ADAPTER.format(
            name=function.name,
            own=", ".join(spelled_own),
            passed_on=", ".join([*sources, f"{CONTEXT}={context}"]),
            own_passed=", ".join([*positional, *(f"{name}={name}" for name in keyword)]),
            parameters=parameters_as_source(function),
            every=", ".join(f"{name!r}: {name}" for name in every),
            async_="async " if function.is_async else "",
            awaits="await _coroutine_of(" if function.is_async else "",
            gives=f", {function.must_be_awaited!r})" if function.is_async else "",
        )

    carried: ContextVar[Frame | None] = ContextVar(f"arguments of {function.name}", default=None)
    bind = function.generate(
        f"adapter to ({', '.join(map(passed_kind, own))})", source, {"_coroutine_of": coroutine_of}
    )
    adapter = bind(below, carried, Frame, lambda: original_ended(function))
    original, outer = cast("Adapter", adapter)  # generated: no checker sees its type
    return (mark_async(original) if function.is_async else original), outer


def passed_kind(parameter: tuple[str, Kind]) -> str:
    """Tell two signatures apart that differ only in how they take a parameter."""
    name, kind = parameter
    return f"{name}=" if kind == "keyword" else name


def original_ended(function: Declaration) -> OriginalEndedError:
    """Return what an original raises that is called too late."""
    return OriginalEndedError(
        f"The original of {function.title} was called where no call of its override is under way: the override's own "
        "call has ended, or a thread made the call without its contextvars. This override takes fewer parameters than "
        "the interface has, and those it does not take are carried past it only while its call lasts: await original "
        "inside it, or take all parameters."
    )
