"""The programs of ``right/`` and ``wrong/``: where each begins, and who must object to which of its lines."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Final, Literal, TypeAlias, get_args

import attrs

ROOT: Final = Path(__file__).parents[2]
RIGHT: Final = tuple(sorted((Path(__file__).parent / "right").glob("*.py")))
WRONG: Final = tuple(sorted((Path(__file__).parent / "wrong").glob("*.py")))

Watcher: TypeAlias = Literal["mypy", "pyright", "init"]
"""Who notices a mistake. ``init`` stands for all that happens at start-up, before the first request."""

WATCHERS: Final[tuple[Watcher, ...]] = get_args(Watcher)
HEADING = re.compile(r"^# program: (?P<name>.+)$")
MARK = re.compile(r"# wrong: (?P<watchers>[a-z]+(?:, [a-z]+)*)$")


@attrs.frozen
class Objection:
    """Who objects to which line of which file."""

    watcher: Watcher
    file: str
    line: int


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
    def marks(self) -> frozenset[Objection]:
        """Who must object, as the comments say."""
        return frozenset(marks_in(self.file, self.lines, self.first))

    @property
    def caught_by(self) -> frozenset[Watcher]:
        """Who notices that something is wrong."""
        return frozenset(mark.watcher for mark in self.marks)

    def holds(self, file: str, line: int) -> bool:
        """Say whether a line is one of the program's own."""
        return file == str(self.file) and self.first <= line < self.first + len(self.lines)

    def compiled(self) -> CodeType:
        """Return the program alone, each line with the number that it has in its file."""
        gap = [""] * (self.first - 1 - len(self.prelude))
        source = "\n".join([*self.prelude, *gap, *self.lines])
        return compile(source + "\n", str(self.file), "exec", dont_inherit=True)


def marks_in(file: Path, lines: tuple[str, ...], first: int) -> Iterator[Objection]:
    """Read the ``# wrong:`` comments of some lines of a file."""
    for number, line in enumerate(lines, first):
        found = MARK.search(line)
        words = found["watchers"].split(", ") if found else []
        strange = set(words).difference(WATCHERS)
        assert not strange, f"{file}:{number}: nobody is called {strange}"
        for watcher in WATCHERS:
            if watcher in words:
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


def relative(file: Path) -> str:
    """Return a file's path within the project."""
    return file.relative_to(ROOT).as_posix()
