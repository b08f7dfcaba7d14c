"""Overrides that are handed one object: the call, with the function's parameters as its attributes."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from copy import copy
from typing import Any, ClassVar, Generic, Literal, Never, Self, TypeAlias, cast, get_args, get_origin, overload

from typing_extensions import TypeVar
from typing_extensions import override as override_of_base

from ._context import UserContext
from ._declaration import CONTEXT
from ._faults import nearest
from ._interface import functions_of
from ._override import Override, name_of, tuple_of_names
from ._signature import annotated_names

InterfaceT = TypeVar("InterfaceT")
OriginalT = TypeVar("OriginalT")
ReturnT = TypeVar("ReturnT")
ResultT = TypeVar("ResultT")
HookT = TypeVar("HookT")
ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)

CallStyle: TypeAlias = Literal["call", "before", "after"]
CallClass: TypeAlias = "type[BaseCall[Any, Any, Any, Any, Any, Any]]"  # Any: a call of whatever function


class CallType(type):
    """Makes classes whose objects have no other attributes than those that are declared."""

    def __new__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, object], **keywords: str | bool
    ) -> CallType:
        """Make a class without a dictionary; what is handed to overrides has the parameters in slots of its own."""
        return super().__new__(cls, name, bases, {"__slots__": (), **namespace}, **keywords)


class BaseCall(Generic[InterfaceT, OriginalT, ReturnT, ResultT, HookT, ContextT], metaclass=CallType):
    """What `Call` and `SyncCall` have in common; they say what each type parameter is."""

    user_context: ContextT

    interface_of_call: ClassVar[type | None] = None
    function_of_call: ClassVar[str | None] = None

    def __init__(self, *_: Never, **__: Never) -> None:
        """Refuse: the library makes a call for each layer that wants one."""
        name = type(self).__name__
        message = f"{name} is made by the library, call by call. To override, write @{name}[AppContext].override."
        raise TypeError(message)

    @override_of_base
    def __init_subclass__(cls, *, function: str | None = None, allow_plain: bool = False) -> None:
        """
        Say which function the class stands for.

        Args:
            function: its name; by default that of the class in lower case, with underscores.
            allow_plain: how ``python -m authweave.kernel`` declares it (see `overridable`).
        """
        super().__init_subclass__()
        del allow_plain  # the interface says it to those who run
        if function is not None:
            cls.function_of_call = function

    @override_of_base
    def __repr__(self) -> str:
        """Name the function; the parameters may be secret."""
        return f"<{type(self).__name__}: a call of {function_of(type(self))}>"

    def __deepcopy__(self, _: object) -> Self:
        """Copy the call and nothing else: what it goes on to is one for all, and a context is known by its identity."""
        return copy(self)

    def original(self) -> OriginalT:
        """
        Go on: call what this override stands around, with the parameters as they are now.

        It may be called never, once, or again; also after the override has returned, from another task or at the same
        time: each is a call of its own, in the context that ``user_context`` is at that moment.
        """
        raise NotImplementedError  # the object that an override is handed is of a subclass that is made for it

    @overload
    @classmethod
    def override(cls, function: Callable[[Self], ReturnT], /) -> Override[InterfaceT]: ...
    @overload
    @classmethod
    def override(
        cls, /, *, name: str | None = None, before: Sequence[str] = (), after: Sequence[str] = ()
    ) -> Callable[[Callable[[Self], ReturnT]], Override[InterfaceT]]: ...
    @classmethod
    def override(
        cls,
        function: Callable[[Self], ReturnT] | None = None,
        /,
        *,
        name: str | None = None,
        before: Sequence[str] = (),
        after: Sequence[str] = (),
    ) -> object:
        """
        Override the function: ``@SignUp[AppContext].override``, or with arguments ``.override(name="audit")``.

        The decorated function takes the call and returns what the function returns. It may replace the call's
        attributes, and goes on with ``call.original()``.

        Args:
            function: the override.
            name: a name for ``before`` and ``after`` of others; the override's own name by default.
            before: names of overrides that have to run inside of this one.
            after: names of overrides that have to run outside of this one.

        Raises:
            TypeError: the class does not fit the interface that it names.
        """
        return make_override(cls, "call", function, name, before, after)

    @overload
    @classmethod
    def before(cls, hook: Callable[[Self], HookT], /) -> Override[InterfaceT]: ...
    @overload
    @classmethod
    def before(
        cls, /, *, name: str | None = None, before: Sequence[str] = (), after: Sequence[str] = ()
    ) -> Callable[[Callable[[Self], HookT]], Override[InterfaceT]]: ...
    @classmethod
    def before(
        cls,
        hook: Callable[[Self], HookT] | None = None,
        /,
        *,
        name: str | None = None,
        before: Sequence[str] = (),
        after: Sequence[str] = (),
    ) -> object:
        """
        Have a hook see each call before it goes on: ``@SignUp[AppContext].before``.

        A hook only looks: what it replaces in the call is not handed on. What it raises ends the call. In the order of
        overrides it stands where it is listed.

        Args:
            hook: takes the call.
            name: as for `override`.
            before: as for `override`.
            after: as for `override`.
        """
        return make_override(cls, "before", hook, name, before, after)

    @overload
    @classmethod
    def after(cls, hook: Callable[[Self, ResultT], HookT], /) -> Override[InterfaceT]: ...
    @overload
    @classmethod
    def after(
        cls, /, *, name: str | None = None, before: Sequence[str] = (), after: Sequence[str] = ()
    ) -> Callable[[Callable[[Self, ResultT], HookT]], Override[InterfaceT]]: ...
    @classmethod
    def after(
        cls,
        hook: Callable[[Self, ResultT], HookT] | None = None,
        /,
        *,
        name: str | None = None,
        before: Sequence[str] = (),
        after: Sequence[str] = (),
    ) -> object:
        """
        Have a hook see each call and its result: ``@SignUp[AppContext].after``. Not run where the call raised.

        Args:
            hook: takes the call, and what it returned.
            name: as for `override`.
            before: as for `override`.
            after: as for `override`.
        """
        return make_override(cls, "after", hook, name, before, after)


class Call(
    BaseCall[InterfaceT, Coroutine[Any, Any, ResultT], Awaitable[ResultT], ResultT, Awaitable[None], ContextT],
    Generic[InterfaceT, ResultT, ContextT],
):  # Any: a coroutine's send and yield types are free
    """
    One call of an async function: its parameters are attributes, which an override may replace.

    A library declares one class for each function of an interface, with an annotation for each parameter::

        class Greet(Call[Greeter[ContextT], str, ContextT]):
            name: str

    Attributes:
        user_context: the context of the call.
    """


class SyncCall(BaseCall[InterfaceT, ResultT, ResultT, ResultT, None, ContextT], Generic[InterfaceT, ResultT, ContextT]):
    """One call of a synchronous function; otherwise as `Call`."""


def make_override(
    cls: CallClass,
    style: CallStyle,
    function: Callable[..., object] | None,
    name: str | None,
    before: Sequence[str],
    after: Sequence[str],
) -> object:
    """Make an override of a function, or what decorates one."""
    interface = interface_of(cls)

    def decorate(function: Callable[..., object]) -> Override[object]:
        if not callable(function):
            word = "override" if style == "call" else style
            message = (
                f"@{cls.__name__}.{word} decorates a function that takes the call, not {type(function).__name__}; "
                f"a name goes by keyword: @{cls.__name__}.{word}(name='...')."
            )
            raise TypeError(message)
        return Override(
            interface,
            function_of(cls),
            name or name_of(function),
            function,
            style=style,
            call_type=cls,
            named=name is not None,
            before=tuple_of_names(before),
            after=tuple_of_names(after),
        )

    return decorate if function is None else decorate(function)


def function_of(cls: CallClass) -> str:
    """Return the name of the function that a class stands for."""
    return cls.function_of_call or snake_case(cls.__name__)


def snake_case(name: str) -> str:
    """Return the name of a class as that of a function: ``sign_up`` for ``SignUp``."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).removeprefix("_")


def interface_of(cls: CallClass) -> type:
    """
    Return the interface whose function a class stands for.

    Raises:
        TypeError: it has no such function, or one with other parameters.
    """
    interface = vars(cls).get("interface_of_call")
    if interface is None:
        interface = interface_argument(cls)
        check_fit(cls, interface)
        cls.interface_of_call = interface
    return interface


def interface_argument(cls: CallClass) -> type:
    """Return the first type argument of `Call`, as a class."""
    for owner in cls.__mro__:
        for base in vars(owner).get("__orig_bases__", ()):
            if get_origin(base) in {Call, SyncCall}:
                named: object = get_args(base)[0]
                text = getattr(named, "__forward_arg__", None)
                if text is not None:
                    named = resolve_annotation(owner, text)
                found = get_origin(named) or named
                if isinstance(found, type):
                    return found
    message = f"{cls.__name__} names no interface: write class {cls.__name__}(Call[Greeter[ContextT], str, ContextT])."
    raise TypeError(message)


def resolve_annotation(owner: type, text: str) -> object:
    """
    Return what an annotation of a class means in its module.

    Raises:
        TypeError: the module does not have it, but for the type checkers perhaps.
    """
    try:
        return cast("object", eval(text, vars(sys.modules[owner.__module__])))  # noqa: S307  source of the declaring library
    except NameError as error:
        message = f"{owner.__name__} names {text!r}, which cannot be found in {owner.__module__}: {error}"
        raise TypeError(message) from None


def check_fit(cls: CallClass, interface: type) -> None:
    """
    Compare a class with the function that it stands for.

    Raises:
        TypeError: they differ.
    """
    functions, name = functions_of(interface), function_of(cls)
    if name not in functions:
        message = (
            f"{cls.__name__} stands for {name!r}, which {interface.__name__} does not have; {nearest(name, functions)} "
            f"Say which it is: class {cls.__name__}(Call[...], function='...')."
        )
        raise TypeError(message)
    function = functions[name]
    right = Call if function.is_async else SyncCall
    if not issubclass(cls, right):
        kind = "async" if function.is_async else "not async"
        message = f"{function.title} is {kind}: derive {cls.__name__} from {right.__name__}."
        raise TypeError(message)
    if loose := [owner.__name__ for owner in cls.__mro__ if "__dict__" in vars(owner)]:
        message = f"{cls.__name__} would take any attribute, misspelt ones too: write __slots__ = () in {loose[-1]}."
        raise TypeError(message)
    own, expected = set(parameters_of(cls)), set(function.names)
    if reserved := sorted(expected.intersection(dir(BaseCall))):
        message = f"{function.title} has a parameter {reserved[0]!r}, as every call has a method: rename the parameter."
        raise TypeError(message)
    if own != expected:
        missing, unknown = sorted(expected - own), sorted(own - expected)
        parts = [f"declare {', '.join(missing)}"] * bool(missing) + [f"take away {', '.join(unknown)}"] * bool(unknown)
        message = f"{cls.__name__} has other attributes than {function.title} has parameters: {'; '.join(parts)}."
        raise TypeError(message)


def parameters_of(cls: type) -> tuple[str, ...]:
    """Return the names that a class of calls declares, in order, ``user_context`` last."""
    own = cls.__mro__[: cls.__mro__.index(BaseCall)]
    names = [name for owner in reversed(own) for name in annotated_names(owner) if not name.startswith("_")]
    return (*dict.fromkeys(name for name in names if name != CONTEXT), CONTEXT)
