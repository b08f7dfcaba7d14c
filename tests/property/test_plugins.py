"""Plugins under law O1: their order respects every constraint, and is the order of the lists otherwise."""

from collections.abc import Callable, Sequence
from itertools import permutations
from typing import ParamSpec, Protocol, TypeAlias, TypeVar

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override as overrides

from authweave.kernel import (
    CompositionError,
    FaultReport,
    Interface,
    Override,
    Plugin,
    UserContext,
    compose,
    explain,
    overridable,
    with_plugins,
    wrap,
)
from tests.property.strategies import SETTINGS

pytestmark = pytest.mark.property

P = ParamSpec("P")
R = TypeVar("R")
Edge: TypeAlias = tuple[str, str]
"""The first stands outside of the second."""

LISTED = ("p0", "p1", "p2")
ABSENT = ("absent", "gone")


class FirstInterface(Interface, Protocol):
    @overridable
    def call(self, user_context: UserContext) -> None: ...


class SecondInterface(Interface, Protocol):
    @overridable
    def call(self, user_context: UserContext) -> None: ...


class First(FirstInterface):
    @overridable
    @overrides
    def call(self, user_context: UserContext) -> None: ...


class Second(SecondInterface):
    @overridable
    @overrides
    def call(self, user_context: UserContext) -> None: ...


@attrs.frozen
class Spec:
    """An override: its full name, its interface, and the constraints as they are written in it."""

    name: str
    first: bool
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    @property
    def plugin(self) -> str | None:
        """The id of the plugin that it belongs to."""
        owner, slash, _ = self.name.partition("/")
        return owner if slash else None

    def built(self) -> Override[Interface]:
        """Make the override, under the name that it has within its plugin."""
        name = self.name.rpartition("/")[2]
        if self.first:
            return wrap(FirstInterface.call, unchanged, name=name, before=self.before, after=self.after)
        return wrap(SecondInterface.call, unchanged, name=name, before=self.before, after=self.after)


@attrs.frozen
class Program:
    """An application: its own overrides, and plugins in the order of their list with their own constraints."""

    specs: tuple[Spec, ...]
    ids: tuple[str, ...]
    before: dict[str, tuple[str, ...]]
    after: dict[str, tuple[str, ...]]

    def meant(self, by: Spec, word: str) -> list[str]:
        """Return the overrides of its interface that an override means by a word in its constraints."""
        peers = [each.name for each in self.specs if each.first is by.first and each.name != by.name]
        own = f"{by.plugin}/{word}"
        if own in peers or own == by.name:
            return [own] if own in peers else []
        return [name for name in peers if name == word or name.startswith(f"{word}/")]

    def edges(self, first: bool) -> set[Edge]:
        """Return all constraints between the overrides of one interface."""
        found: set[Edge] = set()
        for spec in self.specs:
            if spec.first is not first:
                continue
            inner = (*spec.before, *self.before.get(spec.plugin or "", ()))
            outer = (*spec.after, *self.after.get(spec.plugin or "", ()))
            found |= {(spec.name, other) for word in inner for other in self.meant(spec, word)}
            found |= {(other, spec.name) for word in outer for other in self.meant(spec, word)}
        return found

    def allowed(self, first: bool) -> list[str] | None:
        """Of all orders that the constraints allow, return the first in the order of the lists."""
        edges = self.edges(first)
        orders = permutations([each.name for each in self.specs if each.first is first])
        return next(
            (list(order) for order in orders if all(order.index(one) < order.index(other) for one, other in edges)),
            None,
        )

    def composed(self) -> list[list[str]]:
        """Compose as an application does; return the chains of both interfaces."""
        own = [each.built() for each in self.specs if each.plugin is None]
        plugins = [
            Plugin(
                plugin_id,
                [each.built() for each in self.specs if each.plugin == plugin_id],
                before=self.before[plugin_id],
                after=self.after[plugin_id],
            )
            for plugin_id in self.ids
        ]
        report = FaultReport()
        together = with_plugins(own, plugins, report)
        first = compose(First(), [each for each in together if each.interface is FirstInterface], report=report)
        second = compose(Second(), [each for each in together if each.interface is SecondInterface], report=report)
        report.raise_if_any()
        return [[layer.name for layer in explain(each)[0].layers] for each in (first, second)]


def unchanged(original: Callable[P, R]) -> Callable[P, R]:
    """Wrap a function in nothing."""
    return original


def some(words: Sequence[str]) -> st.SearchStrategy[tuple[str, ...]]:
    """Draw constraints: mostly none."""
    drawn = st.lists(st.sampled_from(words), max_size=1, unique=True) if words else st.just(list[str]())
    return drawn.map(tuple)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Draw an application whose constraints name what is there, or plugins that are not."""
    ids = tuple(draw(st.permutations(LISTED)))[: draw(st.integers(0, 3))]
    owners = ["", *ids]
    bare = [
        Spec(f"{owner}/o{index}" if owner else f"own{index}", draw(st.booleans()))
        for owner in owners
        for index in range(draw(st.integers(0, 2)))
    ]
    specs: list[Spec] = []
    for spec in bare:
        peers = [each for each in bare if each.first is spec.first and each.name != spec.name]
        within = [each.name.rpartition("/")[2] for each in peers if each.plugin == spec.plugin]
        words = [*within, *(each.name for each in peers), *ids, *(f"{each}/o0" for each in ABSENT)]
        specs.append(attrs.evolve(spec, before=draw(some(words)), after=draw(some(words))))
    every = (*LISTED, *ABSENT)
    return Program(
        tuple(specs), ids, {each: draw(some(every)) for each in ids}, {each: draw(some(every)) for each in ids}
    )


@given(programs())
@SETTINGS
def test_order_respects_all_constraints_and_the_lists_otherwise(program: Program) -> None:
    """The order is the first that is allowed; where there is none, an error names the contradiction."""
    expected = [program.allowed(first) for first in (True, False)]
    if None in expected:
        with pytest.raises(CompositionError, match="overrides contradict each other") as caught:
            program.composed()
        assert len(caught.value.faults) == expected.count(None)
    else:
        assert program.composed() == expected


@given(programs())
@SETTINGS
def test_composing_changes_no_plugin(program: Program) -> None:
    """Law O5: what is listed in two applications is the same in both."""
    if all(program.allowed(first) is not None for first in (True, False)):
        assert program.composed() == program.composed()


def test_there_are_programs_of_both_kinds() -> None:
    """The strategy reaches contradictions, and orders that differ from the list's."""
    one, other = Spec("p0/o0", first=True), Spec("p1/o0", first=True)
    contradiction = Program((one, other), ("p0", "p1"), {"p0": ("p1",), "p1": ("p0",)}, {"p0": (), "p1": ()})
    assert contradiction.allowed(first=True) is None
    turned = Program((one, other), ("p0", "p1"), {"p0": (), "p1": ("p0",)}, {"p0": (), "p1": ()})
    assert turned.allowed(first=True) == ["p1/o0", "p0/o0"]
    assert turned.composed() == [["p1/o0", "p0/o0"], []]
