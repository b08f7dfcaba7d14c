"""Overrides: one function that takes the place of another, and is handed the original."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import (
    Any,
    Concatenate,
    Final,
    Generic,
    Literal,
    Never,
    NoReturn,
    ParamSpec,
    Protocol,
    Self,
    TypeAlias,
    overload,
)

from typing_extensions import TypeVar
from typing_extensions import override as override_of_base

from ._faults import Place, called_from
from ._interface import Function, InterfaceT, InterfaceT_co

P = ParamSpec("P")
R = TypeVar("R")

EVERY_FUNCTION: Final = "*"
"""The name under which an override of every function stands."""

OverrideStyle: TypeAlias = Literal["override", "wrapper", "call", "before", "after"]


def tuple_of_names(names: Sequence[str]) -> tuple[str, ...]:
    """Take names as a tuple; refuse one text, whose letters would be names."""
    if isinstance(names, str):
        message = f"others are named in a list: write [{names!r}], not {names!r}."
        raise TypeError(message)
    return tuple(names)


class Override(Generic[InterfaceT_co]):
    """
    An override of one function of an interface. Made by `override`, `wrap` and the classes of calls.

    It is typed by the interface, and an interface is contravariant in its context: where the application's context
    has the keys that the override needs, it fits; where it lacks one, the type checkers say so.

    Attributes:
        interface: the interface whose function is overridden.
        function: the name of that function; ``"*"`` stands for all of them, of any interface.
        name: what other overrides call it in their ``before`` and ``after``.
        before: names of overrides that this one must run outside of.
        after: names of overrides that this one must run inside of.
        style: how it was written.
        call_type: the class of the call that it is handed, if it is handed one.
        called: the file and line where it was made, which are told where a library wrote its function.
    """

    # By hand: attrs, imported for this class alone, would take a third of what importing the kernel takes.
    __slots__ = (
        "__weakref__",
        *("after", "before", "call", "call_type", "called", "function", "interface", "name", "named", "style"),
    )

    interface: type
    function: str
    name: str
    call: Callable[..., object]
    style: OverrideStyle
    call_type: type | None
    named: bool
    before: tuple[str, ...]
    after: tuple[str, ...]
    called: Place

    def __init__(
        self,
        interface: type,
        function: str,
        name: str,
        call: Callable[..., object],
        *,
        style: OverrideStyle = "override",
        call_type: type | None = None,
        named: bool = False,
        before: tuple[str, ...] = (),
        after: tuple[str, ...] = (),
        called: Place | None = None,
    ) -> None:
        put = object.__setattr__
        put(self, "interface", interface)
        put(self, "function", function)
        put(self, "name", name)
        put(self, "call", call)
        put(self, "style", style)
        put(self, "call_type", call_type)
        put(self, "named", named)
        put(self, "before", before)
        put(self, "after", after)
        put(self, "called", called or called_from())

    @override_of_base
    def __setattr__(self, name: str, value: object) -> NoReturn:
        """Refuse: an override may stand in many compositions."""
        message = f"{name} of the override {self.name!r} cannot be changed: make another one."
        raise AttributeError(message)

    @override_of_base
    def __delattr__(self, name: str) -> NoReturn:
        """Refuse, as `__setattr__` does."""
        self.__setattr__(name, None)

    @override_of_base
    def __repr__(self) -> str:
        """Name what tells it from others."""
        told = ("interface", "function", "name", "style", "before", "after")
        return f"Override({', '.join(f'{name}={getattr(self, name)!r}' for name in told)})"

    def replaced(
        self,
        *,
        name: str | None = None,
        call: Callable[..., object] | None = None,
        before: tuple[str, ...] | None = None,
        after: tuple[str, ...] | None = None,
    ) -> Override[InterfaceT_co]:
        """Return an override that is as this one but for what is given."""
        return Override(
            self.interface,
            self.function,
            self.name if name is None else name,
            self.call if call is None else call,
            style=self.style,
            call_type=self.call_type,
            named=self.named,
            before=self.before if before is None else before,
            after=self.after if after is None else after,
            called=self.called,
        )

    def __copy__(self) -> Self:
        """Return the override itself: nothing can change it, and it is known by its identity."""
        return self

    def __deepcopy__(self, _: object) -> Self:
        """Return the override itself, as `__copy__` does."""
        return self


# A protocol rather than a Callable: mypy solves the type variable of a Callable last, and so would refuse to compose an
# implementation with overrides that are written for its interface.
class SeedStyle(Protocol[InterfaceT]):
    """A function that takes ``original_implementation``, replaces attributes on it and returns it."""

    def __call__(self, original_implementation: InterfaceT, /) -> InterfaceT:
        """Override functions of the implementation."""
        ...


AnyOverride: TypeAlias = Override[InterfaceT] | SeedStyle[InterfaceT]


# What overrides an async function returns an awaitable. A result of any type fits both; the first decides.
@overload
def override(  # type: ignore[overload-overlap]  # see above
    function: Function[InterfaceT, Callable[P, Coroutine[Any, Any, R]]],  # Any: send and yield types are free
    *,
    name: str | None = None,
    before: Sequence[str] = (),
    after: Sequence[str] = (),
) -> Callable[[Callable[Concatenate[Callable[P, Coroutine[Any, Any, R]], P], Awaitable[R]]], Override[InterfaceT]]: ...
@overload
def override(
    function: Function[InterfaceT, Callable[P, R]],
    *,
    name: str | None = None,
    before: Sequence[str] = (),
    after: Sequence[str] = (),
) -> Callable[[Callable[Concatenate[Callable[P, R], P], R]], Override[InterfaceT]]: ...
def override(
    function: Function[InterfaceT, Callable[..., object]],
    *,
    name: str | None = None,
    before: Sequence[str] = (),
    after: Sequence[str] = (),
) -> object:
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

    def decorate(call: Callable[..., object]) -> Override[InterfaceT]:
        return Override(
            function.interface,
            function.name,
            name or name_of(call),
            call,
            named=name is not None,
            before=tuple_of_names(before),
            after=tuple_of_names(after),
        )

    return decorate


def wrap(
    function: Function[InterfaceT, Callable[P, R]],
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
        style="wrapper",
        named=name is not None,
        before=tuple_of_names(before),
        after=tuple_of_names(after),
    )


class AsyncWrapper(Protocol):
    """A wrapper that fits every async function, and is told which one it is put around."""

    def __call__(
        self, function: str, original: Callable[P, Coroutine[Any, Any, R]], /
    ) -> Callable[P, Coroutine[Any, Any, R]]:  # Any: send and yield types are free
        """Return what is to stand in the place of ``original``."""
        ...


class SyncWrapper(Protocol):
    """The same for functions of which nothing is known, an interface's synchronous ones among them."""

    def __call__(self, function: str, original: Callable[P, R], /) -> Callable[P, R]:
        """Return what is to stand in the place of ``original``."""
        ...


def wrap_all(
    wrapper: AsyncWrapper | SyncWrapper,
    *,
    name: str | None = None,
    before: Sequence[str] = (),
    after: Sequence[str] = (),
) -> Override[Never]:
    """
    Put one wrapper around every function of whatever is composed: of all recipes and their APIs, in an application.

    Args:
        wrapper: takes the name of a function (``"sign_up"``) and its original, and returns what is to stand in its
            place. It runs once for each function, at composition; see `wrap`.
        name: as for `override`.
        before: as for `override`.
        after: as for `override`.

    Raises:
        TypeError: ``wrapper`` is no function.
    """
    if not callable(wrapper):
        message = f"wrap_all takes a wrapper, a function of a function's name and original, not {wrapper!r}."
        raise TypeError(message)
    return Override(
        object,
        EVERY_FUNCTION,
        name or name_of(wrapper),
        wrapper,
        style="wrapper",
        named=name is not None,
        before=tuple_of_names(before),
        after=tuple_of_names(after),
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
