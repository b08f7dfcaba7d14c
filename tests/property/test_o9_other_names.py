"""Law O9 in the seeds' style: parameters that go by their place, or by the interface's name behind an underscore."""

import asyncio
from collections.abc import Callable
from typing import Literal, TypeAlias, cast, get_args

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from authweave.kernel import AnyOverride, Journal, UserContext, compose, explain, journal_of
from tests.property.strategies import SETTINGS
from tests.property.test_o9_growth import FUNCTIONS, PARAMETERS, Wide, WideImplementation, called

pytestmark = pytest.mark.property

Form: TypeAlias = Literal["underscored", "unused", "lambda", "rest", "names and rest"]
NAMES: tuple[str, ...] = (*PARAMETERS, "user_context")


@attrs.frozen
class Renamed:
    """
    An override whose parameters have other names.

    Attributes:
        form: how it is written.
        meant: the interface's names of what it takes, in its order.
        spelled: its own names for them.
        marks: which of them it changes on the way, if any.
    """

    form: Form
    meant: tuple[str, ...]
    spelled: tuple[str, ...]
    marks: str | None

    def passed(self, mark: str) -> str:
        """Spell what it hands to its original."""
        values = [
            f"{own} + {mark!r}" if meant == self.marks else own
            for meant, own in zip(self.meant, self.spelled, strict=True)
        ]
        rest = {"rest": ["*_others", "**named"], "names and rest": ["*_others", "**named"]}.get(self.form, [])
        return ", ".join([*values, *rest])

    def seed(self, function: str, mark: str) -> AnyOverride[Wide]:
        """Write it, as source: signatures are what this law is about."""
        runs, waits = ("async ", "await ") if function == "slow" else ("", "")
        taken = ", ".join([*self.spelled, *(["*_others", "**named"] if "rest" in self.form else [])])
        lines = [f"def renamed{mark}(original_implementation):", f"    original = original_implementation.{function}"]
        if self.form == "lambda":
            lines.append(f"    layer = lambda {taken}: original({self.passed(mark)})")
        else:
            lines += [f"    {runs}def layer({taken}):", f"        return {waits}original({self.passed(mark)})"]
        lines += [f"    original_implementation.{function} = layer", "    return original_implementation"]
        namespace: dict[str, Callable[[Wide], Wide]] = {}
        exec("\n".join(lines), cast("dict[str, object]", namespace))  # noqa: S102  made above
        return namespace[f"renamed{mark}"]


@st.composite
def renamed(draw: st.DrawFn) -> Renamed:
    """Draw such an override."""
    form: Form = draw(st.sampled_from(get_args(Form)))
    meant: tuple[str, ...] = NAMES
    if form == "underscored":
        meant = tuple(draw(st.permutations(NAMES))[: draw(st.integers(0, 5))])
        spelled = [draw(st.sampled_from([name, f"_{name}", f"__{name}"])) for name in meant]
    elif form == "unused":
        spelled = [
            draw(st.sampled_from([name, f"_{name}", f"_{index}", f"_q{index}"])) for index, name in enumerate(NAMES)
        ]
    elif form == "lambda":
        spelled = [draw(st.sampled_from([name, f"_{name}", f"z{index}"])) for index, name in enumerate(NAMES)]
    else:
        meant = NAMES[: draw(st.integers(0, 2))] if form == "names and rest" else ()
        spelled = [draw(st.sampled_from([name, f"_{name}", f"_q{index}"])) for index, name in enumerate(meant)]
    marks = draw(st.sampled_from([None, *(name for name in meant if name != "user_context")]))
    return Renamed(form, meant, tuple(spelled), marks)


@given(st.lists(renamed(), max_size=4), st.sampled_from(FUNCTIONS), st.booleans())
@SETTINGS
def test_every_argument_arrives_under_its_own_name(stack: list[Renamed], function: str, debug: bool) -> None:
    """Whatever overrides call their parameters; what they do not take is carried past them, and all are explained."""
    base: Wide = WideImplementation()
    journal = Journal() if debug else None
    context = UserContext() if journal is None else journal.context()
    app = compose(base, [each.seed(function, str(index)) for index, each in enumerate(stack)], journal=journal)
    values = dict(zip(PARAMETERS, "ABCD", strict=True))
    for index, each in enumerate(stack):
        if each.marks is not None:
            values[each.marks] += str(index)
    assert asyncio.run(called(app, function, "ABCD", context)) == tuple(values.values())
    names = [f"renamed{index}" for index in range(len(stack))]
    (chain,) = [each for each in explain(app) if each.name == function]
    assert [layer.name for layer in chain.layers] == names
    calls = [entry.layer.name for entry in journal_of(context) if entry.action == "call" and entry.layer is not None]
    assert calls == ([*names, f"WideImplementation.{function}"] if debug else [])
