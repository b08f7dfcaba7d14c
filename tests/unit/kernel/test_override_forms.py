import asyncio
import copy
import functools
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

import pytest

from authweave.kernel import AnyOverride, UserContext, compose, explain, override, wrap
from tests.unit.kernel.greeter import AppContext, Greet, GreeterInterface, Shout, implementation, untyped

P = ParamSpec("P")
R = TypeVar("R")


def shouted(*overrides: AnyOverride[GreeterInterface]) -> str:
    """Shout a name through overrides."""
    return compose(implementation(), overrides).shout("ada", {})


def greeted(*overrides: AnyOverride[GreeterInterface]) -> str:
    """Greet through overrides."""
    return asyncio.run(compose(implementation(), overrides).greet("ada", "hello", {}))


def test_original_may_be_called_twice() -> None:
    """Every call of original is a call of its own."""

    @override(GreeterInterface.greet)
    async def twice(original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
        both = await original(name, "one", user_context), await original(name, "two", user_context)
        return " and ".join(both)

    assert greeted(twice, twice) == "one, ADA and two, ADA and one, ADA and two, ADA"


def test_original_need_not_be_called() -> None:
    """An override that does not call original replaces everything below it."""

    @override(GreeterInterface.shout)
    def replaces(original: Shout, name: str, user_context: AppContext) -> str:
        return "replaced"

    @override(GreeterInterface.shout)
    def never(original: Shout, name: str, user_context: AppContext) -> str:
        raise AssertionError

    assert shouted(replaces, never) == "replaced"


def test_original_after_its_call_is_a_call_like_any_other() -> None:
    """An override with the interface's own parameters may keep original; later it runs in the context of then."""
    kept: list[Shout] = []

    @override(GreeterInterface.shout)
    def keeps(original: Shout, name: str, user_context: AppContext) -> str:
        kept.append(original)
        return original(name, user_context)

    assert shouted(keeps) == "ADA"
    assert kept[0]("grace", {}) == "GRACE"


def test_a_callable_object_is_an_override() -> None:
    """An object with `__call__` works as an override and as a wrapper, and is told by the place of that method."""

    class Counting:
        def __init__(self) -> None:
            self.count = 0

        async def __call__(self, original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
            self.count += 1
            return await original(name, greeting, user_context)

    counting = Counting()
    app = compose(implementation(), [override(GreeterInterface.greet)(counting)])
    assert asyncio.run(app.greet("ada", "hello", {})) == "hello, ADA"
    assert counting.count == 1
    (layer,) = explain(app)[0].layers
    assert layer.name == "Counting"
    assert layer.file == __file__


def test_a_bound_method_is_an_override() -> None:
    """A plugin may keep its overrides as methods, in either style."""

    class Plugin:
        def shout(self, original: Shout, name: str, user_context: AppContext) -> str:
            return original(name, user_context) + "!"

        def functions(self, original_implementation: GreeterInterface) -> GreeterInterface:
            below = original_implementation.shout

            def shout(name: str, user_context: AppContext) -> str:
                return self.shout(below, name, user_context)

            original_implementation.shout = shout
            return original_implementation

    plugin = Plugin()
    assert shouted(override(GreeterInterface.shout)(plugin.shout), plugin.functions) == "ADA!!"


def test_a_partial_is_an_override() -> None:
    """`functools.partial` may bind what comes before original."""

    def suffixed(suffix: str, original: Shout, name: str, user_context: AppContext) -> str:
        return original(name, user_context) + suffix

    first = override(GreeterInterface.shout, name="first")(functools.partial(suffixed, "?"))
    assert shouted(first, override(GreeterInterface.shout)(functools.partial(suffixed, "!"))) == "ADA!?"


def test_a_pass_through_function_is_an_override() -> None:
    """One with `*args` and `**kwargs` gets what it is called with."""

    @override(GreeterInterface.greet)
    async def passes(original: Greet, *args: Any, **kwargs: Any) -> str:  # noqa: ANN401  passed through
        return await original(*args, **kwargs) + "."

    assert greeted(passes) == "hello, ADA."
    app = compose(implementation(), [passes])
    assert asyncio.run(untyped(app.greet)(greeting="hello", name="ada")) == "hello, ADA."


@pytest.mark.parametrize(
    "source",
    [
        "(original, name, *rest): return original(name, *rest)",
        "(original, name, *rest, **names): return original(name, *rest, **names)",
        "(original, **names): return original(**names)",
        "(original, *rest, user_context): return original(*rest, user_context=user_context)",
        "(original, name, *rest, user_context): return original(name, *rest, user_context=user_context)",
        "(*everything): return everything[0](*everything[1:])",
        "(original, /, name, user_context): return original(name, user_context)",
        "(original, *, name, user_context): return original(name=name, user_context=user_context)",
        "(original, user_context, name): return original(user_context, name)",
        "(original, name): return original(name)",
        "(original): return original()",
    ],
)
def test_every_way_to_spell_the_parameters(source: str) -> None:
    """Whatever parameters an override takes, and in which order, original gets them back as they came."""
    namespace: dict[str, Any] = {}  # Any: functions of any signature
    exec(f"def made{source}", namespace)  # noqa: S102  source from the table above
    made = untyped(override(GreeterInterface.shout))(namespace["made"])
    assert compose(implementation(), [made]).shout("ada", {}) == "ADA"


def test_one_wrapper_fits_every_function() -> None:
    """A wrapper that is generic in its parameters, made with `functools.wraps` or without, fits sync and async."""

    def traced(original: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(original)
        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            seen.append(original.__name__)
            return original(*args, **kwargs)

        return called

    def bare(original: Callable[P, R]) -> Callable[P, R]:
        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            return original(*args, **kwargs)

        return called

    seen: list[str] = []
    wrappers = [
        wrap(GreeterInterface.greet, traced, name="outer"),
        wrap(GreeterInterface.greet, bare),
        wrap(GreeterInterface.shout, traced),
    ]
    assert greeted(*wrappers) == "hello, ADA"
    assert seen == ["greet", "shout"]


def test_a_wrapper_may_give_the_original_back() -> None:
    """A wrapper that decides not to wrap changes nothing."""

    def none(original: Callable[P, R]) -> Callable[P, R]:
        return original

    assert shouted(wrap(GreeterInterface.shout, none)) == "ADA"


def test_a_wrapper_with_an_older_signature() -> None:
    """What a wrapper returns may take fewer parameters, in another order."""

    def older(
        original: Callable[..., Coroutine[Any, Any, str]],
    ) -> Callable[..., Coroutine[Any, Any, str]]:  # Any: never sent to
        async def greet(user_context: UserContext, greeting: str) -> str:
            return await original(user_context, greeting + "!")

        return greet

    assert greeted(untyped(wrap)(GreeterInterface.greet, older)) == "hello!, ADA"


def test_a_function_that_returns_an_awaitable_may_be_plain() -> None:
    """A `def` whose annotation says that it returns an awaitable overrides an async function."""

    @override(GreeterInterface.greet)
    def plain(
        original: Greet, name: str, greeting: str, user_context: AppContext
    ) -> Coroutine[Any, Any, str]:  # Any: never sent to
        return original(name.lower(), greeting, user_context)

    assert greeted(plain) == "hello, ADA"


def test_the_handed_object_has_its_config() -> None:
    """A seed-style function gets an instance of the implementation, attributes and all."""
    found: list[object] = []

    def looks(original_implementation: GreeterInterface) -> GreeterInterface:
        found.append((type(original_implementation).__name__, getattr(original_implementation, "config", None)))
        return original_implementation

    shouted(looks)
    assert found == [("Greeter", "config")]


def test_names_and_places_in_a_representation() -> None:
    """The representation of an override names it and its function, and shows no code."""

    @override(GreeterInterface.shout, before=["last"])
    def first(original: Shout, name: str, user_context: AppContext) -> str:
        return original(name, user_context)

    assert "function='shout', name='first'" in repr(first)
    assert "before=('last',)" in repr(first)


def test_an_override_cannot_be_changed_and_is_copied_as_itself() -> None:
    """It may stand in many compositions: what is to differ is another override."""

    @override(GreeterInterface.shout, name="loud")
    def louder(original: Shout, name: str, user_context: AppContext) -> str:
        return original(name, user_context) + "!"

    with pytest.raises(AttributeError, match="the override 'loud' cannot be changed"):
        untyped(setattr)(louder, "name", "x")
    with pytest.raises(AttributeError, match="the override 'loud' cannot be changed"):
        untyped(delattr)(louder, "before")
    assert copy.copy(louder) is louder
    assert copy.deepcopy(louder) is louder
    other = louder.replaced(name="other", before=("loud",))
    assert (other.name, other.before, other.call, other.called) == ("other", ("loud",), louder.call, louder.called)
    assert (louder.name, louder.before, shouted(louder, other)) == ("loud", (), "ADA!!")
    told = "function='shout', name='loud', style='override', before=(), after=())"
    assert repr(louder) == f"Override(interface={GreeterInterface!r}, {told}"
