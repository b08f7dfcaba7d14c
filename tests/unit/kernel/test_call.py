import asyncio
import copy
import functools
import pickle
import threading
from collections.abc import Awaitable, Callable
from typing import Protocol

import pytest
from typing_extensions import override as overrides

from authweave.kernel import (
    AnyOverride,
    Call,
    Interface,
    Journal,
    Override,
    SyncCall,
    UserContext,
    compose,
    current_context,
    explain,
    overridable,
    override,
    overriding,
    use_context,
    wrap,
)
from tests.unit.kernel.greeter import (
    AppContext,
    Greet,
    GreetCall,
    GreeterInterface,
    Shout,
    ShoutCall,
    implementation,
    untyped,
)


def shouted(*given: AnyOverride[GreeterInterface]) -> str:
    """Shout a name through overrides."""
    return compose(implementation(), given).shout("ada", {})


def greeted(*given: AnyOverride[GreeterInterface]) -> str:
    """Greet through overrides."""
    return asyncio.run(compose(implementation(), given).greet("ada", "hello", {}))


def marked(mark: str) -> Override[GreeterInterface]:
    """Make an override that adds a mark to the name, and one to the result."""

    @ShoutCall.override(name=mark)
    def marks(call: ShoutCall) -> str:
        call.name += mark
        return f"{call.original()}{mark.upper()}"

    return marks


def test_attributes_are_the_parameters_and_are_handed_on_as_they_are_then() -> None:
    """They are read and replaced like any attribute; what `original` hands on is what they are when it is called."""
    seen: list[tuple[str, str, object]] = []
    context = AppContext(mark="m")

    @GreetCall.override
    async def changes(call: GreetCall) -> str:
        seen.append((call.name, call.greeting, call.user_context))
        call.name = "grace"
        first = await call.original()
        call.greeting = "good day"
        return f"{first}; {await call.original()}"

    app = compose(implementation(), [changes])
    assert asyncio.run(app.greet("ada", greeting="hello", user_context=context)) == "hello, GRACE; good day, GRACE"
    assert seen == [("ada", "hello", context)]
    assert seen[0][2] is context


def test_an_override_further_in_has_a_call_of_its_own() -> None:
    """What it is handed are the attributes as they were handed on, and nothing that it replaces comes back out."""
    seen: list[tuple[str, object]] = []

    @ShoutCall.override
    def outer(call: ShoutCall) -> str:
        seen.append((call.name, call))
        call.name = "outer"
        result = call.original()
        seen.append((call.name, call))
        return result

    @ShoutCall.override
    def inner(call: ShoutCall) -> str:
        seen.append((call.name, call))
        call.name = "inner"
        call.user_context = AppContext()
        return call.original()

    assert shouted(outer, inner) == "INNER"
    assert [name for name, _ in seen] == ["ada", "outer", "outer"]
    assert seen[0][1] is seen[2][1]
    assert seen[1][1] is not seen[0][1]


def test_each_call_is_an_object_of_its_own() -> None:
    """Two calls of one function share nothing, one inside the other included."""
    seen: list[GreetCall] = []

    @GreetCall.override
    async def again(call: GreetCall) -> str:
        seen.append(call)
        return call.name if call.name == "grace" else await app.greet("grace", call.greeting, call.user_context)

    app = compose(implementation(), [again])
    assert asyncio.run(app.greet("ada", "hello", {})) == "grace"
    assert [each.name for each in seen] == ["ada", "grace"]


@pytest.mark.parametrize("times", [0, 1, 3])
def test_original_is_called_never_once_or_again(times: int) -> None:
    """Never replaces what is below; each time is a call of its own."""
    count = 0

    @ShoutCall.override
    def outer(call: ShoutCall) -> str:
        return "".join(call.original() for _ in range(times))

    @ShoutCall.override
    def inner(call: ShoutCall) -> str:
        nonlocal count
        count += 1
        call.name += str(count)
        return call.original()

    assert shouted(outer, inner) == "".join(f"ADA{number + 1}" for number in range(times))
    assert count == times


def test_originals_at_the_same_time() -> None:
    """Each is made of the attributes at that moment, and has its own call further in."""

    @GreetCall.override
    async def gathers(call: GreetCall) -> str:
        pending: list[Awaitable[str]] = []
        for name in ("ada", "grace", "joan"):
            call.name = name
            pending.append(call.original())
        return "; ".join(await asyncio.gather(*pending))

    @GreetCall.override
    async def waits(call: GreetCall) -> str:
        await asyncio.sleep(0)
        call.greeting += "!"
        return await call.original()

    assert greeted(gathers, waits) == "hello!, ADA; hello!, GRACE; hello!, JOAN"


def test_original_after_its_call_has_ended() -> None:
    """A call that was kept can be gone on with, from another task too; each time in the context that it has then."""
    kept: list[GreetCall] = []
    contexts: list[object] = []

    @GreetCall.override
    async def keeps(call: GreetCall) -> str:
        kept.append(call)
        return "kept"

    @ShoutCall.override
    def notes(call: ShoutCall) -> str:
        contexts.append(call.user_context)
        return call.original()

    mine, other = AppContext(), AppContext()

    async def main() -> str:
        app = compose(implementation(), [keeps, notes])
        assert await app.greet("ada", "hello", mine) == "kept"
        kept[0].name = "grace"
        first = await asyncio.create_task(untyped(kept[0].original)())
        kept[0].user_context = other
        return f"{first}; {await kept[0].original()}"

    assert asyncio.run(main()) == "hello, GRACE; hello, GRACE"
    assert contexts[0] is mine
    assert contexts[1] is other


@pytest.mark.threads
def test_original_from_another_thread() -> None:
    """A thread without contextvars calls it in the call's own context, which is current there."""
    found: list[object] = []

    @ShoutCall.override
    def elsewhere(call: ShoutCall) -> str:
        results: list[str] = []
        thread = threading.Thread(target=lambda: results.append(call.original()))
        thread.start()
        thread.join()
        return results[0]

    @ShoutCall.override
    def notes(call: ShoutCall) -> str:
        found.extend([call.user_context, current_context()])
        return call.original()

    context = AppContext()
    assert compose(implementation(), [elsewhere, notes]).shout("ada", context) == "ADA"
    assert all(each is context for each in found)


def test_a_function_may_return_the_originals_awaitable() -> None:
    """A plain `def` fits an async function where its annotation says what it returns."""

    @GreetCall.override
    def passes(call: GreetCall) -> Awaitable[str]:
        return call.original()

    assert greeted(passes, passes) == "hello, ADA"


def test_the_name_is_that_of_the_function_or_one_that_is_given() -> None:
    """It is what others order themselves by, and what `explain` tells."""

    @ShoutCall.override
    def named(call: ShoutCall) -> str:
        return call.original()

    assert [each.name for each in (named, ShoutCall.override(untyped(named.call)), marked("x"))] == [
        "named",
        "named",
        "x",
    ]


def test_before_and_after_order_overrides_of_all_styles() -> None:
    """An override in the call style is ordered by one in another, and the other way round."""
    order: list[str] = []

    def noted(name: str) -> Callable[[Callable[..., str]], Callable[..., str]]:
        def wrapper(original: Callable[..., str]) -> Callable[..., str]:
            def noting(*args: object, **kwargs: object) -> str:
                order.append(name)
                return original(*args, **kwargs)

            return noting

        return wrapper

    @override(GreeterInterface.shout, name="parameters", before=["wrapper"])
    def parameters(original: Shout, name: str, user_context: AppContext) -> str:
        order.append("parameters")
        return original(name, user_context)

    @ShoutCall.override(name="first", before=["parameters"])
    def first(call: ShoutCall) -> str:
        order.append("first")
        return call.original()

    @ShoutCall.override(after=["wrapper"])
    def last(call: ShoutCall) -> str:
        order.append("last")
        return call.original()

    wrapper: Override[GreeterInterface] = untyped(wrap)(GreeterInterface.shout, noted("wrapper"), name="wrapper")
    assert shouted(last, wrapper, parameters, first) == "ADA"
    assert order == ["first", "parameters", "wrapper", "last"]


def test_a_bound_method_a_closure_an_object_and_a_partial() -> None:
    """Whatever takes the call is an override, and is told by its own place."""

    class Counter:
        def __init__(self) -> None:
            self.count = 0

        def method(self, call: ShoutCall) -> str:
            self.count += 1
            return call.original() + "m"

        def __call__(self, call: ShoutCall) -> str:
            self.count += 1
            return call.original() + "o"

        @staticmethod
        def static(call: ShoutCall) -> str:
            return call.original() + "s"

        @classmethod
        def of_class(cls, call: ShoutCall) -> str:
            return call.original() + "c"

    def suffixed(suffix: str, call: ShoutCall) -> str:
        return call.original() + suffix

    counter = Counter()
    given = [
        ShoutCall.override(counter.method),
        ShoutCall.override(counter),
        ShoutCall.override(Counter.static),
        ShoutCall.override(counter.of_class),
        ShoutCall.override(functools.partial(suffixed, "p")),
        ShoutCall.override(lambda call: call.original() + "l"),
    ]
    assert shouted(*given) == "ADAlpcsom"
    assert counter.count == 2
    layers = explain(compose(implementation(), given))[1].layers
    assert {layer.file for layer in layers} == {__file__}
    assert [layer.name for layer in layers] == ["method", "Counter", "static", "of_class", "partial", "<lambda>"]


def test_an_async_method_and_an_async_object() -> None:
    """They fit an async function."""

    class Late:
        async def method(self, call: GreetCall) -> str:
            return await call.original() + "m"

        async def __call__(self, call: GreetCall) -> str:
            return await call.original() + "o"

    async def suffixed(suffix: str, call: GreetCall) -> str:
        return await call.original() + suffix

    late = Late()
    given = [
        GreetCall.override(late.method),
        GreetCall.override(late),
        GreetCall.override(functools.partial(suffixed, "p")),
    ]
    assert greeted(*given) == "hello, ADApom"


class SpeakerInterface(Interface, Protocol):
    """Functions with defaults, keyword-only parameters, and one with none but the context."""

    @overridable
    def say(self, what: str, times: int = 1, *, loud: bool = False, user_context: UserContext) -> str: ...
    @overridable
    async def later(self, what: str, /, when: int = 3, user_context: UserContext | None = None) -> str: ...
    @overridable
    def ping(self, user_context: UserContext) -> str: ...


class Speaker(SpeakerInterface):
    """Says what it is told."""

    @overridable
    @overrides
    def say(self, what: str, times: int = 1, *, loud: bool = False, user_context: UserContext) -> str:
        return (what.upper() if loud else what) * times

    @overridable
    @overrides
    async def later(self, what: str, /, when: int = 3, user_context: UserContext | None = None) -> str:
        return f"{what} at {when}"

    @overridable
    @overrides
    def ping(self, user_context: UserContext) -> str:
        return "pong"


class Say(SyncCall[SpeakerInterface, str]):
    """A call of `say`; a default in the class stands for that of the function."""

    what: str
    times: int = 1
    loud: bool = False


class Ping(SyncCall[SpeakerInterface, str]):
    """A call of a function that takes nothing but the context."""


def speaker(*given: AnyOverride[SpeakerInterface]) -> SpeakerInterface:
    """Compose a speaker."""
    base: SpeakerInterface = Speaker()
    return compose(base, given)


@pytest.mark.parametrize("debug", [False, True])
def test_defaults_and_keyword_only_parameters(debug: bool) -> None:
    """What a caller leaves out is there with its default; what goes by keyword is handed on by keyword."""
    seen: list[tuple[str, int, bool]] = []

    @Say.override
    def notes(call: Say) -> str:
        seen.append((call.what, call.times, call.loud))
        call.loud = not call.loud
        return call.original()

    @Say.before
    def looks(call: Say) -> None:
        seen.append((call.what, call.times, call.loud))

    base: SpeakerInterface = Speaker()
    app = compose(base, [notes, looks], journal=Journal() if debug else None)
    assert app.say("a", user_context={}) == "A"
    assert app.say("a", 2, loud=True, user_context={}) == "aa"
    assert seen == [("a", 1, False), ("a", 1, True), ("a", 2, True), ("a", 2, False)]


@pytest.mark.parametrize("debug", [False, True])
def test_defaults_before_a_context_that_may_be_left_out(debug: bool) -> None:
    """An interface whose context has a default, behind other defaults and positional-only parameters."""

    class Later(Call[SpeakerInterface, str]):
        what: str
        when: int

    @Later.override
    async def sooner(call: Later) -> str:
        call.when -= 1
        return await call.original()

    @Later.after
    async def looks(call: Later, result: str) -> None:
        assert (call.what, call.when, result) == ("noon", 2, "noon at 1")

    base: SpeakerInterface = Speaker()
    app = compose(base, [sooner, looks, sooner], journal=Journal() if debug else None)
    assert asyncio.run(app.later("noon")) == "noon at 1"
    assert asyncio.run(app.later("noon", 3, {})) == "noon at 1"


def test_a_call_without_parameters() -> None:
    """A function that takes nothing but the context has a call with nothing but the context."""

    @Ping.override
    def pings(call: Ping) -> str:
        call.user_context = UserContext()
        return call.original() + "!"

    assert speaker(pings).ping({}) == "pong!"


def test_a_context_that_is_replaced_is_the_one_further_in() -> None:
    """It is current there as well; outside of it everything is as before (laws C2, C3)."""
    replaced = AppContext(mark="replaced")
    seen: list[object] = []

    @GreetCall.override
    async def replaces(call: GreetCall) -> str:
        own = call.user_context
        call.user_context = replaced
        result = await call.original()
        assert current_context() is own
        own["other"] = "written"
        return result

    @ShoutCall.override
    def notes(call: ShoutCall) -> str:
        seen.extend([call.user_context, current_context()])
        call.user_context["other"] = "from below"
        return call.original()

    context = AppContext()
    asyncio.run(compose(implementation(), [replaces, notes]).greet("ada", "hello", context))
    assert all(each is replaced for each in seen)
    assert replaced == {"mark": "replaced", "other": "from below"}
    assert context == {"other": "written"}


def test_the_context_of_a_call_is_the_current_one() -> None:
    """Left out, handed over, or with none current: the call has it, by identity."""
    seen: list[object] = []

    @ShoutCall.override
    def notes(call: ShoutCall) -> str:
        assert call.user_context is current_context()
        seen.append(call.user_context)
        return call.original()

    app = compose(implementation(), [notes, notes])
    context, handed = AppContext(), AppContext()
    with use_context(context):
        untyped(app.shout)("ada")
        untyped(app.shout)("ada", handed)
        assert current_context() is context
    untyped(app.shout)("ada")
    assert [each is context for each in seen[:2]] == [True, True]
    assert [each is handed for each in seen[2:4]] == [True, True]
    assert seen[4] is seen[5]
    assert seen[4] not in [seen[0], seen[2]] or seen[4] == {}


def test_a_context_that_is_no_dict_is_refused_where_it_is_handed_on() -> None:
    """The message is that of every call."""

    @ShoutCall.override
    def wrong(call: ShoutCall) -> str:
        call.user_context = untyped(object)()
        return call.original()

    with pytest.raises(TypeError, match="user_context must be a dict"):
        shouted(wrong)


def test_all_styles_in_one_chain() -> None:
    """Each is handed what the one outside of it hands on, in the order of the list."""

    @ShoutCall.override
    def call_style(call: ShoutCall) -> str:
        call.name += "c"
        return call.original()

    @override(GreeterInterface.shout)
    def parameters(original: Shout, name: str, user_context: AppContext) -> str:
        return original(f"{name}p", user_context)

    @untyped(override(GreeterInterface.shout))
    def older(original: Callable[[], str]) -> str:
        return original()

    def seed(original_implementation: GreeterInterface) -> GreeterInterface:
        below = original_implementation.shout

        def shout(name: str, user_context: AppContext) -> str:
            return below(f"{name}s", user_context)

        original_implementation.shout = shout
        return original_implementation

    @ShoutCall.before
    def hook(call: ShoutCall) -> None:
        call.name += "h"

    def wrapper(original: Shout) -> Shout:
        def shout(name: str, user_context: AppContext) -> str:
            return original(f"{name}w", user_context)

        return shout

    given = [call_style, parameters, seed, hook, wrap(GreeterInterface.shout, wrapper), older, call_style]
    assert shouted(*untyped(list)(given)) == "ADACPSWC"
    app = compose(implementation(), untyped(list)(given))
    assert [layer.style for layer in explain(app)[1].layers] == [
        "call",
        "override",
        "seed",
        "before",
        "wrapper",
        "override",
        "call",
    ]
    assert "[call]" in str(explain(app)[1])


def test_an_exception_is_noted_with_the_innermost_override() -> None:
    """It arrives unchanged, with the name, file and line of the override that raised it (law O8)."""

    @ShoutCall.override(name="breaks")
    def breaks(call: ShoutCall) -> str:
        raise KeyError(call.name)

    with pytest.raises(KeyError) as caught:
        shouted(marked("x"), breaks)
    (note,) = caught.value.__notes__
    place = explain(compose(implementation(), [breaks]))[1].layers[0]
    assert note == f"in the override 'breaks' of shout, {__file__}:{place.line}"


def test_an_exception_of_the_implementation_is_not_noted() -> None:
    """It came from no override."""

    @ShoutCall.override
    def hands_on_a_wrong_name(call: ShoutCall) -> str:
        call.name = untyped(object)()
        return call.original()

    with pytest.raises(AttributeError) as caught:
        shouted(hands_on_a_wrong_name)
    assert not hasattr(caught.value, "__notes__")


@pytest.mark.parametrize("inherit", [False, True])
def test_for_a_block(inherit: bool) -> None:
    """Overrides in the call style hold for a block as all others do, outside of those that are there."""
    app = compose(implementation(), [marked("s")])
    with overriding(app, [marked("b"), marked("c")], inherit=inherit):
        assert app.shout("ada", {}) == "ADABCSSCB"

        async def task() -> str:
            return app.shout("ada", {})

        async def main() -> str:
            return await asyncio.create_task(task())

        assert asyncio.run(main()) == "ADABCSSCB"
    assert app.shout("ada", {}) == "ADASS"


def test_composing_in_two_steps() -> None:
    """It comes to the same (law O3)."""
    once = compose(implementation(), [marked("a"), marked("b")])
    twice = compose(compose(implementation(), [marked("b")]), [marked("a")])
    assert once.shout("ada", {}) == twice.shout("ada", {}) == "ADAABBA"


def test_an_override_stands_in_several_chains() -> None:
    """One object may be listed twice, and in two compositions, which share nothing."""
    mark = marked("x")
    assert shouted(mark, mark) == "ADAXXXX"
    assert shouted(mark) == "ADAXX"


def test_what_a_call_shows_is_the_function_and_no_value() -> None:
    """Parameters may be secret: neither `repr` nor `str` nor a format has them."""
    texts: list[str] = []

    @ShoutCall.override
    def shows(call: ShoutCall) -> str:
        call.user_context["mark"] = "hidden"
        texts.extend([repr(call), str(call), f"{call}", f"{call!r}"])
        return call.original()

    app = compose(implementation(), [shows])
    app.shout("hunter2", {})
    assert set(texts) == {"<ShoutCall: a call of shout>"}
    assert "hunter2" not in repr(shows)


def test_the_call_is_of_the_class_that_the_library_declares() -> None:
    """So `isinstance` and `match` tell calls apart, under their own names."""
    seen: list[object] = []

    @ShoutCall.override
    def matches(call: ShoutCall) -> str:
        match call:
            case ShoutCall(name=name):
                seen.append(name)
        seen.append(type(call).__name__)
        seen.append(type(call).__module__)
        return call.original()

    assert shouted(matches) == "ADA"
    assert seen == ["ada", "ShoutCall", "tests.unit.kernel.greeter"]


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_copy_of_a_call_is_a_call_of_its_own(copied: Callable[[ShoutCall], ShoutCall]) -> None:
    """What is replaced in it stays in it, and it goes on to the same function."""

    class Counter:
        count = 0

        def __call__(self, call: ShoutCall) -> str:
            self.count += 1
            assert call.user_context is context
            return call.original()

    @ShoutCall.override
    def copies(call: ShoutCall) -> str:
        other = copied(call)
        other.name = "grace"
        return f"{other.original()} {call.original()}"

    context, counter = AppContext(), Counter()
    app = compose(implementation(), [copies, ShoutCall.override(counter)])
    assert app.shout("ada", context) == "GRACE ADA"
    assert counter.count == 2


def test_a_call_cannot_be_pickled() -> None:
    """It may hold secrets, and what it goes on to stays in this process."""

    @ShoutCall.override
    def pickles(call: ShoutCall) -> str:
        with pytest.raises(pickle.PicklingError, match="ShoutCall"):
            pickle.dumps(call)
        return call.original()

    assert shouted(pickles) == "ADA"


@pytest.mark.parametrize("debug", [False, True])
def test_an_attribute_that_the_call_has_not(debug: bool) -> None:
    """Assigning or reading it is an AttributeError that names the class and the attribute."""

    @ShoutCall.override
    def misspells(call: ShoutCall) -> str:
        with pytest.raises(AttributeError, match="'ShoutCall' object has no attribute 'nmae'"):
            untyped(setattr)(call, "nmae", "x")
        with pytest.raises(AttributeError, match="'ShoutCall' object has no attribute 'nmae'"):
            untyped(getattr)(call, "nmae")
        with pytest.raises(AttributeError, match=r"'ShoutCall'.*'original'"):
            untyped(setattr)(call, "original", misspells)
        return call.original()

    app = compose(implementation(), [misspells], journal=Journal() if debug else None)
    assert app.shout("ada", {}) == "ADA"


def test_an_attribute_that_was_deleted() -> None:
    """What is taken away cannot be handed on."""

    @ShoutCall.override
    def deletes(call: ShoutCall) -> str:
        del call.name
        return call.original()

    with pytest.raises(AttributeError, match="name"):
        shouted(deletes)


def test_cancelling_goes_through() -> None:
    """A call that is cancelled ends in the override as in every coroutine."""
    seen: list[str] = []

    @GreetCall.override
    async def notes(call: GreetCall) -> str:
        try:
            return await call.original()
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    @GreetCall.override
    async def waits(call: GreetCall) -> str:
        await asyncio.Event().wait()
        return await call.original()

    async def main() -> None:
        task = asyncio.create_task(compose(implementation(), [notes, waits]).greet("ada", "hello", {}))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await task
        assert not getattr(caught.value, "__notes__", ())

    asyncio.run(main())
    assert seen == ["cancelled"]


def test_a_decorated_parameter_style_override_is_not_mistaken_for_one_with_a_call() -> None:
    """Both styles of one function stand beside each other; the name of the class is no matter."""

    @override(GreeterInterface.greet)
    async def parameters(original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
        return await original(name, f"{greeting}!", user_context)

    @GreetCall.override
    async def with_call(call: GreetCall) -> str:
        call.greeting += "?"
        return await call.original()

    assert greeted(parameters, with_call) == "hello!?, ADA"
    assert greeted(with_call, parameters) == "hello?!, ADA"
