"""How an interface declares the functions that may be overridden."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, Concatenate, Generic, Literal, ParamSpec, Protocol, cast, final, overload

from typing_extensions import TypeVar, override

from ._context import UserContext
from ._declaration import Declaration

if TYPE_CHECKING:
    from types import CoroutineType

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)
InterfaceT = TypeVar("InterfaceT")
InterfaceT_co = TypeVar("InterfaceT_co", covariant=True)
CallT_co = TypeVar("CallT_co", bound=Callable[..., object], covariant=True)
P = ParamSpec("P")
R = TypeVar("R")
X = TypeVar("X")


@final
class Nothing:
    """What no function returns: only `Any` and `NoReturn` are taken for it."""


class Interface(Protocol[ContextT_contra]):
    """
    The base of every interface: a set of functions that may be overridden, all taking one type of context.

    Declare one as ``class Greeter(Interface[C], Protocol[C])`` and decorate its methods with `overridable`.
    """

    def takes_context(self, user_context: ContextT_contra, /) -> None:
        """Tie the interface to the type of its context, for the type checkers. Does nothing and is never called."""
        del user_context


class Function(Generic[InterfaceT_co, CallT_co]):
    """
    One function of an interface, as ``Greeter[AppContext].greet`` gives it; what `override` takes.

    Attributes:
        interface: the interface.
        name: the function's name.
    """

    __slots__ = ("interface", "name")

    def __init__(self, interface: type, name: str) -> None:
        self.interface: type = interface
        self.name: str = name


class Overridable(Generic[CallT_co]):
    """
    A method that may be overridden. Made by `overridable`.

    On an instance it is the bound method (or, on a composed object, the chain of overrides); on the interface it is
    a `Function`. It is covariant in the type of the function, so that an interface is contravariant in its context.
    """

    # The coroutine of an `async def` is told by its protocol: what stands in its place may be any function that returns
    # one. Results that fit every type come first, or they would be taken for a coroutine.

    def __init__(self, declared: Callable[..., object], *, allow_plain: bool = False) -> None:
        self.declaration: Declaration = Declaration(declared, allows_plain=allow_plain)
        self.__doc__ = declared.__doc__
        if getattr(declared, "__isabstractmethod__", False):
            self.__isabstractmethod__ = True

    @overload
    def __get__(
        self: Overridable[Callable[P, Nothing]], instance: None, owner: type[InterfaceT]
    ) -> Function[InterfaceT, CallT_co]: ...
    @overload
    def __get__(
        self: Overridable[Callable[P, CoroutineType[Any, Any, X]]],  # Any: send and yield types are free
        instance: None,
        owner: type[InterfaceT],
    ) -> Function[InterfaceT, Callable[P, Coroutine[Any, Any, X]]]: ...  # Any: as above
    @overload
    def __get__(self, instance: None, owner: type[InterfaceT]) -> Function[InterfaceT, CallT_co]: ...
    @overload
    def __get__(self: Overridable[Callable[P, Nothing]], instance: object, owner: type) -> CallT_co: ...
    @overload
    def __get__(
        self: Overridable[Callable[P, CoroutineType[Any, Any, X]]],  # Any: as above
        instance: object,
        owner: type,
    ) -> Callable[P, Coroutine[Any, Any, X]]: ...  # Any: as above
    @overload
    def __get__(self, instance: object, owner: type) -> CallT_co: ...
    def __get__(self, instance: object | None, owner: type) -> object:
        """Bind to an instance, or name the function of the interface."""
        if instance is None:
            named: Function[object, Callable[..., object]] = Function(owner, self.declaration.name)
            return named
        return cast("object", self.declaration.declared.__get__(instance, owner))  # untyped in typeshed

    if TYPE_CHECKING:
        # Only for the checkers: seed-style overrides assign functions. At run time the instance's own dictionary is
        # to win over this descriptor, so that a composed call costs no Python-level attribute lookup. Nobody assigns
        # through a wider type, so a covariant type may stand as a parameter here.
        @overload
        def __set__(self: Overridable[Callable[P, Nothing]], instance: object, function: CallT_co) -> None: ...  # type: ignore[misc]  # see above  # pyright: ignore[reportGeneralTypeIssues]
        @overload
        def __set__(
            self: Overridable[Callable[P, CoroutineType[Any, Any, X]]],  # Any: as above
            instance: object,
            function: Callable[P, Coroutine[Any, Any, X]],  # Any: as above
        ) -> None: ...
        @overload
        def __set__(self, instance: object, function: CallT_co) -> None: ...  # type: ignore[misc]  # see above  # pyright: ignore[reportGeneralTypeIssues]
        def __set__(self, instance: object, function: object) -> None: ...


class EitherOverridable(Overridable[CallT_co]):
    """An async method in whose place a plain ``def`` may stand. Made by ``@overridable(allow_plain=True)``."""

    if TYPE_CHECKING:
        # What it gives is always awaitable. `Any` beside that lets `found = await found` stand in programs that look
        # whether it is; it takes away nothing else, for what is done with a union has to fit all its members.
        @overload
        def __get__(
            self: EitherOverridable[Callable[P, Coroutine[Any, Any, X]]],  # Any: send and yield types are free
            instance: None,
            owner: type[InterfaceT],
        ) -> Function[InterfaceT, Callable[P, Coroutine[Any, Any, X]]]: ...  # Any: as above
        @overload
        def __get__(self, instance: None, owner: type[InterfaceT]) -> Function[InterfaceT, CallT_co]: ...
        @overload
        def __get__(
            self: EitherOverridable[Callable[P, Coroutine[Any, Any, X]]],  # Any: as above
            instance: object,
            owner: type,
        ) -> Callable[P, Coroutine[Any, Any, X] | Any]: ...  # Any: see above
        @overload
        def __get__(self, instance: object, owner: type) -> CallT_co: ...
        @override
        def __get__(self, instance: object | None, owner: type) -> object: ...

        @overload
        def __set__(
            self: EitherOverridable[Callable[P, Coroutine[Any, Any, X]]],  # Any: send and yield types are free
            instance: object,
            function: Callable[P, Awaitable[X] | X],
        ) -> None: ...
        @overload
        def __set__(self, instance: object, function: CallT_co) -> None: ...  # type: ignore[misc]  # as above  # pyright: ignore[reportGeneralTypeIssues]
        @override
        def __set__(self, instance: object, function: object) -> None: ...


@overload
def overridable(declared: Callable[Concatenate[Any, P], R], /) -> Overridable[Callable[P, R]]: ...  # Any: self is free
@overload
def overridable(
    *, allow_plain: Literal[True]
) -> Callable[[Callable[Concatenate[Any, P], R]], EitherOverridable[Callable[P, R]]]: ...  # Any: as above
def overridable(declared: Callable[..., object] | None = None, *, allow_plain: bool = False) -> object:
    """
    Declare a method of an interface, or of its implementation, as one that may be overridden.

    The method may be ``async def`` or ``def``. It spells out its parameters and takes ``user_context`` last.

    Args:
        declared: the method.
        allow_plain: whether a plain ``def`` that returns the result itself may stand in the place of an ``async def``.
            Callers await it in any case. To a seed-style override its original gives what may be awaited or used at
            once.

    Raises:
        TypeError: the method has ``*args`` or ``**kwargs``, or its last parameter is not ``user_context``.
    """
    if declared is None:

        def declare(declared: Callable[..., object]) -> object:
            method: EitherOverridable[Callable[..., object]] = EitherOverridable(declared, allow_plain=allow_plain)
            return method

        return declare
    method: Overridable[Callable[..., object]] = Overridable(declared)
    return method


def functions_of(interface: type) -> dict[str, Declaration]:
    """Return the overridable functions of an interface or implementation, by name: its own, then those of its bases."""
    found: dict[str, Declaration] = {}
    for cls in interface.__mro__:
        for name, value in vars(cls).items():
            if isinstance(value, Overridable):
                found.setdefault(name, value.declaration)
    return found
