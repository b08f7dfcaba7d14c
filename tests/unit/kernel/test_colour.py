"""A plain function in an async function's place: refused only where its annotation says something else."""

from __future__ import annotations

import asyncio
import functools
import inspect
import types
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import (
    Annotated,
    Any,
    Literal,
    NewType,
    NoReturn,
    Protocol,
    TypeAlias,
    TypedDict,
    Union,
)

import pytest
from typing_extensions import TypeAliasType, TypeVar
from typing_extensions import override as overrides

from authweave.kernel import AnyOverride, Call, CompositionError, Journal, compose, explain, overridable, override, wrap
from tests.unit.kernel.greeter import AppContext, Greet, Greeter, GreeterInterface, implementation, untyped

T = TypeVar("T")


class Result:
    """What a careless override returns."""


class Later:
    """An awaitable of somebody's own."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __await__(self) -> Generator[None, None, str]:
        yield
        return self.text


class Keys(TypedDict):
    key: str


class Closes(Protocol):
    def close(self) -> None: ...


Async = TypeAliasType("Async", Coroutine[Any, Any, T], type_params=(T,))
Plain = TypeAliasType("Plain", Result | None)
endless: object = untyped(TypeAliasType)("Endless", "Endless")
Old: TypeAlias = Coroutine[Any, Any, str]
Named = NewType("Named", str)

AWAITABLE: list[object] = [
    Old,
    "Old",
    Async[str],
    "Async[str]",
    endless,
    Awaitable[str],
    asyncio.Future,
    "asyncio.Task[str]",
    Union[Old, None],  # noqa: UP007  of another class than that of `|`
    Annotated[Old, "note"],
    Later,
    Any,
    T,
    object,
    NoReturn,
    Closes,
    "Unresolvable",
    "Nowhere.at_all",
    "1 / 0",
    3,
]
KNOWN: list[object] = [
    str,
    "str",
    Result,
    "Result",
    None,
    "None",
    Plain,
    "Plain",
    Union[Result, None],  # noqa: UP007  of another class than that of `|`
    "Result | None",
    Annotated[Result, "note"],
    Literal["a"],
    list[str],
    Callable[[], Awaitable[str]],
    Keys,
    Named,
]


def annotated(annotation: object) -> Callable[..., object]:
    """Make an override that returns what original does, under an annotation."""

    def made(original: Greet, name: str, greeting: str, user_context: AppContext) -> object:
        return original(name, greeting, user_context)

    made.__annotations__["return"] = annotation
    return made


def greeted(*given: object) -> str:
    """Greet through overrides."""
    overrides_: list[AnyOverride[GreeterInterface]] = untyped(list)(given)
    return asyncio.run(compose(implementation(), overrides_).greet("ada", "hello", {}))


@pytest.mark.parametrize("annotation", AWAITABLE, ids=str)
def test_what_may_be_awaited_is_accepted(annotation: object) -> None:
    """An alias, a union with an awaitable in it, and what cannot be told."""
    assert greeted(untyped(override(GreeterInterface.greet))(annotated(annotation))) == "hello, ADA"


@pytest.mark.parametrize("annotation", KNOWN, ids=str)
def test_what_is_known_to_be_something_else_is_a_fault(annotation: object) -> None:
    """The common mistake is a ``def`` where an ``async def`` was meant."""
    with pytest.raises(CompositionError, match="write its override as 'async def'"):
        greeted(untyped(override(GreeterInterface.greet))(annotated(annotation)))


def test_a_class_of_the_function_around_it() -> None:
    """An annotation as text may name what only the function around the override has."""

    class Local(Result):
        pass

    def careless(original: Greet, name: str, greeting: str, user_context: AppContext) -> Local:
        return Local()

    with pytest.raises(CompositionError, match="write its override as 'async def'"):
        greeted(untyped(override(GreeterInterface.greet))(careless))


def test_callables_that_hide_what_they_return() -> None:
    """A lambda, an unannotated function, one with ``*args`` and one that wraps another are taken at their word."""

    def unannotated(original, name, greeting, user_context):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202  # pyright: ignore  the subject
        return original(name, greeting, user_context)  # pyright: ignore  as above

    def passing(original: Callable[..., str], *args: object, **kwargs: object) -> str:
        return original(*args, **kwargs)

    async def asked(original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
        return await original(name, greeting, user_context)

    @functools.wraps(asked)
    def wrapping(original: object, name: object, greeting: object, user_context: object) -> object:
        return untyped(asked)(original, name, greeting, user_context)

    class Calls:
        def __call__(self, original: Greet, name: str, greeting: str, user_context: AppContext) -> Old:
            return original(name, greeting, user_context)

    @types.coroutine
    def old(original: Greet, name: str, greeting: str, user_context: AppContext) -> Generator[Any, Any, str]:
        return (yield from original(name, greeting, user_context).__await__())

    greet = untyped(override(GreeterInterface.greet))
    calls: list[object] = [unannotated, passing, wrapping, Calls(), Calls().__call__, functools.partial(passing), old]
    calls.append(eval("lambda original, name, greeting, user_context: original(name, greeting, user_context)"))  # noqa: S307  no types
    assert greeted(*(greet(call) for call in calls)) == "hello, ADA"


def later(original: Callable[..., Coroutine[Any, Any, str]]) -> Callable[..., Any]:
    """Wrap a function by one that gives an awaitable which is no coroutine."""

    def called(*args: object) -> Later:
        original(*args).close()
        return Later("later")

    return called


@pytest.mark.parametrize("depth", [1, 2])
def test_what_is_handed_out_is_a_coroutine(depth: int) -> None:
    """A task can be made of what a composed function, or an original, gives, whatever the layer below gives."""

    @override(GreeterInterface.greet)
    async def outer(original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
        return await asyncio.create_task(original(name, greeting, user_context))

    async def main(app: GreeterInterface) -> str:
        return await asyncio.create_task(app.greet("ada", "hello", {}))

    layers = [untyped(wrap)(GreeterInterface.greet, later) for _ in range(depth)]
    assert asyncio.run(main(compose(implementation(), [outer, *layers]))) == "later"
    assert asyncio.run(main(compose(implementation(), layers))) == "later"


class Greeting(Call[GreeterInterface, str, AppContext], function="greet"):
    """A call of `greet`."""

    name: str
    greeting: str


def test_what_a_call_goes_on_to_is_a_coroutine() -> None:
    """A task can be made of what `original` gives, whatever the layer below does with its own call."""

    @Greeting.override
    async def outer(call: Greeting) -> str:
        return await asyncio.create_task(call.original())

    @Greeting.override
    def plain(call: Greeting) -> Awaitable[str]:
        return Later(call.name)

    assert greeted(outer, plain) == greeted(outer, outer, plain) == "ada"


def test_what_cannot_be_awaited_is_told_when_it_is_called() -> None:
    """Where composing could not know: the error names function and type, and says what to write."""
    wrong = untyped(override(GreeterInterface.greet))(lambda *_: 3)  # pyright: ignore[reportUnknownLambdaType]  untyped

    @override(GreeterInterface.greet)
    async def outer(original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
        return await original(name, greeting, user_context)

    @untyped(override(GreeterInterface.greet))
    async def in_another(
        original: Callable[..., Awaitable[str]], name: str, greeting: str, user_context: AppContext
    ) -> str:
        return await original(name, greeting, AppContext())

    older = untyped(override(GreeterInterface.greet))(eval("lambda original, name, user_context: 3"))  # noqa: S307  no types

    @Greeting.after
    async def looks(call: Greeting, result: str) -> None:
        pass

    for listed in ([wrong], [looks, wrong], [outer, wrong], [in_another, wrong], [outer, older], [outer, wrong, outer]):
        for journal in (None, Journal()):
            with pytest.raises(
                TypeError,
                match=r"a plain function in the place of Greeter\.greet returned int, which cannot be awaited",
            ) as caught:
                asyncio.run(compose(implementation(), listed, journal=journal).greet("ada", "hello", {}))
            assert ["in the override '<lambda>' of greet" in note for note in caught.value.__notes__] == [True]


def test_a_plain_hook_is_told_when_it_is_called() -> None:
    """A hook that forgets its ``async`` is named, with what to write."""

    @untyped(Greeting.after)
    def after(call: object, result: object):  # type: ignore[no-untyped-def]  # noqa: ANN202  the subject
        pass

    @untyped(Greeting.before)
    def before(call: object):  # type: ignore[no-untyped-def]  # noqa: ANN202  the subject
        pass

    for hook in (after, before):
        with pytest.raises(
            TypeError, match="returned NoneType, which cannot be awaited: write it as 'async def'"
        ) as caught:
            greeted(hook)
        assert f"in the override {hook.name!r} of greet" in caught.value.__notes__[0]


def test_who_fails_inside_of_what_a_plain_function_returned() -> None:
    """An override further in is blamed for what it raises, whatever awaitable stands between."""

    @override(GreeterInterface.greet)
    async def failing(original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
        raise LookupError

    class Awaits:
        def __init__(self, inner: Coroutine[Any, Any, str]) -> None:
            self.inner = inner

        def __await__(self) -> Generator[Any, Any, str]:
            return self.inner.__await__()

    def between(original: Callable[..., Coroutine[Any, Any, str]]) -> Callable[..., Any]:
        return lambda *args: Awaits(original(*args))

    with pytest.raises(LookupError) as caught:
        greeted(untyped(wrap)(GreeterInterface.greet, between), failing)
    assert "in the override 'failing' of greet" in caught.value.__notes__[0]


def test_a_generator_is_a_fault() -> None:
    """What has a ``yield`` in it gives a generator, which nobody awaits, whatever it is annotated with."""

    async def asynchronous(original, name, greeting, user_context):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202  # pyright: ignore  the subject
        yield ""

    def plain(original, *args):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN002, ANN202  # pyright: ignore  the subject
        yield ""

    generators: list[object] = [asynchronous, functools.partial(plain)]
    for wrong in generators:
        with pytest.raises(CompositionError, match="write its override as 'async def'"):
            greeted(untyped(override(GreeterInterface.greet))(wrong))


class LaterGreeter(Greeter):
    """An implementation whose function is a plain one."""

    @untyped(overridable)
    @overrides
    def greet(self, name: str, greeting: str, user_context: AppContext) -> Coroutine[Any, Any, str]:
        return super().greet(name, greeting, user_context)


def test_an_implementation_may_be_plain() -> None:
    """What the interface says decides: the function is async, and so are its overrides."""

    @override(GreeterInterface.greet)
    async def outer(original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
        return await original(name, greeting, user_context)

    class Careless(Greeter):
        @untyped(overridable)
        @overrides
        def greet(self, name: str, greeting: str, user_context: AppContext) -> str:
            return "hello"

    base: GreeterInterface = LaterGreeter()
    for app in (compose(base), compose(base, [outer])):
        assert inspect.iscoroutinefunction(app.greet)
        assert asyncio.run(app.greet("ada", "hello", {})) == "hello, ADA"
    with pytest.raises(CompositionError, match=r"Careless\.greet is not async, and GreeterInterface\.greet is"):
        compose(Careless())


def test_a_plain_implementation_is_compiled_once() -> None:
    """What stands in front of it is made of the same code each time it is composed: a provider is, for each use."""
    base: GreeterInterface = LaterGreeter()
    once, again = compose(base).greet, compose(base).greet
    assert getattr(once, "__code__", 1) is getattr(again, "__code__", 2)


def test_a_layer_that_is_told_of_in_generated_code() -> None:
    """Nothing that people see of a chain stands in generated code."""
    app = compose(implementation(), [untyped(wrap)(GreeterInterface.greet, later)])
    assert [layer.file for layer in explain(app)[0].layers] == [__file__]
