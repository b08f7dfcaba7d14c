"""Threads with a bounded queue: what is left of them when nobody holds them any more, and at the end of a process."""

from __future__ import annotations

import subprocess
import sys
import threading
from functools import partial

import pytest

from authweave.security import BoundedThreads
from tests.patience import PATIENCE_S

NAME = "bounded-threads"

ENDS = """
import threading

from authweave.security import BoundedThreads

begun, main = threading.Event(), threading.main_thread()


def work():
    begun.set()
    main.join()
    print("done")


threads = BoundedThreads(1, 1, "bounded-threads")
threads.submit(work)
begun.wait()
"""


def ours() -> list[threading.Thread]:
    """Return the threads that these tests have begun and that have not ended."""
    return [each for each in threading.enumerate() if each.name.startswith(NAME)]


def test_it_has_as_many_threads_as_are_needed() -> None:
    """One after the other, one thread does them all."""
    threads = BoundedThreads(4, 4, NAME)
    for number in range(20):
        future = threads.submit(partial(abs, number))
        assert future is not None
        assert future.result(PATIENCE_S) == number
    assert len(ours()) == 1
    threads.close()
    assert ours() == []


def test_where_the_system_gives_no_more_threads_those_there_are_do_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any, whoever asks is told."""

    def refuse(_: threading.Thread) -> None:
        message = "can't start new thread"
        raise RuntimeError(message)

    threads, gate = BoundedThreads(4, 4, NAME), threading.Event()
    with monkeypatch.context() as without_threads:
        without_threads.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError, match="can't start"):
            threads.submit(gate.set)
    held = threads.submit(gate.wait)
    monkeypatch.setattr(threading.Thread, "start", refuse)
    waits = threads.submit(partial(abs, -1))
    gate.set()
    assert held is not None
    assert waits is not None
    assert waits.result(PATIENCE_S) == 1
    threads.close()


def test_who_is_forgotten_leaves_no_threads() -> None:
    """What waits is done still."""
    threads, gate, done = BoundedThreads(2, 4, NAME), threading.Event(), threading.Event()
    for work in (gate.wait, gate.wait, done.set):
        threads.submit(work)
    begun = ours()
    assert len(begun) == 2
    del threads
    gate.set()
    for thread in begun:
        thread.join(PATIENCE_S)
    assert done.is_set()
    assert ours() == []


@pytest.mark.processes
def test_a_process_ends_when_what_is_under_way_has_ended() -> None:
    """Nothing is broken off half-way, though nobody closed the threads; idle ones hold up nobody."""
    found = subprocess.run([sys.executable, "-c", ENDS], capture_output=True, text=True, check=True, timeout=PATIENCE_S)  # noqa: S603  our own program
    assert (found.stdout, found.stderr) == ("done\n", "")
