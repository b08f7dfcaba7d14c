"""Strategies for programs: trees of calls, and stacks of overrides."""

from collections.abc import Sequence
from typing import get_args

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.property.programs import ASYNC, HOOKS, NAMES, STYLES, SYNC, Call, Handing, Spec, Style

SETTINGS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
"""For every property; how many examples there are is the profile's business."""

HANDINGS: tuple[Handing, ...] = get_args(Handing)
IMPLICIT: tuple[Handing, ...] = ("left out",)

QUIET_STYLES: tuple[Style, ...] = ("override", "wrapper", "seed")

KEYS = st.sampled_from(["a", "b", "c", "d"])


@st.composite
def calls(
    draw: st.DrawFn,
    among: Sequence[str] = NAMES,
    *,
    handings: Sequence[Handing] = HANDINGS,
    failing: bool = True,
    depth: int = 2,
) -> Call:
    """Draw a tree of calls; a sync function calls only sync ones."""
    function = draw(st.sampled_from(among))
    below = NAMES if function in ASYNC else SYNC
    child = calls(below, handings=handings, failing=failing, depth=depth - 1)
    return Call(
        function,
        draw(st.sampled_from(handings)),
        tuple(draw(st.lists(child, max_size=3))) if depth else (),
        draw(st.none() | KEYS),
        failing and draw(st.integers(0, 5)) == 5,
        failing and draw(st.booleans()),
        draw(st.integers(0, 2)),
    )


@st.composite
def specs(
    draw: st.DrawFn,
    name: str,
    among: Sequence[str] = NAMES,
    *,
    handings: Sequence[Handing] = HANDINGS,
    failing: bool = True,
    calling: bool = True,
) -> Spec:
    """Draw an override. It calls only functions that come after its own, so that no program is endless."""
    function = draw(st.sampled_from(among))
    others = NAMES[NAMES.index(function) + 1 :]
    other = calls(others or NAMES, handings=handings, failing=failing, depth=0)
    quiet = draw(st.booleans())
    return Spec(
        name,
        function,
        draw(st.sampled_from(QUIET_STYLES if quiet else (*STYLES, *HOOKS))),
        "own" if quiet else draw(st.sampled_from(handings)),
        1 if quiet else draw(st.sampled_from([1, 1, 1, 1, 0, 2])),
        tuple(draw(st.lists(other, max_size=1 if calling and others else 0))),
        draw(st.none() | KEYS),
        draw(st.sampled_from(["never", "never", "never", "after" if quiet else "before", "after"]))
        if failing
        else "never",
        draw(st.integers(0, 1)),
        quiet,
    )


@st.composite
def stacks(
    draw: st.DrawFn,
    among: Sequence[str] = NAMES,
    *,
    handings: Sequence[Handing] = HANDINGS,
    failing: bool = True,
    calling: bool = True,
    max_size: int = 5,
    prefix: str = "layer",
) -> tuple[Spec, ...]:
    """Draw a stack of overrides, the outermost first, each with a name of its own."""
    count = draw(st.integers(0, max_size))
    drawn = [
        draw(specs(f"{prefix}{index}", among, handings=handings, failing=failing, calling=calling))
        for index in range(count)
    ]
    return tuple(drawn)


def pass_through(spec: Spec) -> Spec:
    """Return an override of the same kind that only calls its original."""
    return Spec(spec.name, spec.function, spec.style, "own" if spec.handing == "new" else "left out")
