"""How many attempts are under way: in a process, on whatever loops."""

from __future__ import annotations

import os
import threading
import time

import pytest
from typing_extensions import override

from authweave._per_process import PerProcess
from authweave.recipe.attempts.attempt import UnderWay

PLACES = {("sign_in", "public", "ada@example.com"): 20, ("sign_in", "198.51.100.7"): 50}


class Yielding(dict[tuple[str, ...], int]):
    """Counts that let another thread go on whenever one is read."""

    @override
    def get(self, key: tuple[str, ...], default: object = None, /) -> int:
        found = super().get(key, 0)
        time.sleep(1e-4)  # lets go of the interpreter, so that another thread runs; nothing waits for it
        return found


def test_loops_of_several_threads_share_it() -> None:
    """None of their counts is lost: each attempt that began is there, and none stays behind."""
    under_way = UnderWay(Yielding())
    begun: list[bool] = []

    def attempts() -> None:
        begun.extend(under_way.begin(PLACES) for _ in range(200))

    threads = [threading.Thread(target=attempts) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(begun), sum(begun), set(under_way.counts.values())) == (1600, 20, {20})
    for _ in range(20):
        under_way.end(PLACES)
    assert under_way.counts == {}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forking is POSIX")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_child_begins_with_none() -> None:
    """What was under way in the parent never ends in the child: there it would hold up the account for ever."""
    holder = PerProcess(UnderWay)
    while holder.get().begin(PLACES):
        pass
    child = os.fork()
    if child == 0:  # pragma: no cover  coverage does not see the child
        try:
            mine = holder.get()
            mine.end(PLACES)  # of an attempt in whose midst the fork came
            os._exit(0 if mine.begin(PLACES) else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
