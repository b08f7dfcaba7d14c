import asyncio
from collections.abc import Callable

import pytest

from authweave.kernel import (
    AnyOverride,
    Journal,
    ResultError,
    compose,
    current_context,
    explain,
    journal_of,
    override,
    overriding,
)
from tests.unit.kernel.greeter import (
    AppContext,
    Greet,
    GreetCall,
    GreeterInterface,
    ShoutCall,
    implementation,
    untyped,
)


class RefusedError(Exception):
    """What a hook here raises."""


def greeted(*given: AnyOverride[GreeterInterface], journal: Journal | None = None) -> str:
    """Greet through overrides."""
    return asyncio.run(compose(implementation(), given, journal=journal).greet("ada", "hello", {}))


DEBUG = pytest.mark.parametrize("journal", [None, Journal()], ids=["plain", "debug"])


@DEBUG
def test_a_hook_sees_the_call_and_the_result(journal: Journal | None) -> None:
    """`before` runs before what it stands around, `after` afterwards, with what that returned."""
    seen: list[tuple[str, ...]] = []

    @GreetCall.before
    async def before(call: GreetCall) -> None:
        await asyncio.sleep(0)
        seen.append(("before", call.name, call.greeting))

    @GreetCall.after
    async def after(call: GreetCall, result: str) -> None:
        await asyncio.sleep(0)
        seen.append(("after", call.name, call.greeting, result))

    @GreetCall.override
    async def inside(call: GreetCall) -> str:
        seen.append(("inside",))
        call.name = "grace"
        return await call.original()

    assert greeted(before, after, inside, journal=journal) == "hello, GRACE"
    assert seen == [
        ("before", "ada", "hello"),
        ("inside",),
        ("after", "ada", "hello", "hello, GRACE"),
    ]


@DEBUG
def test_hooks_of_sync_functions(journal: Journal | None) -> None:
    """They are plain functions."""
    seen: list[str] = []

    @ShoutCall.before
    def before(call: ShoutCall) -> None:
        seen.append(f"before {call.name}")

    @ShoutCall.after(name="announce")
    def after(call: ShoutCall, result: str) -> None:
        seen.append(f"after {call.name} {result}")

    app = compose(implementation(), [after, before], journal=journal)
    assert app.shout("ada", {}) == "ADA"
    assert seen == ["before ada", "after ada ADA"]
    assert [(layer.name, layer.style) for layer in explain(app)[1].layers] == [
        ("announce", "after"),
        ("before", "before"),
    ]


@DEBUG
def test_what_a_hook_replaces_is_not_handed_on(journal: Journal | None) -> None:
    """Neither a parameter nor the context, nor what it returns: a hook only looks."""
    other = AppContext(mark="other")
    seen: list[object] = []

    @ShoutCall.before
    def before(call: ShoutCall) -> None:
        call.name = "grace"
        call.user_context = other

    @untyped(ShoutCall.after)
    def after(call: ShoutCall, result: str) -> str:
        call.name = "grace"
        call.user_context = other
        return "something else"

    @ShoutCall.override
    def inside(call: ShoutCall) -> str:
        assert current_context() is call.user_context
        seen.append(call.user_context)
        return call.original()

    context = AppContext()
    app = compose(implementation(), [before, after, before, inside], journal=journal)
    assert app.shout("ada", context) == "ADA"
    assert seen[0] is context


@DEBUG
def test_keys_that_a_hook_sets_travel(journal: Journal | None) -> None:
    """The context is the call's own, and current; what is written into it is there for all (law C3)."""
    context = AppContext()

    @GreetCall.before
    async def marks(call: GreetCall) -> None:
        assert call.user_context is context is current_context()
        call.user_context["mark"] = "set before"

    @GreetCall.after
    async def looks(call: GreetCall, result: str) -> None:
        assert call.user_context is context is current_context()
        call.user_context["other"] = f"{call.user_context.get('mark')}, seen after"

    app = compose(implementation(), [looks, marks], journal=journal)
    asyncio.run(app.greet("ada", "hello", context))
    assert context == {"mark": "set before", "other": "set before, seen after"}


@pytest.mark.parametrize("style", ["before", "after"])
@DEBUG
def test_going_on_from_a_hook_is_a_stated_error(style: str, journal: Journal | None) -> None:
    """What it stands around runs in any case, once; the error says what to write instead."""

    @untyped(getattr(ShoutCall, style))
    def goes_on(call: ShoutCall, *result: str) -> None:
        with pytest.raises(TypeError, match=r"A hook only looks.* write \.override"):
            call.original()

    assert compose(implementation(), [goes_on], journal=journal).shout("ada", {}) == "ADA"


def test_what_a_hook_raises_ends_the_call_and_names_the_hook() -> None:
    """Before, what it stands around does not run; after, its result is lost. The note names the hook (law O8)."""
    ran: list[str] = []

    @GreetCall.override
    async def inside(call: GreetCall) -> str:
        ran.append(call.name)
        return await call.original()

    @GreetCall.before(name="gate")
    async def gate(call: GreetCall) -> None:
        raise RefusedError

    @GreetCall.after(name="late")
    async def late(call: GreetCall, result: str) -> None:
        raise RefusedError(result)

    for hook, name, times in ((gate, "gate", 0), (late, "late", 1)):
        with pytest.raises(RefusedError) as caught:
            greeted(hook, inside)
        line = explain(compose(implementation(), [hook]))[0].layers[0].line
        assert caught.value.__notes__ == [f"in the override {name!r} of greet, {__file__}:{line}"]
        assert len(ran) == times


def test_hooks_of_one_code_are_told_apart() -> None:
    """Of several hooks that one function made the one that raised is named, not the first."""

    def limited(letters: str) -> list[AnyOverride[GreeterInterface]]:
        @ShoutCall.before(name=f"before {letters}")
        def before(call: ShoutCall) -> None:
            if letters in call.name:
                raise RefusedError

        @ShoutCall.after(name=f"after {letters}")
        def after(call: ShoutCall, result: str) -> None:
            if letters in result:
                raise RefusedError

        return [before, after]

    app = compose(implementation(), [*limited("x"), *limited("a"), *limited("D")])
    for name, blamed in (("ada", "before a"), ("d", "after D")):
        with pytest.raises(RefusedError) as caught:
            app.shout(name, {})
        assert [note.split("'")[1] for note in caught.value.__notes__] == [blamed]


@DEBUG
def test_a_hook_after_a_call_that_raised_does_not_run(journal: Journal | None) -> None:
    """The note names the override that raised, not the hook around it."""

    @GreetCall.after
    async def never(call: GreetCall, result: str) -> None:
        raise AssertionError

    @GreetCall.override(name="refuses")
    async def refuses(call: GreetCall) -> str:
        raise RefusedError

    with pytest.raises(RefusedError) as caught:
        greeted(never, refuses, journal=journal)
    assert len(caught.value.__notes__) == 1
    assert "'refuses'" in caught.value.__notes__[0]


def test_a_hook_stands_where_it_is_listed() -> None:
    """It sees what those outside of it have replaced; `before=` and `after=` move it as any override."""
    seen: list[str] = []

    @GreetCall.override(name="outer")
    async def outer(call: GreetCall) -> str:
        call.name += "o"
        return await call.original()

    @override(GreeterInterface.greet, name="inner")
    async def inner(original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
        return await original(name + "i", greeting, user_context)

    def looks(**order: list[str]) -> AnyOverride[GreeterInterface]:
        @GreetCall.before(before=order.get("before", ()), after=order.get("after", ()))
        async def looking(call: GreetCall) -> None:
            seen.append(call.name)

        return looking

    for hook in (looks(), looks(before=["outer"]), looks(after=["inner"])):
        assert greeted(outer, hook, inner) == "hello, ADAOI"
    assert seen == ["adao", "ada", "adaoi"]


def test_one_hook_for_several_functions() -> None:
    """It is handed a call of either class, and tells them apart."""
    seen: list[str] = []

    def announce(call: ShoutCall | GreetCall) -> str:
        return type(call).__name__ + (call.greeting if isinstance(call, GreetCall) else "")

    def sync(call: ShoutCall | GreetCall, result: str) -> None:
        seen.append(announce(call))

    async def late(call: ShoutCall | GreetCall, result: str) -> None:
        seen.append(announce(call))

    @GreetCall.before
    async def first(call: GreetCall) -> None:
        sync(call, "")

    assert greeted(GreetCall.after(late), ShoutCall.after(sync), first) == "hello, ADA"
    assert seen == ["GreetCallhello", "ShoutCall", "GreetCallhello"]


def test_hooks_as_methods_and_objects() -> None:
    """Whatever takes the call is a hook."""

    class Audit:
        def __init__(self) -> None:
            self.seen: list[str] = []

        def note(self, call: ShoutCall, result: str) -> None:
            self.seen.append(result)

        def __call__(self, call: ShoutCall) -> None:
            self.seen.append(call.name)

    audit = Audit()
    append: Callable[[ShoutCall], None] = lambda call: audit.seen.append(f"l{call.name}")  # noqa: E731  a lambda is looked at
    app = compose(implementation(), [ShoutCall.after(audit.note), ShoutCall.before(audit), ShoutCall.before(append)])
    assert app.shout("ada", {}) == "ADA"
    assert audit.seen == ["ada", "lada", "ADA"]


def test_a_hook_sees_each_call_of_an_original() -> None:
    """An override outside of it may go on never or several times; one inside of it makes no difference."""
    seen: list[str] = []

    @ShoutCall.before
    def notes(call: ShoutCall) -> None:
        seen.append(call.name)

    @ShoutCall.override
    def twice(call: ShoutCall) -> str:
        return call.original() + call.original()

    @ShoutCall.override
    def never(call: ShoutCall) -> str:
        return ""

    assert compose(implementation(), [twice, notes, twice]).shout("ada", {}) == "ADA" * 4
    assert len(seen) == 2
    assert compose(implementation(), [never, notes]).shout("ada", {}) == ""
    assert compose(implementation(), [notes, never]).shout("ada", {}) == ""
    assert len(seen) == 3


def test_for_a_block() -> None:
    """A hook holds for a block as an override does."""
    seen: list[str] = []

    @ShoutCall.after
    def notes(call: ShoutCall, result: str) -> None:
        seen.append(result)

    app = compose(implementation(), [notes])
    with overriding(app, [notes]):
        app.shout("ada", {})
    app.shout("grace", {})
    assert seen == ["ADA", "ADA", "GRACE"]


def test_the_journal_tells_what_a_hook_and_an_override_set() -> None:
    """In debug mode each entry names its layer: overrides in the call style and hooks as all others."""

    @GreetCall.before(name="hook")
    async def hook(call: GreetCall) -> None:
        call.user_context["mark"] = "hook"

    @GreetCall.override(name="override")
    async def overriding_(call: GreetCall) -> str:
        call.user_context["mark"] = "changed"
        result = await call.original()
        del call.user_context["mark"]
        call.user_context["other"] = "set"
        return result

    journal = Journal()
    context = untyped(journal.context)()
    asyncio.run(compose(implementation(), [hook, overriding_], journal=journal).greet("ada", "hello", context))
    entries = [(each.action, each.key, each.layer.name if each.layer else None) for each in journal_of(context)]
    assert [each for each in entries if each[0] not in {"call", "return"}] == [
        ("set", "mark", "hook"),
        ("change", "mark", "override"),
        ("delete", "mark", "override"),
        ("set", "other", "override"),
    ]
    assert [each for each in entries if each[0] in {"call", "return"}] == [
        ("call", None, "hook"),
        ("call", None, "override"),
        ("call", None, "Greeter.greet"),
        ("call", None, "Greeter.shout"),
        ("return", None, "Greeter.shout"),
        ("return", None, "Greeter.greet"),
        ("return", None, "override"),
        ("return", None, "hook"),
    ]


def test_a_wrong_result_of_an_override_is_told_in_debug_mode() -> None:
    """It is named; what a hook returns does not matter."""

    @untyped(ShoutCall.override)
    def number(call: ShoutCall) -> int:
        return len(call.name)

    @untyped(ShoutCall.before)
    def hook(call: ShoutCall) -> int:
        return 3

    app = compose(implementation(), [number], journal=Journal())
    with pytest.raises(ResultError, match="'number' returned int for shout: expected str"):
        app.shout("ada", {})
    assert compose(implementation(), [hook], journal=Journal()).shout("ada", {}) == "ADA"
