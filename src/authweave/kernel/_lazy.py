"""Public names of a package that are loaded when they are first used (PEP 562)."""

from __future__ import annotations

import gc
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from importlib import import_module


def load_name(package: str, name: str, modules: Mapping[str, str]) -> object:
    """
    Load a public name of a package: what the package's ``__getattr__`` does.

    Declare the names under ``TYPE_CHECKING`` for the checkers, and ``__getattr__`` where they do not see it: they would
    take any name for one that there is.

    Args:
        package: the ``__name__`` of the package, which keeps the name from now on.
        name: what is asked for.
        modules: where each name is, by name; relative to the package or absolute.

    Raises:
        AttributeError: the package has no such name.
    """
    if name not in modules:
        message = f"module {package!r} has no attribute {name!r}"
        raise AttributeError(message)
    with without_collecting():
        value: object = getattr(import_module(modules[name], package), name)
    vars(sys.modules[package])[name] = value
    return value


@contextmanager
def without_collecting() -> Generator[None]:
    """
    Keep the collector of cyclic garbage from looking at what is made in a block, all of which stays.

    A start makes a hundred thousand objects, for which the collector looks through all of them several times: a fifth
    of the time. It is the process's collector: what other threads drop is found after the block.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
