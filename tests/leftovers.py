"""
What a test may have left: files of its own folder, threads of the library.

A process of many tests opens and ends more than one test's: a garbage collection closes what an earlier one had left.
So nothing here counts what the whole process has.
"""

import threading
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
