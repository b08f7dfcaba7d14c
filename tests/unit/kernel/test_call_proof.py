"""Calls that one layer lends to the next: which overrides are proved to allow it, and that nobody can tell."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from types import FunctionType, SimpleNamespace
from typing import Final, cast

import pytest

from authweave.kernel import Journal, compose, current_context, explain, forked_context
from authweave.kernel._call_proof import prove_call
from authweave.kernel._proof import KNOWN
from authweave.kernel._unguarded import is_watched
from tests.unit.kernel.greeter import AppContext, GreetCall, ShoutCall, implementation, untyped

NAMES = ("name", "greeting", "user_context")

# What is certain to go on once at most; what is certain to read its call alone, but may go on again; what is neither.
LENDS = {
    "as it came": "return await call.original()",
    "result changed": "return (await call.original()).title()",
    "attributes read": "log.append(call.name + call.greeting)\nreturn await call.original()",
    "context read": "log.append(call.user_context.get('mark'))\nreturn await call.original()",
    "context written": "call.user_context['mark'] = call.name\nreturn await call.original()",
    "method of an attribute": "return call.name.upper() + await call.original()",
    "two in one call": "log.append(' '.join([call.name, call.greeting]))\nreturn await call.original()",
    "read afterwards": "found = await call.original()\nlog.append((found, call.name, call.greeting))\nreturn found",
    "no original": "return call.name",
    "in a branch": "if call.name == 'nobody':\n    return 'no'\nreturn await call.original()",
    "behind a loop": "for letter in call.name:\n    log.append(letter)\nreturn await call.original()",
    "before a loop": "found = await call.original()\nfor letter in found:\n    log.append(call.greeting)\nreturn found",
    "awaited later": "going = call.original()\nlog.append(call.name)\nreturn await going",
    "a task": "return await asyncio.create_task(call.original())",
    "finally": "try:\n    return await call.original()\nfinally:\n    log.append(call.name)",
    "except": "try:\n    return await call.original()\nexcept ValueError:\n    return call.name",
    "a block": "with forked_context():\n    return await call.original()",
    "a nested function": "def tell(text):\n    log.append(text)\ntell(call.name)\nreturn await call.original()",
    "f-string": "log.append(f'{call.name} {call.greeting!r}')\nreturn await call.original()",
    "many constants": "x = ''\n"
    + "".join(f"x = '{n}'\n" for n in range(300))
    + "log.append(x)\nreturn await call.original()",
}
READS = {
    "twice": "return await call.original() + await call.original()",
    "in a loop": "found = ''\nfor _ in range(2):\n    found += await call.original()\nreturn found",
    "in a while loop": "found = ''\nwhile len(found) < 30:\n    found += await call.original()\nreturn found",
    "after an exception": "try:\n    await call.original()\nexcept ValueError:\n    pass\nreturn await call.original()",
    "in one of two branches": "if call.name:\n    return await call.original()\nreturn 'no' + await call.original()",
    "retried": "while 1:\n    try:\n        return await call.original()\n    except ValueError:\n        pass",
    "gathered": "return ''.join(await asyncio.gather(call.original(), call.original()))",
}
KEEPS = {
    "assigned": "call.name = 'grace'\nreturn await call.original()",
    "context assigned": "call.user_context = {'mark': 'other'}\nreturn await call.original()",
    "assigned afterwards": "found = await call.original()\ncall.name = found\nreturn call.name",
    "added to": "call.name += '!'\nreturn await call.original()",
    "deleted": "del call.name\ncall.name = 'new'\nreturn await call.original()",
    "rebound": "first = call\ncall = None\nreturn await first.original()",
    "walrus": "(other := call)\nreturn await other.original()",
    "kept": "kept.append(call)\nreturn await call.original()",
    "handed on": "rename(call)\nreturn await call.original()",
    "handed on by name": "rename(call=call)\nreturn await call.original()",
    "set by name": "setattr(call, 'name', 'grace')\nreturn await call.original()",
    "in a tuple": "pair = call, 1\nreturn await pair[0].original()",
    "in a list": "kept.extend([call])\nreturn await call.original()",
    "captured": "def later():\n    call.name = 'later'\nlater()\nreturn await call.original()",
    "captured in a lambda": "(lambda: setattr(call, 'name', 'later'))()\nreturn await call.original()",
    "captured in a comprehension": "[setattr(each, 'name', 'x') for each in [call]]\nreturn await call.original()",
    "original kept": "going = call.original\nreturn await going() + await going()",
    "original handed on": "return await run(call.original)",
    "original with an argument": "try:\n    return await call.original(1)\nexcept TypeError:\n    return 'refused'",
    "original's own function": "return await type(call).original(call)",
    "its dictionary of slots": "log.append(sorted(call.__slots__))\nreturn await call.original()",
    "its class": "log.append(call.__class__.__name__)\nreturn await call.original()",
    "told": "log.append(repr(call))\nreturn await call.original()",
    "formatted": "log.append(f'{call}')\nreturn await call.original()",
    "compared": "log.append(call == call)\nreturn await call.original()",
    "asked for its truth": "if call:\n    return await call.original()",
    "either": "return await (call or None).original()",
    "matched": "match call:\n    case SimpleNamespace():\n        return 'no'\nreturn await call.original()",
    "locals": "locals()['call'].name = 'grace'\nreturn await call.original()",
    "frame": "sys._getframe().f_locals['call'].name = 'grace'\nreturn await call.original()",
    "exec": "exec('call.name = \"grace\"')\nreturn await call.original()",
    "eval": "eval('rename(call)')\nreturn await call.original()",
    "a loop over calls": "for call in [call]:\n    call.name = 'looped'\nreturn await call.original()",
    "a block's target": "with passing(call) as other:\n    other.name = 'block'\nreturn await call.original()",
    "an exception's": "try:\n    raise KeyError(call)\nexcept KeyError as error:\n    rename(error.args[0])",
    "returned": "found = await call.original()\nreturn found if found else call",
    "raised": "if call.name == 'nobody':\n    raise call\nreturn await call.original()",
    "a default": "def named(call=call):\n    call.name = 'default'\nnamed()\nreturn await call.original()",
    "unpacked": "rename(*[call])\nreturn await call.original()",
}


def function_of(body: str, world: dict[str, object], head: str = "async def layer(call):") -> FunctionType:
    """Write a function."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    exec(compile(f"{head}\n{lines}", "<override>", "exec"), world)  # noqa: S102  source of ours
    return cast("FunctionType", world["layer"])


def world_of(log: list[object]) -> dict[str, object]:
    """Return what the functions use."""

    async def run(original: Callable[[], object] | None = None) -> object:
        return await untyped(original)() if callable(original) else None

    def rename(call: GreetCall) -> None:
        call.name = "renamed"

    class Passing:
        def __init__(self, call: GreetCall) -> None:
            self.call = call

        def __enter__(self) -> GreetCall:
            return self.call

        def __exit__(self, *_: object) -> None:
            pass

    names = {"forked_context": forked_context, "SimpleNamespace": SimpleNamespace, "passing": Passing}
    kept: list[object] = []
    return {"asyncio": asyncio, "sys": sys, "log": log, "kept": kept, "run": run, "rename": rename, **names}


def observed(body: str, *, guards_every_layer: bool) -> tuple[object, ...]:
    """Run a layer among others; return all that they could tell."""
    log: list[object] = []
    runs = iter(range(100))

    @GreetCall.override
    async def outermost(call: GreetCall) -> str:
        log.append(("outermost", call.name, call.greeting, call.user_context is current_context()))
        try:
            return await call.original()
        finally:
            log.append(("outermost after", call.name, call.greeting, call.user_context is current_context()))

    @GreetCall.override
    async def below(call: GreetCall) -> str:
        log.append(("below", call.name, call.greeting, call.user_context is current_context()))
        found = await call.original()
        log.append(("below after", call.name, call.greeting, found))
        return found

    @GreetCall.override
    async def changes(call: GreetCall) -> str:
        log.append(("changes", call.name, call.user_context is current_context()))
        call.name += "+"
        if next(runs) == 0:
            raise ValueError
        return await call.original()

    layer = GreetCall.override(untyped(function_of(body, world_of(log))))
    stack = [outermost, layer, below, below, changes, outermost, layer, below]
    app = compose(implementation(), stack, guards_every_layer=guards_every_layer)
    for name in ("ada", "grace"):
        try:
            log.append(asyncio.run(app.greet(name, "hello", AppContext(mark="m"))))
        except Exception as error:  # noqa: BLE001  whatever it is, it is compared
            log.append((type(error), str(error), getattr(error, "__notes__", None)))
    return tuple(str(each) if isinstance(each, GreetCall) else each for each in log)


@pytest.mark.parametrize("body", [*LENDS.values(), *READS.values()], ids=[*LENDS, *READS])
def test_what_only_reads_its_call_is_proved(body: str) -> None:
    """It may be handed the call of the layer above, and lends it on where it goes on once at most; nobody can tell."""
    proof = prove_call(function_of(body, {}).__code__, NAMES)
    assert (proof and proof.goes_on_once) is (body in LENDS.values() if KNOWN else None)
    assert observed(body, guards_every_layer=False) == observed(body, guards_every_layer=True)


@pytest.mark.parametrize("body", KEEPS.values(), ids=KEEPS)
def test_what_does_anything_else_with_its_call_is_not_proved(body: str) -> None:
    """It has a call of its own, and what it does to that is its own business."""
    assert prove_call(function_of(body, {}).__code__, NAMES) is None
    assert observed(body, guards_every_layer=False) == observed(body, guards_every_layer=True)


@GreetCall.override
async def passes(call: GreetCall) -> str:
    """Go on."""
    return await call.original()


@pytest.mark.parametrize(
    "head",
    [
        "async def layer(call, more=None):",
        "async def layer(*call):",
        "async def layer(*, call):",
        "async def layer(**call):",
        "async def layer(call, *more):",
    ],
)
def test_what_takes_anything_but_a_call_is_not_proved(head: str) -> None:
    """A call is the only parameter of what is proved."""
    assert prove_call(function_of("return await call.original()", {}, head).__code__, NAMES) is None


def test_generators_are_not_proved() -> None:
    """What they do is done while they are asked for more, whenever that is."""
    assert prove_call(function_of("yield call.name", {}, "def layer(call):").__code__, NAMES) is None
    assert prove_call(function_of("yield call.name", {}).__code__, NAMES) is None


def test_what_is_told_says_which_layers_lend() -> None:
    """A layer lends to the next one, if that only reads; the switch, and debug mode, have each make its own."""
    changes = GreetCall.override(untyped(function_of("call.name = 'x'\nreturn await call.original()", {})))

    def told(**how: object) -> list[bool]:
        app = untyped(compose)(implementation(), [passes, passes, changes, passes, passes], **how)
        return [layer.proved for layer in explain(app)[0].layers]

    lends = KNOWN and not is_watched()
    assert told() == [lends, False, False, lends, False]
    assert told(guards_every_layer=True) == told(journal=Journal()) == [False] * 5


def test_code_that_is_replaced_later_does_not_run_unproved() -> None:
    """What was proved is what runs."""
    layer = function_of("return await call.original()", {})
    app = compose(implementation(), [passes, GreetCall.override(untyped(layer)), passes])
    layer.__code__ = function_of("call.name = 'x'\nreturn await call.original()", {}).__code__
    assert asyncio.run(app.greet("ada", "hello", {})) in {"hello, ADA", "hello, X"}  # the latter where it is not proved


def test_nothing_is_proved_where_somebody_looks_on() -> None:
    """A debugger may go on from where it stopped, too."""

    def watch(*_: object) -> None:
        pass

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        app = compose(implementation(), [passes, passes])
    finally:
        sys.settrace(before)
    assert not any(layer.proved for layer in explain(app)[0].layers)


def test_a_synchronous_call_is_lent_too() -> None:
    """Where one layer goes on again, each of those below it is handed the parameters anew."""
    seen: list[str] = []

    @ShoutCall.override
    def reads(call: ShoutCall) -> str:
        seen.append(call.name)
        return call.original()

    @ShoutCall.override
    def twice(call: ShoutCall) -> str:
        return call.original() + call.original() + call.name

    app = compose(implementation(), [reads, reads, twice, reads, reads, twice, reads])
    assert app.shout("ada", {}) == "ADAADAada" * 2 + "ada"
    assert seen == ["ada"] * (2 + 2 * 2 + 4)


def test_tasks_of_one_call_do_not_share_it() -> None:
    """A layer that goes on twice at the same time starts two calls, of which each is lent on by itself."""
    seen: list[str] = []

    @GreetCall.override
    async def slow(call: GreetCall) -> str:
        seen.append(call.name)
        await asyncio.sleep(0)
        found = await call.original()
        await asyncio.sleep(0)
        seen.append(call.name)
        return found

    @GreetCall.override
    async def both(call: GreetCall) -> str:
        return " and ".join(await asyncio.gather(call.original(), call.original()))

    app = compose(implementation(), [slow, both, slow, slow, slow])
    assert asyncio.run(app.greet("ada", "hello", {})) == "hello, ADA and hello, ADA"
    assert len(seen) == 2 + 2 * 2 * 3


class Hooked(GreetCall, function="greet"):
    """A call whose class has code of its own that runs as its objects are made, read or gone."""


def changes_when_read(call: object, name: str) -> object:
    """Change one attribute when another is read."""
    if name == "greeting":
        object.__setattr__(call, "name", str(object.__getattribute__(call, "name")) + "!")
    return object.__getattribute__(call, name)


def changes_when_set(call: object, name: str, value: object) -> None:
    """Change an attribute when it is set."""
    object.__setattr__(call, name, f"{value}!" if name == "name" else value)


def answers(_: object, name: str) -> object:
    """Answer for what is not there."""
    return name


HOOKS: Final[dict[str, Callable[..., object]]] = {
    "__getattribute__": changes_when_read,
    "__setattr__": changes_when_set,
    "__getattr__": answers,
}


@pytest.mark.parametrize("name", [*HOOKS, "__new__", "__del__"])
def test_calls_of_a_class_with_code_of_its_own_are_not_lent(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would run less often, and could change what everybody else is about to read."""
    log: list[object] = []

    def count(own: object) -> object:
        log.append(name)
        return untyped(object.__new__)(own) if name == "__new__" else None

    monkeypatch.setattr(Hooked, name, HOOKS.get(name, count), raising=False)

    @Hooked.override
    async def reads(call: Hooked) -> str:
        log.append(call.name + call.greeting)
        return await call.original()

    def ran(*, guards_every_layer: bool) -> list[object]:
        log.clear()
        app = compose(implementation(), [reads, reads, reads], guards_every_layer=guards_every_layer)
        assert not any(layer.proved for layer in explain(app)[0].layers)
        return [asyncio.run(app.greet("ada", "hello", {})), *log]

    assert ran(guards_every_layer=False) == ran(guards_every_layer=True)
