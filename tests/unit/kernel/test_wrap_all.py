import asyncio
import inspect
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

import pytest

from authweave.kernel import (
    AnyOverride,
    CompositionError,
    FaultReport,
    Journal,
    Override,
    Plugin,
    compose,
    explain,
    overriding,
    with_plugins,
    wrap_all,
)
from tests.unit.kernel.greeter import AppContext, GreetCall, GreeterInterface, ShoutCall, implementation, untyped

P = ParamSpec("P")
R = TypeVar("R")


class Traced:
    """A wrapper around every function, that keeps what it was told and what was called."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.called: list[str] = []

    def __call__(self, function: str, original: Callable[P, R], /) -> Callable[P, R]:
        """Note each call."""
        self.told.append(function)

        def traced(*args: P.args, **kwargs: P.kwargs) -> R:
            self.called.append(function)
            return original(*args, **kwargs)

        return traced


def greeted(app: GreeterInterface) -> str:
    """Greet somebody."""
    return asyncio.run(app.greet("ada", "hello", {}))


@pytest.mark.parametrize("journal", [None, Journal()], ids=["plain", "debug"])
def test_it_stands_around_every_function_and_is_told_its_name(journal: Journal | None) -> None:
    """Synchronous ones too; once for each, when composing."""
    traced = Traced()
    app = compose(implementation(), [wrap_all(traced)], journal=journal)
    assert traced.told == ["greet", "shout"]
    assert greeted(app) == "hello, ADA"
    assert traced.called == ["greet", "shout"]
    assert [[(layer.name, layer.style) for layer in each.layers] for each in explain(app)] == [
        [("Traced", "wrapper")],
        [("Traced", "wrapper")],
    ]
    assert {layer.file for each in explain(app) for layer in each.layers} == {__file__}


def test_it_stands_where_it_is_listed() -> None:
    """Among other overrides of each function, and `before` and `after` move it there."""
    order: list[str] = []

    def noted(function: str, original: Callable[P, R], /) -> Callable[P, R]:
        def noting(*args: P.args, **kwargs: P.kwargs) -> R:
            order.append(f"all {function}")
            return original(*args, **kwargs)

        return noting

    @ShoutCall.override(name="audit")
    def audit(call: ShoutCall) -> str:
        order.append("audit")
        return call.original()

    @GreetCall.before(name="hook", after=["all"])
    async def hook(call: GreetCall) -> None:
        order.append("hook")

    def orders(*given: AnyOverride[GreeterInterface]) -> list[str]:
        order.clear()
        greeted(compose(implementation(), given))
        return list(order)

    inside, outside = wrap_all(noted, name="all", after=["audit"]), wrap_all(noted, name="all", before=["audit"])
    assert orders(wrap_all(noted, name="all"), audit, hook) == ["all greet", "hook", "all shout", "audit"]
    assert orders(inside, audit, hook) == ["all greet", "hook", "audit", "all shout"]
    assert orders(hook, audit, outside) == ["all greet", "hook", "all shout", "audit"]


def test_an_async_wrapper_around_a_sync_function_is_a_fault() -> None:
    """The file and line are those of what it made; functions that it fits are no fault."""

    def late(function: str, original: Callable[P, Coroutine[Any, Any, R]], /) -> Callable[P, Coroutine[Any, Any, R]]:
        async def awaited(*args: P.args, **kwargs: P.kwargs) -> R:
            return await original(*args, **kwargs)

        return awaited

    with pytest.raises(CompositionError) as caught:
        compose(implementation(), [wrap_all(late)])
    (fault,) = caught.value.faults
    assert fault.message == "Greeter.shout is not async: write its override as 'def'."
    assert fault.file == __file__


def test_a_wrapper_may_choose_by_name_and_by_what_it_is_given() -> None:
    """It may hand back what it was given; an async original is known by what calling it gives."""

    def awaits(function: str, original: Callable[..., object], /) -> Callable[..., object]:
        if function == "shout":
            return original

        async def late(*args: object, **kwargs: object) -> object:
            result = original(*args, **kwargs)
            assert inspect.isawaitable(result)
            return f"{await result}!"

        return late

    assert greeted(compose(implementation(), [untyped(wrap_all)(awaits)])) == "hello, ADA!"


def gives_nothing(function: str, original: object) -> None:
    """Return nothing."""


def takes_no_name(original: object) -> object:
    """Take no name of a function."""
    return original


def fails(function: str, original: object) -> object:
    """Raise an error."""
    raise KeyError(function)


def renames(function: str, original: Callable[..., object]) -> object:
    """Take other parameters than any function has."""

    def renamed(nmae: str) -> object:
        return original(nmae)

    return renamed


@pytest.mark.parametrize(
    ("wrapper", "message"),
    [
        (gives_nothing, "'gives_nothing' returned NoneType instead of a function."),
        (takes_no_name, "'takes_no_name' raised TypeError"),
        (fails, "'fails' raised KeyError: 'greet'"),
        (renames, "has no parameter 'nmae'"),
    ],
)
def test_faults_of_the_wrapper(wrapper: Callable[..., object], message: str) -> None:
    """They are told with its file and line."""
    with pytest.raises(CompositionError) as caught:
        compose(implementation(), [untyped(wrap_all)(wrapper)])
    assert any(message in fault.message for fault in caught.value.faults)
    assert {fault.file for fault in caught.value.faults} == {__file__}


def test_what_is_no_function_is_refused() -> None:
    """A name alone, say."""
    with pytest.raises(TypeError, match=r"wrap_all takes a wrapper, .* not 'traced'"):
        untyped(wrap_all)("traced")


def test_names_are_told_apart() -> None:
    """Two of one name around every function are one fault, and so is one that a single function has too."""

    @ShoutCall.override(name="audit")
    def audit(call: ShoutCall) -> str:
        return call.original()

    def faults_of(*given: Override[GreeterInterface]) -> list[str]:
        with pytest.raises(CompositionError) as caught:
            compose(implementation(), given)
        return [fault.message for fault in caught.value.faults]

    all_ = wrap_all(Traced(), name="audit")
    assert faults_of(all_, wrap_all(Traced(), name="audit")) == [
        "two overrides of every function are named 'audit': rename one."
    ]
    assert faults_of(all_, audit) == ["two overrides of shout are named 'audit': rename one."]
    assert faults_of(audit, all_) == ["two overrides of shout are named 'audit': rename one."]


def test_an_unknown_name_is_a_fault() -> None:
    """The nearest is offered, as for every override."""

    @ShoutCall.override(name="audit")
    def audit(call: ShoutCall) -> str:
        return call.original()

    with pytest.raises(CompositionError, match=r"'Traced' is ordered by 'audti'.* did you mean 'audit'"):
        compose(implementation(), [audit, wrap_all(Traced(), before=["audti"])])


def test_for_a_block() -> None:
    """It holds for a block, around every function."""
    traced = Traced()
    app = compose(implementation())
    with overriding(app, [wrap_all(traced)]):
        assert greeted(app) == "hello, ADA"
    greeted(app)
    assert traced.told == ["greet", "shout"]
    assert traced.called == ["greet", "shout"]


def test_in_a_plugin() -> None:
    """It is named by its plugin's id, and plugins are ordered by each other although it is of no interface."""

    @ShoutCall.override(name="log")
    def log(call: ShoutCall) -> str:
        return call.original()

    @ShoutCall.override
    def own(call: ShoutCall) -> str:
        return call.original()

    def names(*plugins: Plugin[AppContext]) -> list[str]:
        report = FaultReport()
        listed = with_plugins(untyped(list)([own]), untyped(list)(plugins), report)
        app = compose(implementation(), untyped(list)(listed), report=report)
        report.raise_if_any()
        return [layer.name for layer in explain(app)[1].layers]

    audit = Plugin[AppContext]("audit", [log])
    outside = Plugin[AppContext]("trace", [wrap_all(Traced(), name="all")], before=["audit"])
    inside = Plugin[AppContext]("trace", [wrap_all(Traced(), name="all")], after=["audit"])
    assert names(audit, outside) == ["own", "trace/all", "audit/log"]
    assert names(inside, audit) == ["own", "audit/log", "trace/all"]
    moved = Plugin[AppContext]("moved", [log], before=["trace"])
    assert names(inside, audit, moved) == ["own", "audit/log", "moved/log", "trace/all"]


def test_composing_in_two_steps() -> None:
    """Each function has the wrapper once (law O3)."""
    traced = Traced()
    app = compose(compose(implementation(), [wrap_all(traced)]), [wrap_all(Traced())])
    greeted(app)
    assert traced.called == ["greet", "shout"]
    assert [len(each.layers) for each in explain(app)] == [2, 2]


def test_an_exception_is_noted_with_the_wrapper() -> None:
    """With the line of what the wrapper made (law O8)."""

    def breaks(function: str, original: Callable[P, R], /) -> Callable[P, R]:
        def broken(*args: P.args, **kwargs: P.kwargs) -> R:
            raise KeyError(function)

        return broken

    app = compose(implementation(), [wrap_all(breaks)])
    with pytest.raises(KeyError) as caught:
        app.shout("ada", {})
    assert caught.value.__notes__ == [f"in the override 'breaks' of shout, {__file__}:{explain(app)[1].layers[0].line}"]
