"""
The tests that coverage does not trace, because what they run is traced elsewhere, or not reported at all.

Tracing costs a third of the processor time of a test. No test is left out for it: these run, and are only not measured.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from typing import TYPE_CHECKING, Final

import attrs
import pytest

if TYPE_CHECKING:
    from coverage import Coverage

MARKS: Final = ("frameworks", "untraced")
"""
The same tests, with the same library behind them, are traced on FastAPI; adapters have traced tests in `unit`. And what
goes through a few lines a million times, which other tests go through too.
"""

FOLDERS: Final = ("tests/e2e/",)
"""They start programs, which do not measure themselves, and the report leaves out their own code."""


def is_traced(item: pytest.Item) -> bool:
    """Return whether coverage needs a test."""
    return not item.nodeid.startswith(FOLDERS) and not any(item.get_closest_marker(mark) for mark in MARKS)


@attrs.define
class Tracing:
    """Switches coverage off and on between tests: with the first test of a module, and so with the servers of all."""

    _coverage: Coverage
    _is_on: bool = True

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Trace a test, and the fixtures that it is the first to use, or do not."""
        if is_traced(item) != self._is_on:
            self._is_on = not self._is_on
            if self._is_on:
                self._coverage.start()
            else:
                self._coverage.stop()
        return (yield)


def trace_what_is_needed(config: pytest.Config) -> None:
    """Have the tests of this process traced as above, if it measures itself."""
    loaded = sys.modules.get("coverage")  # by COVERAGE_PROCESS_START; the kernel's tests run where there is none
    running = loaded and loaded.Coverage.current()
    if running:
        config.pluginmanager.register(Tracing(running))
