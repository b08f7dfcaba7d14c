"""In which line of a TOML file each key stands, which the standard library does not say."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias, cast

MAX_LINES: Final = 100
"""Of one statement. Whether it ends is tried at each line, which takes its time for one that never seems to."""

Path: TypeAlias = tuple[str | int, ...]
"""Where a value is: names of tables and keys, and places in lists (``("webhooks", 0, "url")``)."""


def lines_of(text: str) -> dict[Path, int]:
    """
    Return the line of each key and table of a file that can be read, counted from 1.

    The parser of the standard library reads one statement at a time, and so decides where each ends: a statement that
    goes on in the next line cannot be read yet. What stands after one of very many lines has no line.
    """
    lines: dict[Path, int] = {}
    table: Path = ()
    lists: dict[Path, int] = {}
    for number, statement in statements(text):
        parsed = tomllib.loads(statement)
        header = statement.lstrip().startswith("[")
        for path in paths_in(parsed):
            if not header:
                note((*table, *path), number, lines)
                continue
            table = in_lists(path, lists, begins=statement.lstrip().startswith("[["))
            note(table, number, lines)
    return lines


def note(path: Path, number: int, lines: dict[Path, int]) -> None:
    """Note the line of a key or table, and of the tables above it that have not been seen: it makes them."""
    for depth in range(1, len(path) + 1):
        lines.setdefault(path[:depth], number)


def statements(text: str) -> Iterator[tuple[int, str]]:
    """Return each statement of a file with the line in which it begins."""
    pending: list[str] = []
    begun = 0
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):  # no more ends a line of TOML
        if not pending:
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            begun = number
        pending.append(line)
        if len(pending) > MAX_LINES:
            return
        statement = "\n".join(pending)
        try:
            tomllib.loads(statement)
        except tomllib.TOMLDecodeError:
            continue
        pending.clear()
        yield begun, statement


def paths_in(parsed: Mapping[str, object], above: Path = ()) -> Iterator[Path]:
    """Return where the values of a statement are: that of its key, and those of the tables in braces below."""
    for key, value in parsed.items():
        path = (*above, key)
        inner: object = {} if value == [{}] else value  # the header of a list of tables
        if isinstance(inner, dict) and inner:
            yield from paths_in(cast("dict[str, object]", inner), path)  # of TOML: its keys are texts
        else:
            yield path


def in_lists(path: Path, lists: dict[Path, int], *, begins: bool) -> Path:
    """
    Return where a table is, with the places in the lists of tables that it is in.

    Args:
        path: as its header has it.
        lists: how many tables each list of them has had; a new one is counted.
        begins: whether the header begins another table of a list.
    """
    found: Path = ()
    for depth, key in enumerate(path, 1):
        found = (*found, key)
        if begins and depth == len(path):
            lists[found] = lists.get(found, -1) + 1
        if found in lists:
            found = (*found, lists[found])
    return found
