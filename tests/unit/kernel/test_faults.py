from collections.abc import Callable
from typing import Protocol

import pytest
from typing_extensions import override as overrides

from authweave.kernel import (
    CompositionError,
    FaultReport,
    Function,
    Interface,
    UserContext,
    compose,
    explain,
    overridable,
    override,
    overriding,
    wrap,
)
from tests.unit.kernel.greeter import AppContext, Greeter, GreeterInterface, Shout, implementation, untyped


class Elsewhere(Interface, Protocol):
    @overridable
    def shout(self, name: str, user_context: UserContext) -> str: ...


def faults_of(base: object, *overrides_: object) -> list[str]:
    """Compose; return the messages of the error."""
    with pytest.raises(CompositionError) as caught:
        compose(base, untyped(list)(overrides_))
    return [fault.message for fault in caught.value.faults]


def test_all_faults_are_in_one_error() -> None:
    """The error counts its faults and gives each with its place, and its code is stable."""

    @untyped(override(GreeterInterface.shout))
    def one(original: Shout, nmae: str, user_context: AppContext) -> str:
        return original(nmae, user_context)

    @untyped(override(GreeterInterface.greet))
    def two(original: Shout, name: str, greeting: str, user_context: AppContext) -> str:
        return original(name, user_context)

    with pytest.raises(CompositionError, match="2 faults in overrides") as caught:
        compose(implementation(), [one, two])
    assert caught.value.code == "composition"
    assert str(caught.value).count(f"{__file__}:") == 2
    assert "did you mean 'name'?" in str(caught.value)
    assert "write its override as 'async def'" in str(caught.value)


def test_several_compositions_may_share_a_report() -> None:
    """With a report handed in, nothing is raised until whoever made it says so."""
    report = FaultReport()
    for _ in range(2):
        compose(implementation(), untyped(list)([3]), report=report)
    report.add("another", implementation)
    with pytest.raises(CompositionError, match="2 faults"):
        report.raise_if_any()
    FaultReport().raise_if_any()


def test_a_method_that_is_missing_is_a_fault() -> None:
    """An implementation has to have every function of its interface."""

    class Half(GreeterInterface):
        @overridable
        @overrides
        def shout(self, name: str, user_context: AppContext) -> str:
            return name

    assert faults_of(untyped(Half)()) == ["Half does not implement GreeterInterface.greet."]


def test_a_method_that_is_not_declared_overridable_is_a_fault() -> None:
    """A method that hides an overridable one would silently never be called."""

    class Plain(Greeter):
        pass

    def shout(self: Plain, name: str, user_context: AppContext) -> str:
        return name

    untyped(setattr)(Plain, "shout", shout)

    assert faults_of(Plain()) == ["Plain.shout cannot be overridden: write @overridable above it."]


def test_an_override_of_another_interface_is_a_fault() -> None:
    """Both the interface of the override and the implementation are named, with their modules."""

    @override(Elsewhere.shout)
    def elsewhere(original: Callable[[str, UserContext], str], name: str, user_context: UserContext) -> str:
        return original(name, user_context)

    (message,) = faults_of(implementation(), elsewhere)
    assert "'elsewhere' overrides" in message
    assert "Elsewhere.shout, which tests.unit.kernel.greeter.Greeter does not implement" in message


def test_a_function_that_the_interface_has_not() -> None:
    """An override of an unknown function is a fault of the same kind."""
    unknown: Function[GreeterInterface, Callable[[str], str]] = Function(GreeterInterface, "whisper")
    (message,) = faults_of(implementation(), override(unknown)(lambda original, name: original(name)))
    assert "GreeterInterface.whisper, which" in message


@pytest.mark.parametrize("wrong", [None, 3, "override", {}])
def test_what_is_no_override(wrong: object) -> None:
    """Neither an override nor a function: said so."""
    (message,) = faults_of(implementation(), wrong)
    assert "is no override: hand over what @override makes, or a function" in message


def test_an_async_object_where_a_sync_function_must_be() -> None:
    """A callable object is looked at too."""

    class Colour:
        async def __call__(self, original: Shout, name: str, user_context: AppContext) -> str:
            return original(name, user_context)

    assert faults_of(implementation(), untyped(override(GreeterInterface.shout))(Colour())) == [
        "Greeter.shout is not async: write its override as 'def'."
    ]


def test_a_wrapper_that_returns_no_function() -> None:
    """What it returned is named by its type, not shown."""

    def wrapper(original: Shout) -> str:
        return "secret"

    (message,) = faults_of(implementation(), untyped(wrap)(GreeterInterface.shout, wrapper, name="w"))
    assert message == "'w' returned str instead of a function."


@pytest.mark.parametrize("call", [compose, explain, overriding])
def test_what_has_no_overridable_functions_cannot_be_composed(call: object) -> None:
    """A plain object is refused by a TypeError that names its type."""
    with (
        pytest.raises(TypeError, match=r"object (cannot be|was not) composed"),
        untyped(call)(object(), *([[]] * (call is overriding))),
    ):
        pass


def test_a_base_that_keeps_its_attributes_in_slots() -> None:
    """Slots beside a `__dict__` are copied; a class without a `__dict__` cannot be composed."""

    class Both(Greeter):
        __slots__ = ("extra",)

        def __init__(self) -> None:
            super().__init__()
            self.extra = "kept"

    base = Both()
    app = compose(base)
    assert (app.extra, app.shout("ada", {})) == ("kept", "ADA")

    class Slots:
        __slots__ = ()

        @overridable
        def shout(self, name: str, user_context: UserContext) -> str:
            return name

    with pytest.raises(TypeError, match="Slots cannot be composed: it keeps its attributes in slots"):
        compose(Slots())


def test_a_cycle_is_named_once() -> None:
    """Contradicting constraints are one fault, with the names in their order."""

    @override(GreeterInterface.shout, before=["second"])
    def first(original: Shout, name: str, user_context: AppContext) -> str:
        return original(name, user_context)

    @override(GreeterInterface.shout, before=["first"])
    def second(original: Shout, name: str, user_context: AppContext) -> str:
        return original(name, user_context)

    (message,) = faults_of(implementation(), first, second)
    assert message in {
        "overrides contradict each other: 'first' before 'second' before 'first'.",
        "overrides contradict each other: 'second' before 'first' before 'second'.",
    }


def test_a_constraint_on_a_name_that_is_near_another() -> None:
    """The nearest name is offered."""

    @override(GreeterInterface.shout, after=["trasing"])
    def first(original: Shout, name: str, user_context: AppContext) -> str:
        return original(name, user_context)

    @override(GreeterInterface.shout, name="tracing")
    def second(original: Shout, name: str, user_context: AppContext) -> str:
        return original(name, user_context)

    (message,) = faults_of(implementation(), first, second)
    assert message == "'first' is ordered by 'trasing', which no override is named; did you mean 'tracing'?"


def test_a_seed_style_function_replaces_functions_only() -> None:
    """Another attribute that it replaces is a fault: it would be lost without a word."""

    def configures(original_implementation: Greeter) -> Greeter:
        original_implementation.config = "another"
        return original_implementation

    (message,) = faults_of(Greeter(), configures)
    assert message.startswith("'configures' replaced 'config', which is no function of it")
