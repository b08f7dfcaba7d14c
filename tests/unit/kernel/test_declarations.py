from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cached_property, wraps
from typing import Protocol, cast

import pytest
from typing_extensions import override as overrides

from authweave.kernel import CompositionError, Interface, UserContext, compose, overridable
from tests.unit.kernel.greeter import AppContext, Greeter, GreeterInterface, untyped


def faults_of(base: object) -> list[str]:
    """Compose; return the messages of the error."""
    with pytest.raises(CompositionError) as caught:
        compose(base)
    assert all(fault.file == __file__ for fault in caught.value.faults)
    return [fault.message for fault in caught.value.faults]


def a_class(declared: object) -> object:
    """Stand for a decorator that returns a class."""

    class Odd:
        pass

    return Odd


def a_number(declared: object) -> object:
    """Stand for a decorator that returns anything."""
    return 3


ODD: list[tuple[object, str]] = [
    (classmethod, "a classmethod"),
    (staticmethod, "a staticmethod"),
    (property, "a property"),
    (cached_property, "a cached_property"),
    (a_class, "a class"),
    (a_number, "a int"),
]


@pytest.mark.parametrize(("kind", "told"), ODD)
def test_overridable_above_what_is_no_method(kind: object, told: str) -> None:
    """It is refused where it is declared; the message names class and function, and says what to write."""

    def declare() -> object:
        class Odd:
            @untyped(overridable)
            @untyped(kind)
            def function(self, user_context: UserContext) -> str:
                return "odd"

        return Odd

    with pytest.raises(
        TypeError, match=rf"cannot be overridable: it is {told}; write a method, which takes self"
    ) as error:
        declare()
    assert told in {"a class", "a int"} or "Odd.function" in str(error.value)


@pytest.mark.parametrize("kind", [classmethod, staticmethod, property, cached_property])
def test_overridable_below_what_makes_no_method(kind: Callable[[object], object]) -> None:
    """It would be lost without a word, so it is a fault of composing."""

    class Odd(Greeter):
        @untyped(kind)
        @overridable
        def function(self, user_context: UserContext) -> str:
            return "odd"

    (message,) = faults_of(Odd())
    assert message.endswith(
        f"Odd.function cannot be overridden: it is a {kind.__name__}; write a method, which takes self."
    )


def test_overridable_below_another_decorator() -> None:
    """A decorator that hides it has to stand below it; one fault, for a function of the interface too."""

    def timed(function: object) -> object:
        @wraps(cast("Callable[..., object]", function))  # what a decorator takes it for
        def called(*args: object) -> object:
            return args

        return called

    class Odd(Greeter):
        @untyped(timed)
        @overridable
        @overrides
        def shout(self, name: str, user_context: AppContext) -> str:
            return name

    (message,) = faults_of(Odd())
    assert message.endswith("Odd.shout cannot be overridden: write @overridable above its other decorators.")


@pytest.mark.parametrize("outside", [True, False])
def test_a_function_that_is_meant_to_override_another_and_is_misspelt(*, outside: bool) -> None:
    """`typing.override` above or below says that a base class has it; where none has, the nearest name is offered."""

    def declared(function: object) -> object:
        made = untyped(overridable)(function if outside else untyped(overrides)(function))
        return untyped(overrides)(made) if outside else made

    class Odd(Greeter):
        @untyped(declared)
        def shuot(self, name: str, user_context: AppContext) -> str:
            return name

    (message,) = faults_of(Odd())
    assert message.endswith("Odd.shuot is marked @override, and no base class has it; did you mean 'shout'?")


def test_a_mixin_may_override_what_another_base_has() -> None:
    """What counts is the class that is composed."""

    class Quiet:
        @overridable
        def shout(self, name: str, user_context: AppContext) -> str:
            return name.lower()

    untyped(overrides)(vars(Quiet)["shout"])

    class Odd(Quiet, Greeter):
        pass

    assert compose(Odd()).shout("Ada", {}) == "ada"


class Abstract(Interface, Protocol):
    @overridable
    @abstractmethod
    def inner(self, user_context: UserContext) -> str: ...
    @untyped(abstractmethod)
    @overridable
    def outer(self, user_context: UserContext) -> str: ...


def test_an_abstract_function_in_either_order() -> None:
    """An implementation that lacks one is a fault; one that has both composes."""

    class Half(Abstract):
        @overridable
        @overrides
        def outer(self, user_context: UserContext) -> str:
            return "outer"

    class Whole(Half):
        @overridable
        @overrides
        def inner(self, user_context: UserContext) -> str:
            return "inner"

    assert faults_of(untyped(Half)()) == ["Half does not implement Abstract.inner."]
    base: Abstract = Whole()
    assert compose(base).inner({}) + compose(base).outer({}) == "innerouter"


def test_an_abstract_function_of_a_class_that_python_lets_be_made() -> None:
    """Without an abstract base the composer tells it."""

    class Plain:
        @overridable
        @abstractmethod
        def function(self, user_context: UserContext) -> str:
            """Do something."""

    (message,) = faults_of(untyped(Plain)())
    assert message.startswith("Plain does not implement")
    assert message.endswith("Plain.function.")


def test_an_abstract_base_class() -> None:
    """An implementation may have one beside its interface."""

    class Base(ABC):  # noqa: B024  a marker
        pass

    class Odd(Greeter, Base):
        pass

    base: GreeterInterface = Odd()
    assert compose(base).shout("ada", {}) == "ADA"
