"""The colour of a function, async or not: how it is told, and how what the kernel makes shows its own."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Awaitable, Coroutine
from functools import partial
from types import CoroutineType, FunctionType, MethodType
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from types import CodeType

    from ._declaration import AnyCall

CallT = TypeVar("CallT", bound="AnyCall")


def mark_async(call: CallT, known: dict[CodeType, CodeType] | None = None) -> CallT:
    """
    Mark a plain function that returns coroutines as the coroutine function that it is to its callers.

    Python 3.11 has no mark: there `inspect` reads a flag of the code. CPython goes by the code's first instruction
    instead, and runs the function as before. Elsewhere the flag may mean something, so only `asyncio` is told.

    Args:
        call: the function.
        known: codes that have been marked already, by what they were. The links of a stack share theirs: with one for
            each they would run slower.
    """
    if sys.version_info >= (3, 12):
        inspect.markcoroutinefunction(call)
    elif sys.implementation.name == "cpython":
        function = cast("FunctionType", call)  # what the kernel makes
        code = function.__code__
        known = {} if known is None else known
        if code not in known:
            known[code] = code.replace(co_flags=code.co_flags | inspect.CO_COROUTINE)
        function.__code__ = known[code]
    else:
        from asyncio import coroutines

        vars(call)["_is_coroutine"] = vars(coroutines)["_is_coroutine"]
    return call


def is_async(call: object) -> bool:
    """Return whether a callable is a coroutine function, or an object whose ``__call__`` is one."""
    try:
        return inspect.iscoroutinefunction(call) or inspect.iscoroutinefunction(getattr(type(call), "__call__", None))  # noqa: B004  the method itself is looked at
    except Exception:  # noqa: BLE001  a user's object, whose attributes are code of its own (a Mock with a spec, say)
        return False


def makes_coroutines(call: object) -> bool:
    """Return whether calling something gives a coroutine for certain: by its code, not by what it says of itself."""
    while type(call) in {MethodType, partial}:  # no subclass, which may do something else when it is called
        call = call.__func__ if isinstance(call, MethodType) else cast("partial[object]", call).func  # of anything
    return type(call) is FunctionType and bool(call.__code__.co_flags & inspect.CO_COROUTINE)


def coroutine_of(returned: object, title: str | None) -> Coroutine[object, object, object]:
    """Return a coroutine that awaits what a plain function in an async function's place returned (`await_result`)."""
    if type(returned) is CoroutineType:  # what most return
        return cast("Coroutine[object, object, object]", returned)  # of anything
    return await_result(returned, title)


async def await_result(returned: object, title: str | None) -> object:
    """
    Await what a plain function in an async function's place returned.

    Args:
        returned: what it returned.
        title: of the function of the interface; None where it may have returned the result itself.

    Raises:
        TypeError: it is not awaitable.
    """
    if not inspect.isawaitable(returned):
        if title is None:
            return returned
        message = (
            f"a plain function in the place of {title} returned {type(returned).__name__}, which cannot be awaited: "
            "write it as 'async def', or have it return what original() returned."
        )
        raise TypeError(message)
    return await cast("Awaitable[object]", returned)  # isawaitable() narrows to Awaitable[Any]
