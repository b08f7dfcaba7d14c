"""Every override of the corpus, in each style: its guard is there or is not, and the contexts below are the same."""

from __future__ import annotations

import asyncio
import builtins
import sys
import textwrap
import types
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterator
from contextlib import nullcontext
from contextvars import copy_context
from functools import partial
from typing import Any, Final, Literal, TypeAlias, cast

import attrs
import pytest

from authweave.kernel import (
    AnyOverride,
    UserContext,
    compose,
    current_context,
    explain,
    forked_context,
    override,
    use_context,
    wrap,
)
from tests.proving import PROVES
from tests.unit.kernel.greeter import AppContext, Greet, GreeterInterface, Shout, implementation, untyped
from tests.unit.kernel.proof_corpus import BOTH, NOT_PROVED, NOTHING, OTHER, OWN, PROVED, Row

pytestmark = pytest.mark.usefixtures("unwatched")

Style: TypeAlias = Literal["override", "sync", "wrapper", "seed"]

SOURCES: Final[dict[Style, str]] = {
    "override": """
def make(enclosed, enclosed_context):
    async def row(original, name, greeting, user_context):
{body}
    return row
""",
    "sync": """
def make(enclosed, enclosed_context):
    def row(original, name, user_context):
{body}
    return row
""",
    "wrapper": """
def make(enclosed, enclosed_context):
    def wrapper(original):
        async def row(name, greeting, user_context):
{body}
        return row
    return wrapper
""",
    "seed": """
def make(enclosed, enclosed_context):
    def seed(original_implementation):
        original = original_implementation.greet
        async def row(name, greeting, user_context):
{body}
        original_implementation.greet = row
        return original_implementation
    return seed
""",
}

CLOSURES: Final[tuple[Style, ...]] = ("wrapper", "seed")

CONTEXT: Final[dict[str, object]] = {}


def leave_entered(*_: object) -> bool:
    """Enter a context and leave it entered: the hole that a guard closes."""
    use_context(cast("UserContext", {"left": True})).__enter__()
    return False


async def leave_entered_later() -> None:
    """Do the same in a coroutine."""
    leave_entered()


@types.coroutine
def pause() -> Generator[None]:
    """Give way once."""
    yield


async def yields() -> AsyncIterator[int]:
    """Yield a number, after leaving a context entered."""
    leave_entered()
    yield 1


LEAVES: Final[dict[str, Callable[..., object]]] = {
    "__add__": lambda *_: leave_entered(),
    "__aenter__": lambda *_: leave_entered_later(),
    "__aexit__": lambda *_: leave_entered_later(),
    "__aiter__": lambda *_: yields(),
    "__await__": lambda *_: iter([leave_entered()][1:]),
    "__bool__": lambda *_: not leave_entered(),
    "__contains__": lambda *_: leave_entered(),
    "__delitem__": lambda *_: leave_entered(),
    "__enter__": lambda *_: leave_entered(),
    "__eq__": lambda *_: leave_entered(),
    "__exit__": lambda *_: leave_entered(),
    "__format__": lambda *_: str(leave_entered()),
    "__getattr__": lambda *_: leave_entered(),
    "__getitem__": lambda *_: leave_entered(),
    "__hash__": lambda *_: hash(leave_entered()),
    "__iter__": lambda *_: iter([leave_entered()]),
    "__lt__": lambda *_: leave_entered(),
    "__neg__": lambda *_: leave_entered(),
    "__setitem__": lambda *_: leave_entered(),
}
"""The special methods of what leaves a context entered, whatever is done with it."""


class Leaving(type):
    """Makes classes, and leaves a context entered."""

    def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, object]) -> Leaving:
        """Make a class."""
        leave_entered()
        return super().__new__(cls, name, bases, namespace)


class Finalised:
    """Leaves a context entered when it goes."""

    def __del__(self) -> None:
        """Go."""
        leave_entered()


def leaving_generator() -> Generator[None]:
    """Leave one entered while it stands still."""
    with use_context(UserContext()):
        yield


async def another() -> dict[str, object]:
    """Return another context."""
    return {}


async def numbers() -> AsyncIterator[int]:
    """Yield a number."""
    yield 1


async def go_on(go: Callable[..., Coroutine[Any, Any, str]], name: str, greeting: str, context: UserContext) -> str:
    """Call the original."""
    return await go(name, greeting, context)


def swapping(original: Callable[..., Any]) -> Callable[..., Any]:  # Any: of either colour
    """Make an original that is called in another context."""
    return lambda *given: original(*given[:-1], {})


def frame_of(_: object) -> types.FrameType:
    """Return the frame of whoever asks."""
    return sys._getframe(1)  # pyright: ignore[reportPrivateUsage]  as a row wants it


def leaving(decorated: object) -> object:
    """Leave a context entered, and return what is decorated."""
    leave_entered()
    return decorated


def note(*_: object) -> None:
    """Do nothing."""


def same(value: object) -> object:
    """Return what is given."""
    return value


async def paused_within() -> None:
    """Stand still in the middle of a block."""
    with use_context(UserContext()):
        await pause()


def names(kept: list[object]) -> dict[str, object]:
    """Return what the bodies of rows may use; what stands still is kept until the end."""

    def step_into() -> None:
        kept.append(paused := paused_within())
        paused.send(None)

    def keep(generator: Generator[None]) -> Generator[None]:
        kept.append(generator)
        return generator

    return {
        **{each.__name__: each for each in (another, current_context, forked_context, go_on, leave_entered)},
        **{each.__name__: each for each in (leave_entered_later, numbers, partial, pause, swapping, use_context)},
        **{each.__name__: each for each in (frame_of, leaving, note, same)},
        **{each.__name__: each for each in (Finalised, Leaving, asyncio.create_task, asyncio.gather)},
        "BUILTINS": builtins,
        "CONTEXT": CONTEXT,
        "ERROR": ValueError("planned"),
        "EVAL": eval,
        "EXEC": exec,
        "FRAME": sys._getframe,  # pyright: ignore[reportPrivateUsage]  as rows want it
        "GLOBAL": "global",
        "LEAVES": type("Leaves", (), dict(LEAVES))(),
        "LOCALS": locals,
        "VARS": vars,
        "leaving_generator": lambda: keep(leaving_generator()),
        "nothing": nullcontext,
        "other_function": another,
        "step_into": step_into,
    }


@attrs.frozen
class Found:
    """What came of a row: its result, and what the layer below has seen."""

    outcome: str
    seen: tuple[tuple[bool, bool], ...]
    """For each call: whether it was handed the caller's own context, and whether that was the current one."""
    proved: bool
    links: int


def made(style: Style, body: str, kept: list[object]) -> AnyOverride[GreeterInterface]:
    """Make an override of a row."""
    source = SOURCES[style].format(body=textwrap.indent(body, " " * 16))
    namespace = names(kept)
    exec(compile(source, "<row>", "exec"), namespace)  # noqa: S102  the corpus
    function = untyped(namespace["make"])("enclosed", CONTEXT)
    if style == "override":
        return override(GreeterInterface.greet)(function)
    if style == "sync":
        return override(GreeterInterface.shout)(function)
    if style == "wrapper":
        return wrap(GreeterInterface.greet, function)
    return cast("AnyOverride[GreeterInterface]", function)


def ran(runner: asyncio.Runner, style: Style, body: str, *, guards_every_layer: bool) -> Found:
    """Run a row above a layer that looks, in a Context of its own."""
    own, seen, kept, links = AppContext(), list[tuple[bool, bool]](), list[object](), list[str]()

    @override(GreeterInterface.greet)
    async def looks(original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
        del original, name
        seen.append((user_context is own, current_context() is user_context))
        await asyncio.sleep(0)
        return greeting

    @override(GreeterInterface.shout)
    def looks_too(original: Shout, name: str, user_context: AppContext) -> str:
        del original, name
        seen.append((user_context is own, current_context() is user_context))
        return "hello"

    overrides = [made(style, body, kept), looks, looks_too]
    app = compose(implementation(), overrides, guards_every_layer=guards_every_layer)

    def count(frame: types.FrameType, event: str, argument: object) -> None:
        del argument
        code = frame.f_code
        if event == "call" and code.co_name in {"greet", "shout"} and code.co_filename.startswith("<authweave: link"):
            links.append(code.co_filename)

    async def main() -> str:
        former = sys.getprofile()
        sys.setprofile(count)
        try:
            return app.shout("ada", own) if style == "sync" else await app.greet("ada", "hello", own)
        except Exception as error:  # noqa: BLE001  whatever a row raises
            return repr(error)
        finally:
            sys.setprofile(former)

    CONTEXT.clear()
    outcome = runner.run(main(), context=copy_context())
    return Found(outcome, tuple(seen), explain(app)[style == "sync"].layers[0].proved, len(links))


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """Give one loop to all rows."""
    with pytest.MonkeyPatch.context() as patch, asyncio.Runner() as runner:
        module = types.ModuleType("contexts")
        vars(module)["CONTEXT"] = CONTEXT
        patch.setitem(sys.modules, "contexts", module)
        yield runner


SEEN: Final[dict[str, list[tuple[tuple[bool, bool], ...]]]] = {
    OWN: [((True, True),), ((True, True),) * 2],
    OTHER: [((False, True),), ((True, True), (False, True))],
    BOTH: [((True, True), (False, True))],
    NOTHING: [()],
}


def named(row: object) -> str:
    """Return the name of a row, for pytest."""
    return cast("Row", row)[0] if isinstance(row, tuple) else ""  # as the parameters are


@pytest.mark.parametrize("row", PROVED, ids=named)
def test_a_row_that_is_proved(runner: asyncio.Runner, row: Row) -> None:
    """It has no guard, in no style; the same is seen as with all guards."""
    _, sees, body = row
    check(runner, "override", body, sees, proved=PROVES)
    for style in CLOSURES:
        check(runner, style, body, sees, proved=PROVES and "original" in body)  # else there is nothing to guard


@pytest.mark.parametrize("row", NOT_PROVED, ids=named)
def test_a_row_that_is_not_proved(runner: asyncio.Runner, row: Row) -> None:
    """It has its guard, in every style."""
    name, sees, body = row
    check(runner, "override", body, sees, proved=False)
    for style in CLOSURES:
        # In a closure, a body that sets `original` has a variable of its own, without a value.
        check(runner, style, body, None if name.startswith("original") else sees, proved=False)


def check(runner: asyncio.Runner, style: Style, body: str, sees: str | None, *, proved: bool) -> None:
    """Run a row with all guards and without those that are proved to be idle, and compare all that is observed."""
    found = ran(runner, style, body, guards_every_layer=False)
    guarded = ran(runner, style, body, guards_every_layer=True)
    assert found.proved is proved
    assert not guarded.proved
    assert (found.outcome, found.seen) == (guarded.outcome, guarded.seen)
    assert guarded.links == len(guarded.seen) or not guarded.seen
    assert found.links == (0 if proved else guarded.links)
    assert all(is_current for _, is_current in found.seen)
    if sees is not None:
        assert found.seen in SEEN[sees]


def as_sync(row: Row) -> Row:
    """Return a row for an override of a function that is not async, as far as there is nothing else to await."""
    name, sees, body = row
    return name, sees, body.replace("await original(", "original(").replace("greeting, ", "")


WITHOUT: Final = ("await", "async", "greeting", ".close()", "None,", "), user")


def sync_rows(rows: tuple[Row, ...]) -> list[Row]:
    """Return the rows that can do without awaiting."""
    made = [as_sync(row) for row in rows if row[0] != "too few"]  # there are fewer
    return [row for row in made if not any(word in row[2] for word in WITHOUT)]


@pytest.mark.parametrize("row", sync_rows(PROVED), ids=named)
def test_a_row_of_a_sync_function_that_is_proved(runner: asyncio.Runner, row: Row) -> None:
    """The same where nothing is awaited."""
    _, sees, body = row
    check(runner, "sync", body, sees, proved=PROVES)


@pytest.mark.parametrize("row", sync_rows(NOT_PROVED), ids=named)
def test_a_row_of_a_sync_function_that_is_not_proved(runner: asyncio.Runner, row: Row) -> None:
    """As above."""
    _, sees, body = row
    check(runner, "sync", body, sees, proved=False)
