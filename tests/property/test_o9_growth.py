"""Law O9: an override written against an older, shorter or differently ordered signature keeps working."""

import asyncio
import inspect
from collections.abc import Callable, Sequence
from typing import Literal, Protocol, TypeAlias, cast, get_args

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override as overrides

from authweave.kernel import (
    AnyOverride,
    Interface,
    OriginalEndedError,
    Override,
    UserContext,
    compose,
    current_context,
    overridable,
)
from tests.property.strategies import SETTINGS

pytestmark = pytest.mark.property

Style: TypeAlias = Literal["override", "wrapper", "seed"]
"""What has a signature of its own; an override that is handed a call has none that could be older."""

Arguments: TypeAlias = tuple[str, str, str, str]
PARAMETERS: tuple[str, ...] = ("a", "b", "c", "d")
FUNCTIONS = ("slow", "quick", "named")


class Wide(Interface, Protocol):
    """Functions with four parameters; one takes two of them by keyword only."""

    @overridable
    async def slow(self, a: str, b: str, c: str, d: str, user_context: UserContext) -> Arguments: ...
    @overridable
    def quick(self, a: str, b: str, c: str, d: str, user_context: UserContext) -> Arguments: ...
    @overridable
    def named(self, a: str, b: str, *, c: str, d: str, user_context: UserContext) -> Arguments: ...


class WideImplementation(Wide):
    """Returns what it is given."""

    @overridable
    @overrides
    async def slow(self, a: str, b: str, c: str, d: str, user_context: UserContext) -> Arguments:
        await asyncio.sleep(0)
        assert user_context is current_context()
        return a, b, c, d

    @overridable
    @overrides
    def quick(self, a: str, b: str, c: str, d: str, user_context: UserContext) -> Arguments:
        assert user_context is current_context()
        return a, b, c, d

    @overridable
    @overrides
    def named(self, a: str, b: str, *, c: str, d: str, user_context: UserContext) -> Arguments:
        assert user_context is current_context()
        return a, b, c, d


@attrs.frozen
class Older:
    """An override by its signature: which parameters it takes, in its order, and how it passes them on."""

    positional: tuple[str, ...]
    keyword: tuple[str, ...]
    style: Style
    by_name: bool
    marks: str | None
    twice: bool = False

    def signature(self) -> str:
        """Spell its parameters."""
        return ", ".join([*self.positional, *(["*", *self.keyword] if self.keyword else [])])

    def call(self, marked: str) -> str:
        """Spell its call of original, with a mark on one of the parameters."""
        passed = {name: f"{name} + {marked!r}" if name == self.marks else name for name in self.positional}
        named = [f"{name}={name}" for name in self.keyword]
        positional = [f"{name}={value}" if self.by_name else value for name, value in passed.items()]
        return f"original({', '.join([*positional, *named])})"


@st.composite
def olders(draw: st.DrawFn) -> Older:
    """Draw an older signature: some of the parameters, in any order, some by keyword."""
    taken = draw(st.permutations([*PARAMETERS, "user_context"]))[: draw(st.integers(0, 5))]
    cut = draw(st.integers(0, len(taken)))
    positional = tuple(taken[:cut])
    marks = draw(st.sampled_from([None, *(name for name in positional if name != "user_context")]))
    style: Style = draw(st.sampled_from(get_args(Style)))
    return Older(positional, tuple(taken[cut:]), style, draw(st.booleans()), marks, draw(st.booleans()))


def older_override(older: Older, function: str, mark: str) -> AnyOverride[Wide]:
    """Write such an override, as source: signatures are what this law is about."""
    waits, runs = ("await ", "async ") if function == "slow" else ("", "")
    first = f"original, {older.signature()}" if older.style == "override" else older.signature()
    lines = [f"{runs}def layer({first}):"]
    if older.twice:
        lines.append(f"    {waits}{older.call('twice')}")
    lines.append(f"    return {waits}{older.call(mark)}")
    source = "\n".join(lines)
    if older.style != "override":
        source = "def wrapper(original):\n    " + source.replace("\n", "\n    ") + "\n    return layer"
    namespace: dict[str, Callable[..., object]] = {}
    exec(source, namespace)  # noqa: S102  made above
    if older.style == "override":
        return Override(Wide, function, f"older{mark}", namespace["layer"])
    wrapper = cast("Callable[[object], object]", namespace["wrapper"])  # made above
    if older.style == "wrapper":
        return Override(Wide, function, f"older{mark}", wrapper, style="wrapper")

    def seed(original_implementation: Wide) -> Wide:
        setattr(original_implementation, function, wrapper(getattr(original_implementation, function)))
        return original_implementation

    return seed


async def called(app: Wide, function: str, arguments: Sequence[str], user_context: UserContext) -> object:
    """Call a function of four parameters."""
    a, b, c, d = arguments
    found = cast("Callable[..., object]", getattr(app, function))  # named by the example
    result = found(a, b, c=c, d=d, user_context=user_context)
    return await result if inspect.isawaitable(result) else result


def expected(stack: Sequence[Older], arguments: Sequence[str]) -> Arguments:
    """Say what reaches the implementation: every argument, with the marks that were put on it on the way."""
    values: dict[str, str] = dict(zip(PARAMETERS, arguments, strict=True))
    for index, older in enumerate(stack):
        if older.marks is not None:
            values[older.marks] += str(index)
    return values["a"], values["b"], values["c"], values["d"]


@given(st.lists(olders(), max_size=4), st.sampled_from(FUNCTIONS))
@SETTINGS
def test_what_it_does_not_take_is_carried_past_it(stack: list[Older], function: str) -> None:
    """Through any stack of older overrides each argument arrives under its own name."""
    base: Wide = WideImplementation()
    app = compose(base, [older_override(older, function, str(index)) for index, older in enumerate(stack)])
    arguments = ("A", "B", "C", "D")
    assert asyncio.run(called(app, function, arguments, UserContext())) == expected(stack, arguments)


@given(st.lists(olders(), min_size=1, max_size=3), st.integers(2, 5))
@SETTINGS
def test_calls_at_the_same_time_keep_their_own_arguments(stack: list[Older], count: int) -> None:
    """Concurrent calls through one older override never get each other's arguments."""
    base: Wide = WideImplementation()
    app = compose(base, [older_override(older, "slow", str(index)) for index, older in enumerate(stack)])
    each = [tuple(f"{name}{number}" for name in PARAMETERS) for number in range(count)]

    async def main() -> list[object]:
        shared = UserContext()
        return await asyncio.gather(*(called(app, "slow", arguments, shared) for arguments in each))

    assert asyncio.run(main()) == [expected(stack, arguments) for arguments in each]


@given(olders(), st.integers(1, 4))
@SETTINGS
def test_originals_at_the_same_time_and_one_in_the_other(older: Older, depth: int) -> None:
    """An override may gather several originals, and call the composed function again: each has its own arguments."""
    base: Wide = WideImplementation()
    found: list[object] = []

    async def gathers(original: Callable[..., object], b: str, user_context: UserContext) -> object:
        if len(b) < depth:
            found.append(await called(app, "slow", ("inner", b + "b", "c", "d"), user_context))
        once, again = await asyncio.gather(
            *(cast("asyncio.Future[object]", original(b + mark, user_context)) for mark in ("1", "2"))  # untyped
        )
        assert (once, again) == tuple(expected([older], ("A", b + mark, "C", "D")) for mark in ("1", "2")) or depth > 1
        found.append(again)
        return again

    gathering: Override[Wide] = Override(Wide, "slow", "gathers", gathers)
    app = compose(base, [gathering, older_override(older, "slow", "0")])
    outermost = asyncio.run(called(app, "slow", ("A", "b", "C", "D"), UserContext()))
    assert outermost == expected([older], ("A", "b2", "C", "D"))
    assert found[0] == expected(
        [older], ("inner" if depth > 1 else "A", "b" * depth + "2", *("cd" if depth > 1 else "CD"))
    )


@given(st.sets(st.sampled_from(PARAMETERS), max_size=3), st.sampled_from(["override", "seed"]))
@SETTINGS
def test_original_after_the_end_is_a_stated_error(taken: set[str], style: Literal["override", "seed"]) -> None:
    """Once its call has ended an older override cannot call original any more, and is told why."""
    kept: list[Callable[[], object]] = []
    names = sorted(taken)
    older = Older((*names, "user_context"), (), style, by_name=False, marks=None)
    source = older_override(older, "quick", "0")

    def keeps(original: Callable[..., object], *arguments: object) -> object:
        kept.append(lambda: original(*arguments))
        return original(*arguments)

    namespace: dict[str, Callable[..., object]] = {"keeps": keeps}
    parameters = ", ".join(older.positional)
    exec(f"def layer(original, {parameters}):\n    return keeps(original, {parameters})", namespace)  # noqa: S102  made above
    base: Wide = WideImplementation()
    app = compose(base, [source, Override(Wide, "quick", "keeps", namespace["layer"])])
    assert app.quick("A", "B", "C", "D", UserContext()) == ("A", "B", "C", "D")
    with pytest.raises(OriginalEndedError, match=r"Wide\w*\.quick"):
        kept[0]()
