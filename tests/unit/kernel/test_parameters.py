from collections.abc import AsyncIterator, Iterator
from typing import Protocol

import pytest
from typing_extensions import override as overrides

from authweave.kernel import Interface, UserContext, compose, overridable, override
from tests.unit.kernel.greeter import untyped


class Kinds(Interface, Protocol):
    @overridable
    def mixed(self, a: str, /, b: str = "B", *, c: str = "C", user_context: UserContext) -> str: ...
    @overridable
    def positional(self, a: str, b: str, user_context: UserContext, /) -> str: ...
    @overridable
    def nothing(self, user_context: UserContext) -> str: ...


class KindsImplementation(Kinds):
    @overridable
    @overrides
    def mixed(self, a: str, /, b: str = "B", *, c: str = "C", user_context: UserContext) -> str:
        return a + b + c

    @overridable
    @overrides
    def positional(self, a: str, b: str, user_context: UserContext, /) -> str:
        return a + b

    @overridable
    @overrides
    def nothing(self, user_context: UserContext) -> str:
        return "nothing"


def implementation() -> Kinds:
    """Make an implementation, seen as its interface."""
    return KindsImplementation()


def test_every_kind_of_parameter_goes_through() -> None:
    """Positional-only, keyword-only and default values work with and without overrides."""

    class Mixed(Protocol):
        def __call__(self, a: str, /, b: str = "B", *, c: str = "C", user_context: UserContext) -> str: ...

    @override(Kinds.mixed)
    def mixed(original: Mixed, a: str, /, b: str = "B", *, c: str = "C", user_context: UserContext) -> str:
        return f"<{original(a, b, c=c, user_context=user_context)}>"

    for overridden in (False, True):
        app = compose(implementation(), [mixed] if overridden else [])
        around = "<{}>" if overridden else "{}"
        assert app.mixed("a", user_context={}) == around.format("aBC")
        assert app.mixed("a", "b", user_context={}) == around.format("abC")
        assert app.mixed("a", c="c", b="b", user_context={}) == around.format("abc")
        assert untyped(app.mixed)("a") == around.format("aBC")
        assert app.positional("a", "b", {}) == "ab"
        assert untyped(app.nothing)() == "nothing"


@pytest.mark.parametrize("overridden", [False, True])
def test_a_wrong_call_fails_under_the_functions_own_name(overridden: bool) -> None:
    """A missing or unknown argument is a TypeError that names the function, wherever the call stops."""

    @override(Kinds.positional)
    def passes(original: object, *args: object) -> str:
        return str(untyped(original)(*args))

    app = compose(implementation(), [passes] if overridden else [])
    with pytest.raises(TypeError, match=r"positional\(\)"):
        untyped(app.positional)("a")
    with pytest.raises(TypeError, match=r"positional\(\)"):
        untyped(app.positional)(a="a", b="b")
    with pytest.raises(TypeError, match=r"mixed\(\).*typo"):
        untyped(app.mixed)("a", typo="b")


def test_the_interfaces_own_default_goes_past_an_older_override() -> None:
    """An override that knows nothing of a parameter leaves its default value alone."""

    def older(original: object, a: str, user_context: UserContext) -> str:
        return str(untyped(original)(a + "!", user_context))

    app = compose(implementation(), [untyped(override(Kinds.mixed))(older)])
    assert app.mixed("a", user_context={}) == "a!BC"
    assert app.mixed("a", "b", c="c", user_context={}) == "a!bc"


class Optional(Interface, Protocol):
    @overridable
    def joined(self, a: str = "A", b: str = "B", user_context: UserContext | None = None) -> str: ...


class OptionalImplementation(Optional):
    @overridable
    @overrides
    def joined(self, a: str = "A", b: str = "B", user_context: UserContext | None = None) -> str:
        return a + b


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("(original, b, user_context): return original(user_context=user_context)", "aB"),
        ("(original, b, user_context): return original(b)", "ab"),
        ("(original, b, a): return original(b)", "Ab"),
        ("(original, *, b): return original()", "aB"),
        ("(original, *, b, a): return original(a=a)", "aB"),
    ],
)
def test_an_older_override_may_leave_out_what_has_a_default(source: str, expected: str) -> None:
    """Its original has the interface's defaults for the parameters that it takes; the others are carried past it."""
    namespace: dict[str, object] = {}
    exec(f"def made{source}", namespace)  # noqa: S102  source from the table above
    base: Optional = OptionalImplementation()
    made = untyped(override(Optional.joined))(namespace["made"])
    assert compose(base, [made]).joined("a", "b") == expected


def declare_rest() -> object:
    """Declare a method with ``*args``."""

    class Rest:
        @overridable
        def function(self, *args: str, user_context: UserContext) -> None: ...

    return Rest


def declare_names() -> object:
    """Declare a method with ``**kwargs``."""

    class Names:
        @untyped(overridable)
        def function(self, user_context: UserContext, **names: str) -> None: ...

    return Names


def declare_without_context() -> object:
    """Declare a method that takes no context."""

    class Without:
        @overridable
        def function(self, name: str) -> None: ...

    return Without


def declare_context_first() -> object:
    """Declare a method that takes its context first."""

    class First:
        @overridable
        def function(self, user_context: UserContext, name: str) -> None: ...

    return First


def declare_underscore() -> object:
    """Declare a method with a name that begins with an underscore."""

    class Underscore:
        @overridable
        def function(self, _call: str, user_context: UserContext) -> None: ...

    return Underscore


def declare_generator() -> object:
    """Declare a generator, whose body runs when nobody keeps the context for it any more."""

    class Generating:
        @overridable
        def function(self, user_context: UserContext) -> Iterator[int]:
            del user_context
            yield 1

    return Generating


def declare_async_generator() -> object:
    """Declare an asynchronous generator."""

    class Generating:
        @overridable
        async def function(self, user_context: UserContext) -> AsyncIterator[int]:
            del user_context
            yield 1

    return Generating


@pytest.mark.parametrize(
    ("declare", "message"),
    [
        (declare_generator, "a generator runs after the call has ended"),
        (declare_async_generator, "a generator runs after the call has ended"),
        (declare_rest, "spell its parameters out instead of"),
        (declare_names, "spell its parameters out instead of"),
        (declare_without_context, "give it a last parameter named user_context"),
        (declare_context_first, "give it a last parameter named user_context"),
        (declare_underscore, "rename its parameter '_call'; a leading underscore is ours"),
    ],
)
def test_what_cannot_be_overridable_is_refused_where_it_is_declared(declare: object, message: str) -> None:
    """The message names the method and says how to write it."""
    with pytest.raises(TypeError, match=rf"function cannot be overridable: {message}"):
        untyped(declare)()
