"""Whether the signature of an override fits the function that it overrides."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from types import FunctionType
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from ._colour import is_async
from ._faults import code_of, nearest
from ._signature import signature_of

if TYPE_CHECKING:
    from types import CodeType

    from ._declaration import AnyCall, Declaration

Kind: TypeAlias = Literal["positional", "keyword"]


class Fit(NamedTuple):
    """
    How an override has to be called.

    Attributes:
        own: the parameters that it takes, in its own order, with the kind of each; None where it takes exactly what
            the interface has (or anything at all), and can be called directly.
        faults: what is wrong, as messages.
    """

    own: tuple[tuple[str, Kind], ...] | None = None
    faults: tuple[str, ...] = ()


def fit(function: Declaration, call: AnyCall, *, skip: int, by_place: bool = False) -> Fit:
    """
    Compare an override with the function that it overrides.

    Args:
        function: the function of the interface.
        call: the override.
        skip: how many parameters come before the interface's (1 for ``original``).
        by_place: whether parameters that are unused by their name, and those of a lambda, may go by their place.
    """
    faults = () if fits_colour(function, call) else (colour_fault(function),)
    if type(call) is FunctionType and takes_same_parameters(function, call.__code__, skip):
        return Fit(faults=faults)
    try:
        parameters = list(signature_of(call, follow_wrapped=False).parameters.values())
    except Exception:  # noqa: BLE001  a built-in callable that does not tell, an object that answers everything
        return Fit(faults=faults)  # taken at its word
    found = fit_in_full(function, parameters, skip)
    if by_place and found.faults:
        from ._by_place import with_names_of

        found = fit_in_full(function, with_names_of(function, parameters, is_lambda=is_lambda(call)), skip)
    return found._replace(faults=(*faults, *found.faults))


def fit_in_full(function: Declaration, parameters: Sequence[inspect.Parameter], skip: int) -> Fit:
    """Compare the parameters of an override that is not written exactly like the interface."""
    takes_rest = any(each.kind is each.VAR_POSITIONAL for each in parameters)
    takes_names = any(each.kind is each.VAR_KEYWORD for each in parameters)
    named = [each for each in parameters if each.kind not in {each.VAR_POSITIONAL, each.VAR_KEYWORD}]
    positional = [each.name for each in named if each.kind is not each.KEYWORD_ONLY]
    if (len(positional) < skip and not takes_rest) or any(name in function.names for name in positional[:skip]):
        return Fit(faults=(f"{function.title} is overridden by a function that takes no 'original'.",))
    own = named[skip:]
    unknown = [each.name for each in own if each.name not in function.names]
    if unknown:
        hints = [
            f"{function.title} has no parameter {name!r}; {nearest(name.strip('_'), function.names)}"
            for name in unknown
        ]
        return Fit(faults=tuple(hints))
    in_order = by_kind(own) == by_kind(function.all_parameters[: len(own)])
    passes_all = takes_rest and in_order and (takes_names or not function.context_by_keyword)
    if passes_all or by_kind(own) == by_kind(function.all_parameters):
        return Fit()
    own_names = {each.name for each in own}
    rest = [name for name in function.names if name not in own_names] if takes_names else []
    kinds: list[tuple[str, Kind]] = [
        (each.name, "keyword" if each.kind is each.KEYWORD_ONLY else "positional") for each in own
    ]
    return Fit(own=(*kinds, *((name, "keyword") for name in rest)))


def by_kind(parameters: Sequence[inspect.Parameter]) -> tuple[list[str], set[str]]:
    """Return the names that go by position, in order, and those that go by keyword only."""
    keyword = {each.name for each in parameters if each.kind is each.KEYWORD_ONLY}
    return [each.name for each in parameters if each.name not in keyword], keyword


def takes_same_parameters(function: Declaration, code: CodeType, skip: int) -> bool:
    """Return whether a plain function takes exactly the interface's parameters, by position, in order."""
    if code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS) or code.co_kwonlyargcount:
        return False
    if code.co_posonlyargcount > skip:
        return False
    return code.co_varnames[skip : code.co_argcount] == function.names


def is_lambda(call: AnyCall) -> bool:
    """Return whether a callable runs a lambda."""
    code = code_of(call)
    return code is not None and code.co_name == "<lambda>"


def fits_colour(function: Declaration, call: AnyCall) -> bool:
    """
    Return whether an override is async where the function is, and sync where it is not.

    In an async function's place a plain ``def`` is refused only where it is annotated to return something else; where
    the function allows one, only where it is a generator.
    """
    if not function.is_async:
        return not is_async(call)
    if is_async(call):
        return True
    from ._awaitable import cannot_return_awaitable, is_generator

    return not (is_generator(call) if function.allows_plain else cannot_return_awaitable(call))


def colour_fault(function: Declaration) -> str:
    """Say what is wrong with an override of the wrong colour."""
    if function.is_async:
        return f"{function.title} is async: write its override as 'async def', or have it return a coroutine."
    return f"{function.title} is not async: write its override as 'def'."
