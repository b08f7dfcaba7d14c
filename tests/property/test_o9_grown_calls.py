"""Law O9 in the call style: a function that grows by parameters breaks no override that is handed a call."""

import asyncio
import inspect
import keyword
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Protocol, TypeAlias, cast, get_args

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from authweave.kernel import Call, Interface, Journal, Override, SyncCall, UserContext, compose, overridable
from authweave.kernel._call import BaseCall
from tests.property.strategies import SETTINGS

pytestmark = pytest.mark.property

Kind: TypeAlias = Literal["positional only", "either", "keyword only"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Context: TypeAlias = Literal["either", "keyword only", "may be left out"]
CONTEXTS: tuple[Context, ...] = get_args(Context)
Style: TypeAlias = Literal["override", "before", "after"]
STYLES: tuple[Style, ...] = get_args(Style)

LETTERS = "abcxyz_éπ名"
AWKWARD = ("call", "cls", "name", "result", "made", "below", "slots", "match", "type", "object", "len", "error", "bind")
REFUSED = {*dir(BaseCall), "user_context", "self", "grow"}
"""Names that a parameter cannot have; a leading underscore is the kernel's own."""


@attrs.frozen
class Parameter:
    """A parameter of a function of an interface."""

    name: str
    kind: Kind
    default: bool


@attrs.frozen
class Shape:
    """A function of an interface: its parameters, and how its context is taken."""

    parameters: tuple[Parameter, ...]
    is_async: bool
    context: Context

    def spelled(self) -> str:
        """Spell the parameters."""
        by_kind = {
            kind: [each.name + "='default'" * each.default for each in self.parameters if each.kind == kind]
            for kind in KINDS
        }
        context = "user_context" + "=None" * (self.context == "may be left out")
        words = [*by_kind["positional only"], *["/"] * bool(by_kind["positional only"]), *by_kind["either"]]
        if by_kind["keyword only"] or self.context == "keyword only":
            words += ["*", *by_kind["keyword only"]]
        return ", ".join([*words, context])

    def source(self) -> str:
        """Write what a library publishes: the interface, the class of calls and an implementation."""
        head = f"    @overridable\n    {'async ' if self.is_async else ''}def grow(self, {self.spelled()}) -> object:"
        given = ", ".join(f"{each.name!r}: {each.name}" for each in self.parameters)
        return "\n".join(
            [
                "class Interface(Base, Protocol):",
                f"{head} ...",
                "class Implementation(Interface):",
                f"{head}\n        return {{{given}}}",
                f"class Grow({'Call' if self.is_async else 'SyncCall'}[Interface, object]):",
                "    'A call of grow.'",
                *(f"    {each.name}: str" for each in self.parameters),
            ]
        )


@st.composite
def names(draw: st.DrawFn) -> str:
    """Draw a name that a parameter may have."""
    return draw(
        (st.sampled_from(AWKWARD) | st.text(LETTERS, min_size=1, max_size=4)).filter(
            lambda name: (
                name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("_") and name not in REFUSED
            )
        )
    )


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    """Draw a function; of what goes by position, defaults come last, as Python has it."""
    drawn = draw(st.lists(names(), max_size=6, unique=True))
    kinds: list[Kind] = sorted((draw(st.sampled_from(KINDS)) for _ in drawn), key=KINDS.index)
    first_default = draw(st.integers(0, sum(kind != "keyword only" for kind in kinds)))
    parameters = tuple(
        Parameter(name, kind, draw(st.booleans()) if kind == "keyword only" else index >= first_default)
        for index, (name, kind) in enumerate(zip(drawn, kinds, strict=True))
    )
    behind_default = any(each.default for each in parameters if each.kind != "keyword only")
    return Shape(parameters, draw(st.booleans()), draw(st.sampled_from(CONTEXTS[1:] if behind_default else CONTEXTS)))


@attrs.frozen
class Layer:
    """An override or a hook, and the parameter that it replaces, if any."""

    style: Style
    known: str | None


def written(layer: Layer, mark: str, *, is_async: bool) -> Callable[..., object]:
    """Write an override that knows one parameter, or none."""

    def mark_known(call: object) -> None:
        if layer.known is not None:
            setattr(call, layer.known, f"{getattr(call, layer.known)}{mark}")

    def goes_on(call: SyncCall[object, object]) -> object:
        mark_known(call)
        return call.original()

    async def goes_on_async(call: Call[object, object]) -> object:
        mark_known(call)
        return await call.original()

    def looks(call: object, result: object = None) -> None:
        mark_known(call)
        del result

    async def looks_async(call: object, result: object = None) -> None:
        looks(call, result)

    if layer.style == "override":
        return goes_on_async if is_async else goes_on
    return looks_async if is_async else looks


def published(shape: Shape) -> Mapping[str, Any]:  # Any: classes that no checker has seen
    """Publish a library."""
    namespace: dict[str, Any] = {  # Any: as above
        "Base": Interface,
        "Protocol": Protocol,
        "Call": Call,
        "SyncCall": SyncCall,
        "overridable": overridable,
        "__name__": __name__,
    }
    exec(shape.source(), namespace)  # noqa: S102  made here
    return namespace


def result_of(
    shape: Shape, stack: Sequence[tuple[Layer, Callable[..., object]]], left_out: int, *, debug: bool
) -> object:
    """Compose a library with overrides; call the function, and return what reached the implementation."""
    library = published(shape)
    overrides: list[Override[object]] = [getattr(library["Grow"], layer.style)(made) for layer, made in stack]
    app = compose(library["Implementation"](), overrides, journal=Journal() if debug else None)
    given = [each for index, each in enumerate(shape.parameters) if not (each.default and index >= left_out)]
    positional = [each.name for each in given if each.kind != "keyword only"]
    by_keyword = {each.name: each.name for each in given if each.kind == "keyword only"}
    found = app.grow(*positional, **by_keyword, user_context=UserContext())
    return asyncio.run(as_coroutine(found)) if inspect.isawaitable(found) else found


async def as_coroutine(found: object) -> object:
    """Await what a function gave."""
    return await cast("Any", found)  # Any: looked at before


@given(st.data(), shapes(), st.integers(0, 6), st.booleans())
@SETTINGS
def test_it_runs_unchanged_and_what_it_does_not_know_is_handed_on(
    data: st.DataObject, grown: Shape, left_out: int, debug: bool
) -> None:
    """The same functions fit the shorter function and the grown one; each argument arrives, with its marks."""
    kept = data.draw(
        st.sets(st.sampled_from(range(len(grown.parameters)))) if grown.parameters else st.just(set[int]())
    )
    shorter = attrs.evolve(grown, parameters=tuple(grown.parameters[index] for index in sorted(kept)))
    known = [None, *(each.name for each in shorter.parameters)]
    layers = data.draw(
        st.lists(st.builds(Layer, st.sampled_from(STYLES), st.sampled_from(known)), max_size=4), label="layers"
    )
    stack = [(each, written(each, str(index), is_async=grown.is_async)) for index, each in enumerate(layers)]
    for shape in (shorter, grown):
        expected = {
            each.name: "default" if each.default and index >= left_out else each.name
            for index, each in enumerate(shape.parameters)
        }
        for index, layer in enumerate(layers):
            if layer.style == "override" and layer.known is not None:
                expected[layer.known] += str(index)
        assert result_of(shape, stack, left_out, debug=debug) == expected
