"""
What a test may have left, or taken: files of its own folder, threads of the library, memory.

A process of many tests opens and ends more than one test's: a garbage collection closes what an earlier one had left.
So nothing here counts what the whole process has.
"""

import threading
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def open_files(folder: Path) -> list[str]:
    """Return which files of a folder this process holds open, one for each descriptor, where the system tells."""
    descriptors = Path("/proc/self/fd")
    if not descriptors.is_dir():
        return []
    names: list[str] = []
    for descriptor in descriptors.iterdir():
        with suppress(FileNotFoundError):  # the one that reads the folder
            names.append(str(descriptor.readlink()))
    return sorted(name for name in names if name.startswith(str(folder)))


def library_threads() -> set[threading.Thread]:
    """Return the threads of the library that run: those from before a test may end meanwhile."""
    return {thread for thread in threading.enumerate() if thread.name.startswith("authweave")}


def peak_bytes(work: Callable[[], object]) -> int:
    """
    Return how much memory some work takes at its peak, of Python's own.

    Other threads of the process are measured too, but hardly each time: the least of three peaks is the work's.
    """

    def once() -> int:
        tracemalloc.start()
        try:
            work()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    return min(once() for _ in range(3))
