"""Building in one go, without looks for garbage in between."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Generator[None]:
    """
    Keep the collector of cyclic garbage from looking at what is made in a block, all of which stays.

    A start makes a hundred thousand objects, for which the collector looks through all of them several times: a quarter
    of the time that `init` takes. Where something is loaded beside requests, they would stand still for each look.

    It is the process's collector: what other threads drop is found after the block.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
