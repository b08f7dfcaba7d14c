"""``rejected.toml``: the right programs that a checker rejects for a bug of its own, by name."""

import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from tests.typing.checkers import complaints_about
from tests.typing.environments import CHECKER_NAMES
from tests.typing.programs import RIGHT, ROOT, title_at

Rejected: TypeAlias = Mapping[str, list[str]]
"""The titles of programs, by the name of the bug that they are rejected for."""

LIST: Final = Path(__file__).parent / "rejected.toml"
HEADING: Final = (
    "# Right programs that a checker rejects for a bug of its own; `known_bugs.py` tells the bugs.\n"
    "# `python -m tests.typing.update` writes this file.\n"
)


def listed() -> Rejected:
    """Return what the file says."""
    found: dict[str, list[str]] = tomllib.loads(LIST.read_text(encoding="utf-8"))
    return found


def rejected_now() -> Rejected:
    """Return what the checkers say."""
    complaints = [each for checker in CHECKER_NAMES for each in complaints_about(checker, RIGHT)]
    titles: dict[str, set[str]] = {}
    for each in complaints:
        if each.bug is not None:
            titles.setdefault(each.bug.name, set()).add(title_at(ROOT / each.file, each.line))
    return {bug: sorted(titles[bug]) for bug in sorted(titles)}


def as_toml(rejected: Rejected) -> str:
    """Return the text of the file."""
    return HEADING + "".join(table_of(bug, titles) for bug, titles in rejected.items())


def table_of(bug: str, titles: Iterable[str]) -> str:
    """Write the titles that belong to a bug, each on its line; what JSON quotes, TOML understands."""
    lines = "".join(f"    {json.dumps(title)},\n" for title in titles)
    return f"\n{bug} = [\n{lines}]\n"
