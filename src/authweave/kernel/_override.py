"""Overrides: one function that takes the place of another, and is handed the original."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Concatenate, Generic, ParamSpec, Protocol, TypeAlias

import attrs
from typing_extensions import TypeVar

from ._faults import Place, called_from
from ._interface import Function, InterfaceT, InterfaceT_co

P = ParamSpec("P")
R = TypeVar("R")


@attrs.frozen(eq=False)
class Override(Generic[InterfaceT_co]):
    """
    An override of one function of an interface. Made by `override` and `wrap`.

    It is typed by the interface, and an interface is contravariant in its context: where the application's context
    has the keys that the override needs, it fits; where it lacks one, the type checkers say so.

    Attributes:
        interface: the interface whose function is overridden.
        function: the name of that function.
        name: what other overrides call it in their ``before`` and ``after``.
        before: names of overrides that this one must run outside of.
        after: names of overrides that this one must run inside of.
        called: the file and line where it was made, which are told where a library wrote its function.
    """

    interface: type
    function: str
    name: str
    call: Callable[..., object] = attrs.field(repr=False)
    wraps: bool = attrs.field(default=False, kw_only=True)
    named: bool = attrs.field(default=False, kw_only=True, repr=False)
    before: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    after: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    called: Place = attrs.field(factory=called_from, kw_only=True, repr=False)


# A protocol rather than a Callable: mypy solves the type variable of a Callable last, and so would refuse to compose an
# implementation with overrides that are written for its interface.
class SeedStyle(Protocol[InterfaceT]):
    """A function that takes ``original_implementation``, replaces attributes on it and returns it."""

    def __call__(self, original_implementation: InterfaceT, /) -> InterfaceT:
        """Override functions of the implementation."""
        ...


AnyOverride: TypeAlias = Override[InterfaceT] | SeedStyle[InterfaceT]


def override(
    function: Function[InterfaceT, P, R],
    *,
    name: str | None = None,
    before: Sequence[str] = (),
    after: Sequence[str] = (),
) -> Callable[[Callable[Concatenate[Callable[P, R], P], R]], Override[InterfaceT]]:
    """
    Override one function of an interface: ``@override(RecipeInterface[AppContext].sign_up)``.

    The decorated function takes ``original`` first and then the parameters of what it overrides. ``original`` may be
    called any number of times; not calling it replaces the function.

    Args:
        function: the function to override, taken from the interface with its context type given.
        name: a name for ``before`` and ``after`` of others; the function's own name by default.
        before: names of overrides that have to run inside of this one.
        after: names of overrides that have to run outside of this one.

    Raises:
        TypeError: ``function`` is not what an interface gives (``@override`` was written without its argument, say).
    """
    check_function(function)

    def decorate(call: Callable[Concatenate[Callable[P, R], P], R]) -> Override[InterfaceT]:
        return Override(
            function.interface,
            function.name,
            name or name_of(call),
            call,
            named=name is not None,
            before=tuple(before),
            after=tuple(after),
        )

    return decorate


def wrap(
    function: Function[InterfaceT, P, R],
    wrapper: Callable[[Callable[P, R]], Callable[P, R]],
    *,
    name: str | None = None,
    before: Sequence[str] = (),
    after: Sequence[str] = (),
) -> Override[InterfaceT]:
    """
    Override a function by a wrapper that does not care about its parameters (tracing, timing, a retry).

    Args:
        function: the function to override, as for `override`.
        wrapper: takes the original and returns what is to stand in its place. It runs once, at composition
            (twice where what it returns takes other parameters); one that is generic in its ParamSpec fits any
            function.
        name: as for `override`.
        before: as for `override`.
        after: as for `override`.
    """
    return Override(
        function.interface,
        function.name,
        name or name_of(wrapper),
        wrapper,
        wraps=True,
        named=name is not None,
        before=tuple(before),
        after=tuple(after),
    )


def check_function(function: object) -> None:
    """Refuse what is not a function of an interface."""
    if not isinstance(function, Function):
        message = (
            f"say what to override: @override(RecipeInterface[AppContext].sign_up), not {type(function).__name__}."
        )
        raise TypeError(message)


def name_of(function: object) -> str:
    """Return a function's own name, or its type's where it has none."""
    name: object = getattr(function, "__name__", None)
    return name if isinstance(name, str) else type(function).__name__  # an object may answer everything
