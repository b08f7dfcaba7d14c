"""How long work takes is learnt from what is measured, whatever the clock does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authweave.security._pace import SHORTEST_S, Pace

seconds = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12)


@pytest.mark.parametrize("machine", [0.01, 1.0, 100.0])
def test_a_slow_machine_is_learnt(machine: float) -> None:
    """Also one that is a hundred times slower than it was, and one that is faster."""
    pace = Pace(0.02)
    for _ in range(300):
        pace.note(0.02 * machine)
    assert pace.each_s == pytest.approx(0.02 * machine, rel=0.05)


@pytest.mark.parametrize("leap_s", [3_600.0, -3_600.0, 1e12])
def test_a_clock_that_leaps_counts_for_little(leap_s: float) -> None:
    """What is expected stays near what it was."""
    pace = Pace(0.02)
    assert 0 <= pace.note(leap_s) <= 0.16
    assert pace.each_s == pytest.approx(0.02, rel=0.25)


def test_a_clock_that_stood_still_is_no_harm_for_ever() -> None:
    """When it goes on, what work takes is learnt again."""
    pace = Pace(0.0)
    for _ in range(10_000):
        pace.note(0.0)
    assert pace.each_s == SHORTEST_S
    for _ in range(300):
        pace.note(0.02)
    assert pace.each_s == pytest.approx(0.02, rel=0.05)


@given(st.lists(seconds, max_size=50))
def test_no_clock_makes_it_nothing(measured_s: list[float]) -> None:
    """It is a time, above nought, and one measurement makes it no more than a quarter longer."""
    pace = Pace(0.02)
    for each_s in measured_s:
        before_s = pace.each_s
        assert pace.note(each_s) >= 0
        assert SHORTEST_S <= pace.each_s <= 1.25 * before_s
