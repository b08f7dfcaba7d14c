"""Whether an annotation says that what a plain function returns cannot be awaited. Read when composing, if at all."""

from __future__ import annotations

import inspect
import types
import typing
from functools import partial
from types import CoroutineType, FunctionType, MethodType
from typing import Annotated, Any, Final, Literal, NewType, Union, cast, get_args, get_origin

from typing_extensions import TypeAliasType, is_typeddict

from ._faults import code_of
from ._signature import result_annotation

UNKNOWN: Final = object()

# From Python 3.12 on `type Async[T] = ...` makes another class than typing_extensions has.
ALIASES: Final[tuple[type, ...]] = (TypeAliasType, getattr(typing, "TypeAliasType", TypeAliasType))
# Of aliases of aliases; what goes on for longer is recursive, and says nothing.
DEPTH: Final = 20


def cannot_return_awaitable(call: object) -> bool:
    """Return whether what is not ``async def`` is a generator, or annotated to return what cannot be awaited."""
    if is_generator(call):
        return True
    function = function_with_annotation(call)
    try:
        return function is not None and excludes_awaitables(return_annotation(function), DEPTH)
    except Exception:  # noqa: BLE001  a name under TYPE_CHECKING, or whatever else a user's annotation raises
        return False


def is_generator(call: object) -> bool:
    """Return whether calling something gives a generator, which cannot be awaited unless `types.coroutine` made it."""
    code = code_of(call)
    kinds = inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR | inspect.CO_ITERABLE_COROUTINE
    return code is not None and code.co_flags & kinds in {inspect.CO_GENERATOR, inspect.CO_ASYNC_GENERATOR}


def function_with_annotation(call: object) -> FunctionType | None:
    """
    Return the function whose annotation tells what a callable returns.

    None for a callable that hides its signature: what it returns is known when it is called. And for one that wraps
    another (``functools.wraps``), whose annotations it may have in place of its own.
    """
    while isinstance(call, (MethodType, partial)):
        call = call.__func__ if isinstance(call, MethodType) else cast("partial[object]", call).func  # of anything
    function = call if type(call) is FunctionType else inspect.getattr_static(type(call), "__call__", None)
    if type(function) is not FunctionType or "__wrapped__" in vars(function):
        return None
    hides = inspect.CO_VARARGS | inspect.CO_ITERABLE_COROUTINE  # the latter of `types.coroutine`
    return None if function.__code__.co_flags & hides else function


def return_annotation(function: FunctionType) -> object:
    """
    Return what a function is annotated to return; `UNKNOWN` where it is not.

    Raises:
        Exception: a name in it cannot be resolved.
    """
    annotation = result_annotation(function)
    if annotation is inspect.Signature.empty:
        return UNKNOWN
    if not isinstance(annotation, str):
        return annotation
    enclosed = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    known = {each.__name__: each for each in getattr(function, "__type_params__", ())}
    known |= {name: cell.cell_contents for name, cell in enclosed}
    return cast("object", eval(annotation, function.__globals__, known))  # noqa: S307  source of the user's own module, read as `typing.get_type_hints` does; of any type


def excludes_awaitables(annotation: object, depth: int) -> bool:
    """Return whether nothing that an annotation allows can be awaited."""
    if annotation is None:
        return True
    origin = get_origin(annotation)
    if origin in {Union, types.UnionType}:
        return all(excludes_awaitables(each, depth) for each in get_args(annotation))
    if origin is Literal:
        return True
    inner = resolve_alias(annotation, origin)
    if inner is not None:
        return depth > 0 and excludes_awaitables(inner, depth - 1)
    return is_plain_class(annotation if origin is None else origin)


def resolve_alias(annotation: object, origin: object) -> object:
    """Return what an alias, a NewType or an `Annotated` stands for; None for what stands for itself."""
    if isinstance(annotation, ALIASES):
        return getattr(annotation, "__value__")
    if isinstance(origin, ALIASES):
        return getattr(origin, "__value__")
    if origin is Annotated:
        return get_args(annotation)[0]
    return annotation.__supertype__ if isinstance(annotation, NewType) else None


def is_plain_class(candidate: object) -> bool:
    """Return whether something is a class of which no awaitable can be."""
    if not isinstance(candidate, type) or Any in candidate.__mro__ or getattr(candidate, "_is_protocol", False):
        return False
    if is_typeddict(candidate):
        return True
    return not hasattr(candidate, "__await__") and not issubclass(CoroutineType, candidate)
