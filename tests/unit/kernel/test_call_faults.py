import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import pytest
from typing_extensions import TypeVar
from typing_extensions import override as overrides

from authweave.kernel import (
    Call,
    CompositionError,
    Interface,
    SyncCall,
    UserContext,
    compose,
    overridable,
)
from tests.unit.kernel.greeter import (
    AppContext,
    GreetCall,
    GreeterInterface,
    ShoutCall,
    implementation,
    untyped,
)


def faults_of(*given: object) -> list[str]:
    """Compose; return the messages of the error, after a look at their places."""
    with pytest.raises(CompositionError) as caught:
        compose(implementation(), untyped(list)(given))
    assert {fault.file for fault in caught.value.faults} == {__file__}
    return [fault.message for fault in caught.value.faults]


def goes_on(call: ShoutCall) -> str:
    """Change nothing."""
    return call.original()


def refused(cls: object) -> str:
    """Try to override with a class of calls; return the error."""
    with pytest.raises(TypeError) as caught:
        untyped(getattr(cls, "override"))(goes_on)  # noqa: B009  of a class that the checkers know nothing of
    return str(caught.value)


class ElsewhereInterface(Interface, Protocol):
    """Another interface, with a function of the same name."""

    @overridable
    def shout(self, name: str, user_context: UserContext) -> str: ...


ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)


class Shout(SyncCall[ElsewhereInterface, str, ContextT]):
    """A call of it."""

    name: str


def test_all_faults_are_in_one_error_each_with_its_line() -> None:
    """Whatever is wrong with overrides and hooks is told at once, where each was written (law O7)."""

    @untyped(GreetCall.override)
    def not_async(call: GreetCall) -> str:
        return call.name

    @untyped(ShoutCall.override)
    async def not_sync(call: ShoutCall) -> str:
        return call.original()

    @untyped(ShoutCall.override)
    def too_many(call: ShoutCall, name: str) -> str:
        return name

    @untyped(ShoutCall.override)
    def too_few() -> str:
        return ""

    @untyped(GreetCall.after)
    async def without_result(call: GreetCall) -> None: ...

    @untyped(GreetCall.before)
    async def with_result(call: GreetCall, result: str) -> None: ...

    @untyped(Shout.override)
    def elsewhere(call: Shout) -> str:
        return call.original()

    given = [not_async, not_sync, too_many, too_few, without_result, with_result, elsewhere]
    with pytest.raises(CompositionError, match="7 faults in overrides") as caught:
        compose(implementation(), untyped(list)(given))
    found = {fault.line: fault.message for fault in caught.value.faults}
    assert {fault.file for fault in caught.value.faults} == {__file__}
    messages = [found[untyped(lambda each=each: each)().call.__code__.co_firstlineno] for each in given]
    assert "Greeter.greet is async: write its override as 'async def'" in messages[0]
    assert "Greeter.shout is not async: write its override as 'def'." in messages[1]
    assert "ShoutCall.override decorates a function that takes the call, and nothing else" in messages[2]
    assert "ShoutCall.override decorates a function that takes the call, and nothing else" in messages[3]
    assert "GreetCall.after decorates a function that takes the call and its result, and nothing else" in messages[4]
    assert "GreetCall.before decorates a function that takes the call, and nothing else" in messages[5]
    assert "ElsewhereInterface.shout, which tests.unit.kernel.greeter.Greeter does not implement" in messages[6]


@pytest.mark.parametrize("style", ["override", "before", "after"])
def test_the_interfaces_parameters_are_no_parameters_of_the_override(style: str) -> None:
    """An override in the parameter style under the wrong decorator is told what to take instead."""

    @untyped(getattr(GreetCall, style))
    async def parameters(
        original: Callable[..., Any], name: str, greeting: str, user_context: AppContext
    ) -> str:  # Any: untyped
        return str(await original(name, greeting, user_context))

    (message,) = faults_of(parameters)
    assert f"GreetCall.{style} decorates a function that takes the call" in message
    assert "has its parameters as attributes of the call" in message


def test_optional_parameters_and_any_parameters_are_accepted() -> None:
    """What can be called with the call is called with it, and nothing else."""

    @untyped(ShoutCall.override)
    def optional(call: ShoutCall, mark: str = "!") -> str:
        return call.original() + mark

    @untyped(ShoutCall.override)
    def anything(*calls: ShoutCall, **rest: object) -> str:
        (call,) = calls
        assert not rest
        return call.original() + "?"

    assert compose(implementation(), [optional, anything]).shout("ada", {}) == "ADA?!"


def test_a_call_that_goes_by_keyword_is_a_fault() -> None:
    """It is handed over by position."""

    @untyped(ShoutCall.override)
    def keyword(*, call: ShoutCall) -> str:
        return call.original()

    assert "ShoutCall.override decorates" in faults_of(keyword)[0]


def test_a_sync_object_and_a_partial_in_async_places() -> None:
    """What a callable object returns is known when it is called; its annotation tells before."""

    class Sync:
        def __call__(self, call: GreetCall) -> Awaitable[str]:
            return call.original()

    app = compose(implementation(), [GreetCall.override(Sync())])
    assert asyncio.run(app.greet("ada", "hello", {})) == "hello, ADA"


def test_an_async_object_in_a_sync_place() -> None:
    """Its `__call__` is looked at."""

    class Late:
        async def __call__(self, call: ShoutCall) -> str:
            return call.original()

    assert faults_of(untyped(ShoutCall.override)(Late())) == [
        "Greeter.shout is not async: write its override as 'def'."
    ]


def test_names_are_checked_as_for_every_override() -> None:
    """Two of one name, an unknown one and a contradiction are faults."""

    @ShoutCall.override(name="audit")
    def one(call: ShoutCall) -> str:
        return call.original()

    @ShoutCall.before(name="audit")
    def two(call: ShoutCall) -> None: ...

    @ShoutCall.after(after=["audti"])
    def three(call: ShoutCall, result: str) -> None: ...

    @GreetCall.override(name="audit")
    async def of_another_function(call: GreetCall) -> str:
        return await call.original()

    assert faults_of(one, two, three, of_another_function) == [
        "'three' is ordered by 'audti', which no override is named; did you mean 'audit'?",
        "two overrides of shout are named 'audit': rename one.",
    ]


def test_a_contradiction_is_named() -> None:
    """A hook that wants to be outside and inside of another override cannot be placed."""

    @ShoutCall.before(name="x", before=["y"], after=["y"])
    def hook(call: ShoutCall) -> None: ...

    @ShoutCall.override(name="y")
    def other(call: ShoutCall) -> str:
        return call.original()

    (message,) = faults_of(hook, other)
    assert message.startswith("overrides contradict each other")


@pytest.mark.parametrize("decorator", [ShoutCall, Shout, Shout[AppContext]])
def test_the_class_is_no_decorator_itself(decorator: object) -> None:
    """`@SignUp` and `@SignUp[AppContext]` alone say what to write."""
    with pytest.raises(TypeError, match=r"write @\w+\[AppContext\].override"):
        untyped(decorator)(goes_on)


@pytest.mark.parametrize("arguments", [{}, {"name": "ada"}, {"name": "ada", "user_context": {}}])
def test_a_call_is_not_made_by_hand(arguments: dict[str, object]) -> None:
    """With or without its parameters: the error says who makes calls."""
    with pytest.raises(TypeError, match="ShoutCall is made by the library, call by call"):
        untyped(ShoutCall)(**arguments)


@pytest.mark.parametrize("style", ["override", "before", "after"])
@pytest.mark.parametrize("given", ["audit", 3, ["audit"]])
def test_what_is_decorated_is_a_function(style: str, given: object) -> None:
    """A name that was given without `name=` is told from a function."""
    with pytest.raises(TypeError, match=rf"@ShoutCall.{style} decorates a function .*, not {type(given).__name__}"):
        untyped(getattr(ShoutCall, style))(given)
    with pytest.raises(TypeError, match=rf"@ShoutCall.{style} decorates a function .*, not {type(given).__name__}"):
        untyped(getattr(ShoutCall, style)(name="x"))(given)


@pytest.mark.parametrize("style", ["override", "before", "after"])
def test_an_empty_pair_of_parentheses(style: str) -> None:
    """`@SignUp.override()` is `@SignUp.override`."""

    def function(call: ShoutCall, *result: str) -> str:
        return "" if result else call.name

    without, with_them = getattr(ShoutCall, style), getattr(ShoutCall, style)()
    assert untyped(without)(function) == untyped(with_them)(function) or repr(without(function)) == repr(
        with_them(function)
    )


def test_names_are_given_in_a_list() -> None:
    """One text would be taken for its letters."""
    for word in ("before", "after"):
        with pytest.raises(TypeError, match=r"write \['audit'\], not 'audit'"):
            untyped(ShoutCall.override)(**{word: "audit"})(goes_on)


def test_a_class_that_names_no_interface() -> None:
    """It is told what to derive from."""

    class Bare(SyncCall):  # type: ignore[type-arg]  # wrong on purpose  # pyright: ignore[reportMissingTypeArgument]
        name: str

    assert refused(Bare).startswith("Bare names no interface: write class Bare(")
    assert refused(Call).startswith("Call names no interface")
    assert refused(SyncCall).startswith("SyncCall names no interface")


def test_a_class_that_names_something_else_than_an_interface() -> None:
    """What has no functions has not this one either."""

    class Number(SyncCall[int, str]):
        """Names a class without functions."""

    assert refused(Number).startswith("Number stands for 'number', which int does not have; it has: nothing.")


def test_a_class_that_names_an_interface_that_cannot_be_found() -> None:
    """The name is told, where it was looked for too."""
    namespace: dict[str, object] = {"SyncCall": SyncCall, "__name__": __name__}
    exec("class Lost(SyncCall['Nowhere[int]', str]):\n    name: str", namespace)  # noqa: S102  no checker would take it
    assert refused(namespace["Lost"]) == (
        f"Lost names 'Nowhere[int]', which cannot be found in {__name__}: name 'Nowhere' is not defined"
    )


def test_a_class_for_an_unknown_function() -> None:
    """The nearest is named, and how to say which it is."""

    class Shuot(SyncCall[GreeterInterface, str, AppContext]):
        name: str

    message = refused(Shuot)
    assert "Shuot stands for 'shuot', which GreeterInterface does not have; did you mean 'shout'?" in message
    assert "function='...'" in message


def test_a_class_with_other_parameters() -> None:
    """What is missing and what is too many are told, not what fits."""

    class Few(SyncCall[GreeterInterface, str, AppContext], function="shout"):
        """Has none of them."""

    class Many(Call[GreeterInterface, str, AppContext], function="greet"):
        name: str
        greating: str

    assert refused(Few) == "Few has other attributes than GreeterInterface.shout has parameters: declare name."
    assert refused(Many) == (
        "Many has other attributes than GreeterInterface.greet has parameters: declare greeting; take away greating."
    )


def test_a_class_of_the_wrong_colour() -> None:
    """An async function has a `Call`, another a `SyncCall`."""

    class Loud(Call[GreeterInterface, str, AppContext], function="shout"):
        name: str

    class Kind(SyncCall[GreeterInterface, str, AppContext], function="greet"):
        name: str
        greeting: str

    assert refused(Loud) == "GreeterInterface.shout is not async: derive Loud from SyncCall."
    assert refused(Kind) == "GreeterInterface.greet is async: derive Kind from Call."


class OriginalInterface(Interface, Protocol):
    """Has a parameter that no call can have."""

    @overridable
    def send(self, original: str, after: int, user_context: UserContext) -> str: ...


def test_a_parameter_that_is_called_as_a_method_of_calls() -> None:
    """It is told apart from the others."""

    class Send(SyncCall[OriginalInterface, str]):
        """Cannot declare them."""

    assert refused(Send) == (
        "OriginalInterface.send has a parameter 'after', as every call has a method: rename the parameter."
    )


def test_a_class_with_a_dictionary() -> None:
    """A base that lets any attribute be assigned would have misspelt ones be lost."""

    class Mixin:
        def upper(self) -> str:
            return str(untyped(getattr)(self, "name")).upper()

    class Mixed(SyncCall[GreeterInterface, str, AppContext], Mixin, function="shout"):
        name: str

    assert "Mixin" in refused(Mixed)
    assert "__slots__ = ()" in refused(Mixed)


def test_a_class_with_methods_and_a_base_of_its_own() -> None:
    """Conveniences may stand in the class or in a base without a dictionary."""

    class Mixin:
        __slots__ = ()
        name: str

        def upper(self) -> str:
            return self.name.upper()

    class Mixed(SyncCall[GreeterInterface, str, AppContext], Mixin, function="shout"):
        name: str

        @property
        def length(self) -> int:
            return len(self.name)

    @Mixed.override
    def uses(call: Mixed) -> str:
        return f"{call.upper()} {call.length}"

    assert compose(implementation(), [uses]).shout("ada", {}) == "ADA 3"


def test_a_class_derived_from_one_that_a_library_declares() -> None:
    """A user may add conveniences of her own; it stands for the same function."""

    class Mine(ShoutCall):
        def twice(self) -> str:
            return self.original() + self.original()

    @Mine.override
    def uses(call: Mine) -> str:
        return call.twice()

    assert compose(implementation(), [uses]).shout("ada", {}) == "ADAADA"


def test_two_functions_with_several_faults_each() -> None:
    """A fault of the class ends the module that decorates; those of overrides are collected."""

    @untyped(ShoutCall.override)
    async def both(call: ShoutCall, name: str) -> str:
        return name

    assert len(faults_of(both, both)) == 2


def test_an_implementation_with_an_older_interface() -> None:
    """An override for a class of calls stays one where the implementation is of a derived interface."""

    class Derived(GreeterInterface, Protocol):
        @overridable
        def whisper(self, name: str, user_context: AppContext) -> str: ...

    class Whisperer(Derived):
        @overridable
        @overrides
        async def greet(self, name: str, greeting: str, user_context: AppContext) -> str:
            return greeting + name

        @overridable
        @overrides
        def shout(self, name: str, user_context: AppContext) -> str:
            return name.upper()

        @overridable
        @overrides
        def whisper(self, name: str, user_context: AppContext) -> str:
            return name.lower()

    class Whisper(SyncCall[Derived, str, AppContext]):
        name: str

    @Whisper.override
    def whispers(call: Whisper) -> str:
        return call.original() + "..."

    @ShoutCall.override
    def shouts(call: ShoutCall) -> str:
        return call.original() + "!"

    base: Derived = Whisperer()
    app = compose(base, untyped(list)([whispers, shouts]))  # of both interfaces: more than the types can say
    assert (app.whisper("ADA", {}), app.shout("ada", {})) == ("ada...", "ADA!")
