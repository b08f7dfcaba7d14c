"""Moving files over."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Final, NamedTuple

from ._bindings import Bindings
from ._files import is_namesake, is_requirements
from ._judging import Judging
from ._left import Left
from ._names import HERE, THERE
from ._requirements import required
from ._rewriting import Rewriting
from ._source import Source, UnreadableError

SPOKEN_OF: Final = (b"supertokens", HERE.encode())
LINES: Final = re.compile(rb"[^\n]*\n|[^\n]+")
"""Lines as git and patch see them: a carriage return belongs to its line."""
NO_END: Final = b"\n\\ No newline at end of file\n"

NAMESAKE: Final = (
    f"This has the name {THERE}, and whether an import means it cannot be seen: leave it and what imports it out by "
    "--exclude, or give it another name."
)


class Moved(NamedTuple):
    """
    A file, moved over.

    Attributes:
        before: its bytes.
        after: those that it should have.
        left: what a person has to do, in the order of the lines.
    """

    before: bytes
    after: bytes
    left: list[Left]


def move_file(path: Path) -> Moved:
    """
    Return what comes of a file. Nothing is written.

    Raises:
        OSError: it cannot be read.
    """
    if is_namesake(path):
        return Moved(b"", b"", [Left(1, 1, NAMESAKE)])
    raw = path.read_bytes()
    if is_requirements(path):
        return Moved(raw, raw, required(raw))
    return move_source(raw)


def move_source(raw: bytes) -> Moved:
    """Move a program's source over; where it cannot be read, it stays as it is, and a person has to look."""
    if not any(name in raw for name in SPOKEN_OF):
        return Moved(raw, raw, [])
    try:
        source = Source(raw)
        bindings = Bindings(source)
        rewriting = Rewriting(source, bindings)
        judging = Judging(source, bindings)
        left = sorted({*rewriting.left, *judging.left}, key=lambda each: each[:3])
        return Moved(raw, source.edited(rewriting.edits), left)
    except UnreadableError as error:
        return Moved(raw, raw, [Left(error.line, 1, f"This file is not read: {error}.")])


def difference(path: Path, before: bytes, after: bytes) -> bytes:
    """Return a unified diff, which ``git apply`` and ``patch -p1`` take; empty where nothing has changed."""
    if before == after:
        return b""
    name = path.as_posix().lstrip("/").encode()
    lines = difflib.diff_bytes(
        difflib.unified_diff, LINES.findall(before), LINES.findall(after), b"a/" + name, b"b/" + name
    )
    return b"".join(line if line.endswith(b"\n") else line + NO_END for line in lines)
