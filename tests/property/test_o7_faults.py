"""Law O7: all faults of a composition in one error, each with the file and line of the override."""

from typing import cast

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from authweave.kernel import AnyOverride, CompositionError, Fault, FaultReport, compose
from tests.property.programs import Machine, MachineImplementation, Spec, built
from tests.property.strategies import SETTINGS

pytestmark = pytest.mark.property

HEADER = "from authweave.kernel import override, wrap\nfrom tests.property.programs import Machine\n"


@attrs.frozen
class Wrong:
    """A module with one override, what is to be said of it, and the line (after the header) that is to be named."""

    source: str
    message: str
    line: int = 1


WRONG = (
    Wrong("@override(Machine.third)\ndef made(original, call, wrld, user_context): ...", "did you mean 'world'?"),
    Wrong("@override(Machine.third)\ndef made(original, call, world, more, user_context): ...", "no parameter 'more'"),
    Wrong("@override(Machine.first)\ndef made(original, call, world, user_context) -> str: ...", "as 'async def'"),
    Wrong("@override(Machine.third)\nasync def made(original, call, world, user_context): ...", "as 'def'"),
    Wrong("@override(Machine.third)\ndef made(): ...", "takes no 'original'"),
    Wrong("@override(Machine.third, before=['thrid'])\ndef made(original, *args): ...", "no override is named"),
    Wrong("def made(implementation):\n    implementation.thrid = print\n    return implementation", "mean 'third'?", 1),
    Wrong("def made(implementation):\n    implementation.third = 3\n    return implementation", "cannot be called"),
    Wrong("def made(implementation): ...", "return the object that it was handed"),
    Wrong("def made(implementation):\n    raise KeyError('gone')", "raised KeyError"),
    Wrong(
        "def made(implementation):\n    def third(call, wolrd): ...\n    implementation.third = third\n"
        "    return implementation",
        "did you mean 'world'?",
        2,
    ),
    Wrong(
        "def made(implementation):\n    def third(call, _wolrd, _ctx): ...\n    implementation.third = third\n"
        "    return implementation",
        "did you mean 'world'?",
        2,
    ),
    Wrong(
        "def made(implementation):\n    implementation.third = lambda c, wolrd, u: ...\n    return implementation",
        "did you mean 'world'?",
        2,
    ),
    Wrong(
        "def made(implementation):\n    def third(call, w, user_context): ...\n    implementation.third = third\n"
        "    return implementation",
        "no parameter 'w'",
        2,
    ),
    Wrong("def wrapper(original): return 3\nmade = wrap(Machine.third, wrapper)", "instead of a function"),
    Wrong("def wrapper(original): raise KeyError('gone')\nmade = wrap(Machine.third, wrapper)", "raised KeyError"),
)


def module(wrong: Wrong, number: int, blank: int) -> AnyOverride[Machine]:
    """Run a module of a plugin; give the override that it makes."""
    namespace: dict[str, object] = {}
    code = compile(HEADER + "\n" * blank + wrong.source, f"plugin_{number}.py", "exec")
    exec(code, namespace)  # noqa: S102  a module needs a file and lines of its own
    return cast("AnyOverride[Machine]", namespace["made"])  # wrong on purpose


@given(
    st.lists(st.tuples(st.sampled_from(WRONG), st.integers(0, 20), st.integers(0, 2)), max_size=6),
    st.booleans(),
)
@SETTINGS
def test_every_fault_is_reported_with_its_place(wrong: list[tuple[Wrong, int, int]], collected: bool) -> None:
    """Among right overrides, each wrong one is one fault, at the file and line where it was written."""
    overrides: list[AnyOverride[Machine]] = []
    expected: dict[tuple[str, int], str] = {}
    for number, (each, blank, right) in enumerate(wrong):
        overrides += [built(Spec(f"right{number}{index}", "fourth")) for index in range(right)]
        overrides.append(module(each, number, blank))
        expected[f"plugin_{number}.py", HEADER.count("\n") + blank + each.line] = each.message
    base: Machine = MachineImplementation()
    report = FaultReport()
    if collected:
        compose(base, overrides, report=report)
        found = tuple(report.faults)
    else:
        found = faults_of(base, overrides)
    assert {(fault.file, fault.line) for fault in found} == set(expected)
    assert len(found) == len(expected)
    assert all(expected[fault.file, fault.line] in fault.message for fault in found)


def faults_of(base: Machine, overrides: list[AnyOverride[Machine]]) -> tuple[Fault, ...]:
    """Compose, and return the faults of the error, if there is one."""
    try:
        compose(base, overrides)
    except CompositionError as error:
        return tuple(fault for fault in error.faults if str(fault) in str(error))
    return ()


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=5))
@SETTINGS
def test_two_overrides_of_one_function_have_two_names(names: list[str]) -> None:
    """Each name that was given before, for the same function, is a fault."""
    base: Machine = MachineImplementation()
    report = FaultReport()
    compose(base, [built(Spec(name, "third")) for name in names], report=report)
    twice = {name for name in names if names.count(name) > 1}
    assert {name for name in "abc" if any(repr(name) in fault.message for fault in report.faults)} == twice
