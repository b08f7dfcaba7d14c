"""
pytest on the CPython that runs in Node, which has no threads, no processes and no sockets.

`pytest_in_node.mjs` calls `run`. Tests that need what is missing are chosen away by their markers, and named.
"""

import asyncio
import time
import warnings
from asyncio.base_events import BaseEventLoop
from collections.abc import Sequence

import pytest
from typing_extensions import override

MISSING = {
    "threads": "no thread can be started",
    "processes": "no process can be started",
    "sockets": "no socket can be opened",
}


class Timer:
    """Stands where an event loop has its selector: there are no sockets to wait for, only time."""

    def select(self, timeout: float | None) -> list[object]:
        """Wait until the next callback is due."""
        if timeout is None:
            message = "every task waits for another, and no callback is due."
            raise RuntimeError(message)
        time.sleep(timeout)
        return []


class TimerLoop(BaseEventLoop):
    """The event loop of asyncio without sockets. Pyodide's own cannot wait: it would have to return to Node."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = Timer()

    def _process_events(self, event_list: list[object]) -> None:
        """Do nothing: a timer brings no events."""

    def _write_to_self(self) -> None:
        """Do nothing: nobody else is there who could wake the loop."""


class TimerLoops(asyncio.DefaultEventLoopPolicy):
    """Makes ``asyncio.run`` use such a loop."""

    @override
    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        loop: type[asyncio.AbstractEventLoop] = TimerLoop
        return loop()


class LeftOut:
    """Leaves out the tests that need what is missing here, and names them at the end."""

    def __init__(self) -> None:
        self.items: dict[str, list[pytest.Item]] = {}

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave them out."""
        kept: list[pytest.Item] = []
        for item in items:
            missing = next((marker for marker in MISSING if item.get_closest_marker(marker)), None)
            (kept if missing is None else self.items.setdefault(missing, [])).append(item)
        config.hook.pytest_deselected(items=[item for left in self.items.values() for item in left])
        items[:] = kept

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name them."""
        for marker, items in self.items.items():
            terminalreporter.section(f"{len(items)} left out because {MISSING[marker]}")
            for item in items:
                terminalreporter.write_line(item.nodeid)


def run(arguments: Sequence[str]) -> int:
    """Run pytest with arguments, and return its exit status."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # no other way to choose the loop of every `asyncio.run`
        asyncio.set_event_loop_policy(TimerLoops())  # pyright: ignore[reportDeprecated]  as the line above
    asyncio._set_running_loop(None)  # Pyodide says of its own that it always runs
    return int(pytest.main(list(arguments), plugins=[LeftOut()]))
