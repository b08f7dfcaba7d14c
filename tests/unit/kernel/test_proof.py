"""What surrounds the proof: who looks on, what is replaced later, what stands above and below, and the switch."""

from __future__ import annotations

import asyncio
import builtins
import functools
import gc
import inspect
import sys
from collections.abc import Callable, Coroutine
from contextvars import copy_context
from types import FrameType, FunctionType
from typing import Any, Final, cast

import pytest
from typing_extensions import override as overrides

from authweave.kernel import (
    AnyOverride,
    Journal,
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
from authweave.kernel import _proof as proof
from tests.proving import PROVES
from tests.unit.kernel.greeter import (
    AppContext,
    Greet,
    GreetCall,
    Greeter,
    GreeterInterface,
    Shout,
    implementation,
    untyped,
)

proves = pytest.mark.skipif(not PROVES, reason="this Python's bytecode is not known")
unwatched = pytest.mark.usefixtures("unwatched")


async def goes_on(original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
    """Hand everything on."""
    return await original(name, greeting, user_context)


def wraps(original: Greet) -> Greet:
    """Hand everything on."""

    async def wrapped(name: str, greeting: str, user_context: AppContext) -> str:
        return await original(name, greeting, user_context)

    return wrapped


def seeds(original_implementation: GreeterInterface) -> GreeterInterface:
    """Hand everything on."""
    original = original_implementation.greet

    async def greet(name: str, greeting: str, user_context: AppContext) -> str:
        return await original(name, greeting, user_context)

    original_implementation.greet = greet
    return original_implementation


def greets(function: object) -> AnyOverride[GreeterInterface]:
    """Make an override of anything that may be one."""
    return cast("AnyOverride[GreeterInterface]", override(GreeterInterface.greet)(untyped(function)))


PLAIN: Final = greets(goes_on)
STYLES: Final = (PLAIN, wrap(GreeterInterface.greet, wraps), seeds)


@GreetCall.override
async def takes_call(call: GreetCall) -> str:
    """Hand everything on."""
    return await call.original()


@GreetCall.before
async def looks_first(call: GreetCall) -> None:
    """Look at nothing."""


def proved(*overrides: AnyOverride[GreeterInterface], guards_every_layer: bool = False) -> list[bool]:
    """Return which of some overrides of `greet` are proved, the outermost first."""
    return proved_in(compose(implementation(), overrides, guards_every_layer=guards_every_layer))


def proved_in(app: GreeterInterface) -> list[bool]:
    """Return which layers are proved."""
    return [layer.proved for function in explain(app) for layer in function.layers]


def seen_below(*overrides: AnyOverride[GreeterInterface], guards_every_layer: bool = False) -> list[tuple[bool, bool]]:
    """Return whether the layer below some is handed the caller's own context, and whether that is current there."""
    own, seen = AppContext(), list[tuple[bool, bool]]()

    async def looks(original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
        del original, name
        seen.append((user_context is own, current_context() is user_context))
        return greeting

    app = compose(implementation(), [*overrides, greets(looks)], guards_every_layer=guards_every_layer)
    copy_context().run(asyncio.run, app.greet("ada", "hello", own))
    return seen


@proves
@unwatched
@pytest.mark.parametrize("style", STYLES)
def test_each_style_can_be_proved(style: AnyOverride[GreeterInterface]) -> None:
    """Also where one stands on another, and `explain` says so."""
    assert proved(style, style) == [True, True]
    app = compose(implementation(), [style])
    assert ", proved]" in str(explain(app)[0])
    assert [layer.manner for layer in explain(app)[1].layers] == []


@proves
@unwatched
def test_a_wrapper_of_any_parameters_can_be_proved() -> None:
    """What it was handed, it hands on."""

    def any_function(original: Callable[..., Coroutine[Any, Any, str]]) -> Callable[..., Coroutine[Any, Any, str]]:
        async def wrapped(*args: object, **kwargs: object) -> str:
            return await original(*args, **kwargs)

        return wrapped

    def positional(original: Callable[..., Coroutine[Any, Any, str]]) -> Callable[..., Coroutine[Any, Any, str]]:
        async def wrapped(*args: object) -> str:
            return await original(*args)

        return wrapped

    def adds(original: Callable[..., Coroutine[Any, Any, str]]) -> Callable[..., Coroutine[Any, Any, str]]:
        async def wrapped(*args: object, **kwargs: object) -> str:
            kwargs["user_context"] = {}
            return await original(*args[:-1], **kwargs)

        return wrapped

    def made(wrapper: object) -> AnyOverride[GreeterInterface]:
        return wrap(GreeterInterface.greet, untyped(wrapper))

    assert proved(made(any_function), made(positional), made(adds)) == [True, True, False]
    assert seen_below(made(any_function), PLAIN, made(positional)) == [(True, True)]
    assert seen_below(made(any_function), made(adds), made(positional)) == [(False, True)]


@proves
@unwatched
@pytest.mark.parametrize("style", STYLES)
def test_the_switch_keeps_every_guard(style: AnyOverride[GreeterInterface]) -> None:
    """So does debug mode; and composing on top of what was composed with it, and what that makes of its own type."""
    assert proved(style, guards_every_layer=True) == [False]
    guarded = compose(implementation(), [style], guards_every_layer=True)
    assert proved_in(compose(guarded, [style])) == [False, False]
    assert proved_in(compose(compose(implementation(), [style]), [style])) == [True, True]
    assert proved_in(compose(implementation(), [style], journal=Journal())) == [False]


@proves
@unwatched
def test_blocks_prove_as_what_they_stand_around() -> None:
    """Scoped overrides are proved too, and guarded where the switch was set."""
    for guards, links in ((False, 0), (True, 2)):
        app = compose(implementation(), [PLAIN], guards_every_layer=guards)
        with overriding(app, [PLAIN]):
            assert links_of(app.greet) == links


def links_of(call: Callable[[str, str, AppContext], Coroutine[Any, Any, str]]) -> int:
    """Count the links that run in a call, from the entry on."""
    found: list[str] = []

    def count(frame: FrameType, event: str, argument: object) -> None:
        del argument
        code = frame.f_code
        if event == "call" and code.co_name == "greet" and "link" in code.co_filename:
            found.append(code.co_filename)

    async def main() -> None:
        sys.setprofile(count)
        try:
            await call("ada", "hello", AppContext())
        finally:
            sys.setprofile(None)

    asyncio.run(main())
    return len(found)


@proves
@unwatched
def test_who_looks_on_later_sees_the_same() -> None:
    """A tracer that is set once all is composed changes nothing."""
    seen: list[str] = []

    def look(frame: FrameType, *_: object) -> None:
        seen.append(frame.f_code.co_name)

    async def main() -> bool:
        app = compose(implementation(), [PLAIN, PLAIN])
        assert proved_in(app) == [True, True]
        former = sys.gettrace()
        sys.settrace(look)
        try:
            return await app.greet("ada", "hello", AppContext()) == "hello, ADA"
        finally:
            sys.settrace(former)

    assert asyncio.run(main())
    assert seen.count("goes_on") >= 2


def test_another_python_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """One whose bytecode has another number."""
    monkeypatch.setattr(proof, "KNOWN", False)
    assert prove(with_code()) is None


def with_code(**changes: object) -> FunctionType:
    """Copy `goes_on` with another code, of which nothing has been proved yet."""
    return FunctionType(untyped(goes_on.__code__.replace)(co_name="goes_on_", **changes), globals())


def prove(function: FunctionType) -> proof.Proof | None:
    """Look at a function that is handed its original first."""
    return proof.prove(function.__code__, 0, ("name", "greeting", "user_context"), is_async=True)


@proves
@unwatched
def test_code_that_no_compiler_made_is_not_proved() -> None:
    """An unknown instruction, a handler in the middle, constants that cannot be hashed, a jump into nowhere."""
    code = goes_on.__code__.co_code
    assert prove(with_code()) is not None
    assert prove(with_code(co_code=code[:-2] + bytes([255, 0]))) is None
    assert prove(with_code(co_code=code[:-2])) is None
    assert prove(with_code(co_exceptiontable=bytes([128, 20, 3, 0]))) is None
    assert prove(with_code(co_exceptiontable=bytes([128, 20, 99, 0]))) is None
    unhashable: list[object] = []
    assert proved(greets(with_code(co_consts=(None, unhashable)))) == [False]


@proves
@unwatched
def test_flags_that_lie_are_not_believed() -> None:
    """A coroutine function without its flag returns a generator at once, which runs wherever it is asked."""

    async def later(original: Shout, name: str, user_context: AppContext) -> str:
        return original(name, user_context)

    lying = FunctionType(later.__code__.replace(co_flags=later.__code__.co_flags & ~inspect.CO_COROUTINE), globals())
    app = compose(implementation(), [override(GreeterInterface.shout)(untyped(lying))])
    assert proved_in(app) == [False]


def decorated(function: Callable[..., object]) -> Callable[..., object]:
    """Decorate a function in the usual way."""

    @functools.wraps(function)
    def wrapped(*args: object, **kwargs: object) -> object:
        return function(*args, **kwargs)

    return wrapped


class Callee:
    """Something that can be called."""

    async def __call__(self, original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
        """Hand everything on."""
        return await original(name, greeting, user_context)

    async def method(self, original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
        """Hand everything on."""
        return await original(name, greeting, user_context)


class Globals(dict[str, object]):
    """Globals that run code when they are read."""


def with_globals(names: dict[str, object]) -> FunctionType:
    """Copy a function with other globals."""
    return FunctionType(goes_on.__code__, names)


async def generic(original: Greet, *args: object) -> str:
    """Hand everything on."""
    return str(await untyped(original)(*args))


async def named_only(original: Greet, name: str, *, greeting: str, user_context: AppContext) -> str:
    """Hand everything on."""
    return str(await untyped(original)(name, greeting=greeting, user_context=user_context))


async def older(original: Callable[..., Coroutine[Any, Any, str]], name: str, user_context: AppContext) -> str:
    """Hand everything on that it knows."""
    return await original(name, user_context)


def plain(original: Greet, name: str, greeting: str, user_context: AppContext) -> Coroutine[Any, Any, str]:
    """Hand everything on, without being async itself: who calls it may await what it returns elsewhere."""
    return original(name, greeting, user_context)


OTHERS: Final = {
    "decorated": decorated(goes_on),
    "an object": Callee(),
    "a method": Callee().method,
    "a partial": functools.partial(goes_on),
    "a subclass of dict for globals": with_globals(Globals()),
    "a subclass of dict for builtins": with_globals({"__builtins__": Globals(vars(builtins))}),
    "any arguments": generic,
    "arguments by name": named_only,
    "an older signature": older,
    "a plain function": plain,
}


@unwatched
@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_what_is_no_plain_function_of_the_parameters_is_not_proved(other: object) -> None:
    """It may run other code, or is called in another way."""
    assert proved(greets(other)) == [False]
    assert seen_below(greets(other)) == [(True, True)]


@proves
@unwatched
def test_annotations_of_the_future_make_no_difference() -> None:
    """Nor do an optimised compilation, or a lambda's place."""
    head = "async def row(original, name: 'str', greeting, user_context):"
    source = f"{head} return await original(name, greeting, user_context)"
    for prefix in ("", "from __future__ import annotations\n"):
        for optimize in (0, 2):
            names: dict[str, object] = {}
            exec(compile(prefix + source, "<row>", "exec", optimize=optimize), names)  # noqa: S102  as above
            assert proved(greets(names["row"])) == [True]


@proves
@unwatched
def test_replaced_code_is_not_run_unproved() -> None:
    """Neither another code of the function, nor another original in a cell, after composing."""

    async def swaps(original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
        del user_context
        return await original(name, greeting, AppContext())

    function = FunctionType(goes_on.__code__, globals())
    made: list[FunctionType] = []

    def keeps(original: Greet) -> Greet:
        async def wrapped(name: str, greeting: str, user_context: AppContext) -> str:
            return await original(name, greeting, user_context)

        made.append(cast("FunctionType", wrapped))  # as it is
        return wrapped

    own, seen = AppContext(), list[bool]()

    async def looks(original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
        del original, name
        seen.append(current_context() is user_context)
        return greeting

    overrides = [greets(function), wrap(GreeterInterface.greet, keeps), greets(looks)]
    app = compose(implementation(), overrides)
    assert proved_in(app) == [True, True, False]
    function.__code__ = swaps.__code__
    for cell in made[0].__closure__ or ():
        cell.cell_contents = looks
    asyncio.run(app.greet("ada", "hello", own))
    assert seen == [True]


@proves
@unwatched
def test_a_variable_that_others_share_is_not_proved() -> None:
    """They may set it, and the override would have to see that."""
    later: list[Callable[[], None]] = []

    def shares(original: Greet) -> Greet:
        def swap() -> None:
            nonlocal original
            own = original

            async def swapped(name: str, greeting: str, user_context: AppContext) -> str:
                del user_context
                return await own(name, greeting, AppContext())

            original = swapped

        async def wrapped(name: str, greeting: str, user_context: AppContext) -> str:
            return await original(name, greeting, user_context)

        later.append(swap)
        return wrapped

    assert proved(wrap(GreeterInterface.greet, shares)) == [False]
    own, seen = AppContext(), list[bool]()

    async def looks(original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
        del original, name
        seen.append(user_context is own)
        return greeting

    app = compose(implementation(), [wrap(GreeterInterface.greet, shares), greets(looks)])
    later[-1]()
    asyncio.run(app.greet("ada", "hello", own))
    assert seen == [False]


@proves
@unwatched
def test_a_variable_of_something_else_is_not_proved() -> None:
    """One that lies further out, and one of two that hold the original."""

    def outer(original: Greet) -> Greet:
        def inner() -> Greet:
            async def wrapped(name: str, greeting: str, user_context: AppContext) -> str:
                return await original(name, greeting, user_context)

            return wrapped

        return inner()

    def twice(original: Greet) -> Greet:
        other = original

        async def wrapped(name: str, greeting: str, user_context: AppContext) -> str:
            return await (original if name else other)(name, greeting, user_context)

        return wrapped

    for wrapper in (outer, twice):
        assert proved(wrap(GreeterInterface.greet, wrapper)) == [False]


async def later(original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
    """Await what the original has made within a block of another context."""
    coming = original(name, greeting, user_context)
    with use_context(UserContext()):
        return await coming


async def in_a_task(original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
    """Make a task of it, within such a block."""
    coming = original(name, greeting, user_context)
    with use_context(UserContext()):
        return await asyncio.create_task(coming)


def returns(original: Greet, name: str, greeting: str, user_context: AppContext) -> Coroutine[Any, Any, str]:
    """Leave the awaiting to others."""
    return original(name, greeting, user_context)


@GreetCall.override
async def call_later(call: GreetCall) -> str:
    """Do the same as `later` in the call style."""
    coming = call.original()
    with use_context(UserContext()):
        return await coming


ABOVE: Final = (greets(later), greets(in_a_task), call_later)


@unwatched
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("above", ABOVE)
def test_a_layer_that_starts_in_another_context_is_guarded(
    above: AnyOverride[GreeterInterface], style: AnyOverride[GreeterInterface]
) -> None:
    """What stands above one that is proved may await it where another context is current than it is handed."""
    for below in ([style], [style, style], [style, PLAIN, style], [greets(returns), style], [style, greets(returns)]):
        seen = seen_below(above, *below)
        assert seen == seen_below(above, *below, guards_every_layer=True)
        assert seen == [(True, True)]
    assert proved(above, style, style) == [False, False, PROVES]


@proves
@unwatched
def test_hooks_and_layers_of_other_styles_keep_what_stands_before_them() -> None:
    """A proved layer on top of one that takes a call, a hook, an older one or a plain one."""
    for below, expected in ((takes_call, False), (looks_first, True), (greets(older), True), (greets(plain), False)):
        assert proved(PLAIN, below) == [expected, False]
        assert seen_below(PLAIN, below, PLAIN) == [(True, True)]


@proves
@unwatched
def test_names_are_handed_to_what_takes_them() -> None:
    """Where the layer below has other names, its link stays, which calls it by position."""

    async def by_name(original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
        return await original(name=name, greeting=greeting, user_context=user_context)

    def other_names(original_implementation: GreeterInterface) -> GreeterInterface:
        original = original_implementation.greet

        async def greet(_name: str, _2: str, _context: AppContext) -> str:
            return await original(_name, _2, _context)

        untyped(setattr)(original_implementation, "greet", greet)
        return original_implementation

    assert proved(greets(by_name)) == [True]
    assert proved(greets(by_name), PLAIN) == [True, True]
    assert proved(greets(by_name), other_names) == [False, False]
    assert seen_below(greets(by_name), other_names, greets(by_name)) == [(True, True)]


@unwatched
@pytest.mark.parametrize("guards", [False, True])
def test_a_failure_below_proved_layers_is_blamed_on_the_innermost(guards: bool) -> None:
    """Whether it is raised, or comes of something that cannot be awaited; the implementation's has no note (O8)."""

    async def fails(original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
        del original, greeting, user_context
        raise LookupError(name)

    def answers(original: Greet, name: str, greeting: str, user_context: AppContext) -> object:
        del original, greeting, user_context
        return name

    async def after(original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
        await original(name, greeting, user_context)
        raise LookupError(name)

    class Fails(Greeter):
        @overridable
        @overrides
        def shout(self, name: str, user_context: AppContext) -> str:
            raise LookupError(name)

    for layers, name in (
        ([PLAIN, PLAIN, greets(fails)], "fails"),
        ([*STYLES, greets(fails), PLAIN], "fails"),
        ([PLAIN, PLAIN, greets(answers)], "answers"),
        ([*STYLES, greets(answers), PLAIN], "answers"),
        ([PLAIN, greets(after), PLAIN], "after"),
        ([greets(after), *STYLES], "after"),
    ):
        app = compose(implementation(), layers, guards_every_layer=guards)
        with pytest.raises((LookupError, TypeError)) as caught:
            asyncio.run(app.greet("ada", "hello", AppContext()))
        assert [note.split(" of ")[0] for note in caught.value.__notes__] == [f"in the override {name!r}"]
    app = compose(cast("GreeterInterface", Fails()), [PLAIN, *STYLES], guards_every_layer=guards)  # as the others
    with pytest.raises(LookupError) as raised:
        asyncio.run(app.greet("ada", "hello", AppContext()))
    assert not hasattr(raised.value, "__notes__")


@proves
@unwatched
def test_what_was_proved_goes_with_the_code() -> None:
    """Nothing is kept of overrides that are gone."""
    proofs = vars(type(implementation()))["greet"].declaration.proofs
    gc.collect()  # those of other tests
    before = len(proofs)
    composed = [compose(implementation(), [greets(with_code(co_firstlineno=10_000 + each))]) for each in range(9)]
    assert len(proofs) == before + 9
    composed.clear()
    gc.collect()
    assert len(proofs) == before


@proves
@unwatched
def test_one_of_a_sync_function_is_proved_wherever_it_stands() -> None:
    """It starts where it is called: what is above need not be proved."""

    def swaps(original: Shout, name: str, user_context: AppContext) -> str:
        del user_context
        return original(name, AppContext())

    def hands_on(original: Shout, name: str, user_context: AppContext) -> str:
        return original(name, user_context)

    overrides = [override(GreeterInterface.shout)(each) for each in (swaps, hands_on, hands_on)]
    app = compose(implementation(), overrides)
    assert proved_in(app) == [False, True, True]
    assert app.shout("ada", AppContext()) == "ADA"
