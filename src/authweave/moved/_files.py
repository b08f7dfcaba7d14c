"""Finding an application's files, and writing one in the place of another."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

from ._names import THERE

NOT_ENTERED: Final = frozenset({"__pycache__", "node_modules", "site-packages"})
"""
Folders of others.

So are hidden ones, and environments, which have a file ``pyvenv.cfg`` or a folder ``conda-meta``.
"""

PYTHON: Final = (".py", ".pyi", ".pyw")
REQUIREMENTS: Final = (
    "pyproject.toml",
    "setup.cfg",
    "tox.ini",
    "Pipfile",
    "environment.y*ml",
    "*requirements*.txt",
    "*requirements*.in",
    "*constraints*.txt",
    "requirements/*.txt",
    "requirements/*.in",
)


def files_below(paths: Sequence[Path], exclude: Sequence[str]) -> Iterator[Path]:
    """
    Yield the files that may speak of SuperTokens, each once, in order.

    Links are followed where they are among `paths` alone.

    Args:
        paths: files, whatever they are called, and folders.
        exclude: patterns of names, or of paths below a folder: ``tests/*``, ``*_pb2.py``. A folder is left out whole.
    """
    seen: set[Path] = set()
    for path in paths:
        root = path.resolve()
        for file in walked(root, root, exclude) if root.is_dir() else [root]:
            if file not in seen:
                seen.add(file)
                yield as_named(file, root, path)


def as_named(file: Path, root: Path, named: Path) -> Path:
    """Return the path of a file as somebody who named a folder would write it."""
    return named / file.relative_to(root) if file != root else named


def walked(folder: Path, root: Path, exclude: Sequence[str]) -> Iterator[Path]:
    """Yield the files of interest in a folder and those in it."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except PermissionError:
        yield folder  # who reads it is told why it cannot
        return
    for entry in entries:
        path = folder / entry.name
        below = path.relative_to(root).as_posix()
        if entry.is_symlink() or any(fnmatch(entry.name, each) or fnmatch(below, each) for each in exclude):
            continue
        if is_namesake(path):
            yield path  # as above
        elif entry.is_dir():
            if not is_of_others(path):
                yield from walked(path, root, exclude)
        elif entry.is_file() and (path.suffix in PYTHON or is_requirements(path)):
            yield path


def is_namesake(path: Path) -> bool:
    """Return whether a package or module of the application has the name that SuperTokens' has."""
    return (path / "__init__.py").is_file() if path.name == THERE else path.name == f"{THERE}.py"


def is_of_others(folder: Path) -> bool:
    """Return whether a folder holds what others have written: also stubs of SuperTokens."""
    is_named_so = folder.name in {*NOT_ENTERED, THERE} or folder.name.startswith(".")
    return is_named_so or (folder / "pyvenv.cfg").exists() or (folder / "conda-meta").exists()


def is_requirements(path: Path) -> bool:
    """Return whether a file says what has to be installed."""
    return any(path.match(pattern) for pattern in REQUIREMENTS)


def replace_file(path: Path, before: bytes, after: bytes) -> None:
    """
    Write a file anew, at once: whoever reads it sees it as it was or as it is, also after a crash.

    Its mode stays, and a link to it stays one.

    Raises:
        OSError: it cannot be written, or somebody else has changed it since it was read.
    """
    real = path.resolve()
    number, name = tempfile.mkstemp(dir=real.parent, prefix=f".{real.name}.")
    written = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        written.chmod(real.stat().st_mode & 0o7777)
        refuse_changed(real, before)
        written.replace(real)
    except BaseException:
        written.unlink(missing_ok=True)
        raise


def refuse_changed(path: Path, before: bytes) -> None:
    """Raise OSError where a file is not any more what was read."""
    if path.read_bytes() != before:
        message = "it has been changed since it was read"
        raise OSError(message)
