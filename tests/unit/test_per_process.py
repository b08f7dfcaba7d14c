"""What a fork does to what belongs to one process."""

from __future__ import annotations

import gc
import os
import signal
import threading
import weakref
from collections.abc import Callable

import pytest

from authweave._per_process import PerProcess
from tests.patience import PATIENCE_S

quietly = pytest.mark.filterwarnings(
    "ignore:.*multi-threaded.*fork:DeprecationWarning"
)  # from Python 3.12 on; servers that preload do it


class Value:
    """Something that can be told apart, and watched."""


def in_child(check: Callable[[], bool]) -> bool:
    """Return whether something holds in a child, which ends by itself where it hangs."""
    child = os.fork()
    if child == 0:  # pragma: no cover  coverage does not see the child
        signal.alarm(int(PATIENCE_S))
        held = False
        try:
            held = check()
        finally:
            os._exit(0 if held else 1)
    return os.waitpid(child, 0)[1] == 0


def test_one_value_for_each_holder() -> None:
    """It is made once, when it is first asked for."""
    made: list[Value] = []

    def make() -> Value:
        made.append(Value())
        return made[-1]

    holder, other = PerProcess(make), PerProcess(make)
    assert not made
    assert holder.get() is holder.get()
    assert holder.get() is not other.get()
    assert len(made) == 2


def test_threads_that_ask_first_get_the_same() -> None:
    """However many values are made, one is handed out."""
    both_make = threading.Barrier(2)

    def make() -> Value:
        both_make.wait()
        return Value()

    holder = PerProcess(make)
    found: list[Value] = []
    threads = [threading.Thread(target=lambda: found.append(holder.get())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] is found[1]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forking is POSIX")
class TestChild:
    def test_has_its_own(self) -> None:
        """A child makes one, and a grandchild another."""
        holder = PerProcess(Value)
        parent = holder.get()

        def another_below() -> bool:
            child = holder.get()
            return child is not parent and in_child(lambda: holder.get() not in {parent, child})

        assert in_child(another_below)
        assert holder.get() is parent

    def test_leaves_its_parents_alone(self) -> None:
        """Its parent's value is not even destroyed."""
        holder = PerProcess(Value)
        of_parent = weakref.ref(holder.get())

        def is_kept() -> bool:
            holder.get()
            gc.collect()
            return of_parent() is not None

        assert in_child(is_kept)

    @quietly
    def test_does_not_wait_for_a_thread_that_it_has_not(self) -> None:
        """A lock that is held in the moment of the fork is free in the child."""
        holder = PerProcess(threading.Lock)
        with holder.get():
            assert in_child(lambda: holder.get().acquire(blocking=False))
