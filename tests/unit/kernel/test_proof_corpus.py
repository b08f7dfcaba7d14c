"""Every override of the corpus, in each style: its guard is there or is not, and the contexts below are the same."""

from __future__ import annotations

import asyncio
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
from tests.unit.kernel.greeter import AppContext, Greet, GreeterInterface, implementation, untyped
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
    def row(original, name, greeting, user_context):
{body}
    return lambda original, name, user_context: row(original, name, 'hello', user_context)
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

CONTEXT: Final[dict[str, object]] = {}


def leave_entered(*_: object) -> None:
    """Enter a context and leave it entered: the hole that a guard closes."""
    use_context(cast("UserContext", {"left": True})).__enter__()


async def leave_entered_later() -> None:
    """Do the same in a coroutine."""
    leave_entered()


@types.coroutine
def pause() -> Generator[None]:
    """Give way once."""
    yield


class Leaves:
    """Leaves a context entered, whatever is done with it."""

    def _(self, *_: object) -> int:
        leave_entered()
        return 1

    __add__ = __call__ = __contains__ = __delitem__ = __enter__ = __eq__ = __exit__ = __getitem__ = __hash__ = _
    __lt__ = __neg__ = __setitem__ = _

    def __bool__(self) -> bool:
        leave_entered()
        return True

    def __format__(self, _: str) -> str:
        leave_entered()
        return ""

    def __iter__(self) -> Iterator[int]:
        leave_entered()
        return iter([1])

    def __await__(self) -> Iterator[object]:
        leave_entered()
        return iter([])

    async def __aenter__(self) -> None:
        leave_entered()

    async def __aexit__(self, *_: object) -> None: ...

    async def __aiter__(self) -> AsyncIterator[int]:
        leave_entered()
        yield 1

    @property
    def attribute(self) -> None:
        """Leave one entered."""
        leave_entered()

    @property
    def error(self) -> ValueError:
        """Leave one entered."""
        leave_entered()
        return ValueError()


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
    with use_context({}):
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
    return lambda name, greeting, _: original(name, greeting, {})


async def paused_within() -> None:
    """Stand still in the middle of a block."""
    with use_context({}):
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
        **{each.__name__: each for each in (Finalised, Leaving, asyncio.create_task, asyncio.gather)},
        "CONTEXT": CONTEXT,
        "ERROR": ValueError("planned"),
        "GLOBAL": "global",
        "LEAVES": Leaves(),
        "frame_of": lambda _: sys._getframe(1),  # pyright: ignore[reportPrivateUsage]  as a row wants it
        "leaving": lambda inner: leave_entered() or inner,
        "leaving_generator": lambda: keep(leaving_generator()),
        "note": lambda *_: None,
        "nothing": nullcontext,
        "other_function": another,
        "same": lambda value: value,
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

    app = compose(implementation(), [made(style, body, kept), looks], guards_every_layer=guards_every_layer)

    def count(frame: types.FrameType, event: str, argument: object) -> None:
        del argument
        code = frame.f_code
        if event == "call" and code.co_name == "greet" and code.co_filename.startswith("<authweave: link"):
            links.append(code.co_filename)

    async def main() -> str:
        former = sys.getprofile()
        sys.setprofile(count)
        try:
            return await app.greet("ada", "hello", own)
        except Exception as error:  # noqa: BLE001  whatever a row raises
            return repr(error)
        finally:
            sys.setprofile(former)

    CONTEXT.clear()
    outcome = runner.run(main(), context=copy_context())
    return Found(outcome, tuple(seen), explain(app)[0].layers[0].proved, len(links))


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


@pytest.mark.parametrize("style", ["override", "wrapper", "seed"])
@pytest.mark.parametrize(
    ("row", "proved"), [*((each, True) for each in PROVED), *((each, False) for each in NOT_PROVED)]
)
def test_a_row(runner: asyncio.Runner, row: Row, style: Style, *, proved: bool) -> None:
    """Its guard is there exactly where nothing is proved, and with all guards the same is seen."""
    name, sees, body = row
    found = ran(runner, style, body, guards_every_layer=False)
    guarded = ran(runner, style, body, guards_every_layer=True)
    keeps_original = style == "override" or "original" in body  # else there is nothing to guard
    assert found.proved is (proved and keeps_original and PROVES)
    assert not guarded.proved
    assert (found.outcome, found.seen) == (guarded.outcome, guarded.seen)
    assert guarded.links == len(guarded.seen) or sees == NOTHING
    assert found.links == (0 if found.proved else guarded.links)
    assert all(is_current for _, is_current in found.seen)
    if style == "override" or "original" not in name:  # elsewhere a body that sets `original` has a variable of its own
        assert found.seen in SEEN[sees]
