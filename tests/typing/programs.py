"""The programs of ``right/`` and ``wrong/``: where each begins, and who must object to which of its lines."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import CodeType
from typing import Final, TypeAlias

import attrs

from tests.typing.marks import Watcher, read_mark

ROOT: Final = Path(__file__).parents[2]
RIGHT: Final = tuple(sorted((Path(__file__).parent / "right").glob("*.py")))
WRONG: Final = tuple(sorted((Path(__file__).parent / "wrong").glob("*.py")))

HEADING = re.compile(r"^# program: (?P<name>.+)$")


@attrs.frozen
class Objection:
    """Who objects to which line of which file."""

    watcher: Watcher
    file: str
    line: int


Said: TypeAlias = Mapping[Objection, str]
"""What a watcher said about each line that it objects to."""


@attrs.frozen
class Program:
    """
    One program: what stands above the first heading of its file, and what stands below its own.

    Attributes:
        prelude: the lines above the first heading; they are part of every program of the file.
        first: the number of the line with its heading.
    """

    file: Path
    name: str
    prelude: tuple[str, ...]
    first: int
    lines: tuple[str, ...]

    @property
    def title(self) -> str:
        """The name that tells it from the programs of all files."""
        return f"{self.file.stem}: {self.name}"

    @property
    def marks(self) -> frozenset[Objection]:
        """Who must object, as the comments say."""
        return frozenset(marks_in(self.file, self.lines, self.first))

    @property
    def caught_by(self) -> frozenset[Watcher]:
        """Who notices that something is wrong."""
        return frozenset(mark.watcher for mark in self.marks)

    def holds(self, file: str, line: int) -> bool:
        """Return whether a line is one of the program's own."""
        return file == str(self.file) and self.first <= line < self.first + len(self.lines)

    def compiled(self) -> CodeType:
        """Return the program alone, each line with the number that it has in its file."""
        gap = [""] * (self.first - 1 - len(self.prelude))
        source = "\n".join([*self.prelude, *gap, *self.lines])
        return compile(source + "\n", str(self.file), "exec", dont_inherit=True)


def marks_in(file: Path, lines: Sequence[str], first: int = 1) -> Iterator[Objection]:
    """Read the ``# wrong:`` comments of some lines of a file."""
    for number, line in enumerate(lines, first):
        for watcher in read_mark(line, f"{file}:{number}"):
            yield Objection(watcher, relative(file), number)


def programs_of(file: Path) -> list[Program]:
    """Return the programs of a file."""
    lines = file.read_text(encoding="utf-8").splitlines()
    starts = [number for number, line in enumerate(lines) if HEADING.match(line)]
    prelude = tuple(lines[: starts[0]])
    ends = [*starts[1:], len(lines)]
    return [
        Program(file, lines[start].removeprefix("# program: "), prelude, start + 1, tuple(lines[start:end]))
        for start, end in zip(starts, ends, strict=True)
    ]


def title_at(file: Path, line: int) -> str:
    """Name the program that a line belongs to."""
    titles = [program.title for program in programs_of(file) if program.first <= line]
    return titles[-1] if titles else f"{file.stem}: what its programs share"


def relative(file: Path) -> str:
    """Return a file's path within the project."""
    return file.relative_to(ROOT).as_posix()
