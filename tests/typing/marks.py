"""
The comments that say who objects to a line.

``# wrong: init, all but zuban`` is one: start-up objects, and every checker but one. ``all`` are the six checkers;
where more than two of them are silent, the others are named: ``# wrong: mypy, pyright``.
"""

import re
from collections.abc import Collection
from typing import Final, Literal, TypeAlias

from tests.typing.environments import CHECKER_NAMES, CheckerName

StartUp: TypeAlias = Literal["init"]
"""All that happens at start-up, before the first request."""

Watcher: TypeAlias = CheckerName | StartUp
"""Who notices a mistake."""

WATCHERS: Final[tuple[Watcher, ...]] = (*CHECKER_NAMES, "init")
MARK = re.compile(r"\s*# wrong:(?P<words>.*)$")
WORDS = re.compile(r"(?P<init>init(?:, )?)?(?P<all>all(?: but )?)?(?P<names>.*)")
MOST_EXCEPTIONS = 2


def read_mark(line: str, place: str) -> frozenset[Watcher]:
    """Return who objects to a line, as its comment says; there is one way to write each comment."""
    mark = MARK.search(line)
    if mark is None:
        return frozenset()
    found = WORDS.fullmatch(mark["words"].strip())
    assert found
    named = found["names"].split(", ")
    watchers: set[Watcher] = {name for name in CHECKER_NAMES if (name in named) != bool(found["all"])}
    if found["init"]:
        watchers.add("init")
    assert line == marked(line, watchers), f"{place}: mend the mark, or run `python -m tests.typing.update`"
    return frozenset(watchers)


def marked(line: str, watchers: Collection[Watcher]) -> str:
    """Return a line with the mark that says who objects to it, or without any."""
    bare = MARK.sub("", line)
    return f"{bare}  # wrong: {', '.join(words(watchers))}" if watchers else bare


def words(watchers: Collection[Watcher]) -> list[str]:
    """Say in few words who objects."""
    silent = [name for name in CHECKER_NAMES if name not in watchers]
    said = ["init"] if "init" in watchers else []
    if not silent:
        return [*said, "all"]
    if len(silent) <= MOST_EXCEPTIONS:
        return [*said, f"all but {', '.join(silent)}"]
    return [*said, *(name for name in CHECKER_NAMES if name in watchers)]
