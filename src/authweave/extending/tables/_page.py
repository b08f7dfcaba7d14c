"""Writes tables into a page: between two comments, of which the first names the table."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import attrs

from ._table import Row, Table

MARKED: Final = re.compile(r"(<!-- rules: (\w+) -->\n).*?(<!-- end of rules -->)", re.DOTALL)


class UnknownTableError(Exception):
    """A page asks for a table that there is not."""


@attrs.frozen
class TablePage:
    """
    A page with tables, which ``python -m MODULE --write PAGE`` writes.

    Attributes:
        module: whose tables they are.
        tables: decision tables, by their names.
        others: what writes the lines of further tables, by their names.
    """

    module: str
    tables: Mapping[str, Table[str]]
    others: Mapping[str, Callable[[], Iterable[str]]] = attrs.field(factory=dict[str, Callable[[], Iterable[str]]])

    def with_tables(self, page: str) -> str:
        """
        Return a page with its tables as they are now.

        Raises:
            UnknownTableError: it asks for one that there is not.
        """
        return MARKED.sub(lambda found: f"{found[1]}\n{self.written(found[2])}\n{found[3]}", page)

    def written(self, name: str) -> str:
        """Return a table in Markdown, by its name."""
        if name in self.others:
            return "".join(f"{each}\n" for each in self.others[name]())
        if name not in self.tables:
            message = f"There is no table {name!r}; there are {', '.join([*self.tables, *self.others])}."
            raise UnknownTableError(message)
        return "".join(f"{each}\n" for each in lines_of(self.tables[name]))

    def main(self, arguments: Sequence[str]) -> int:
        """
        Write a page (``--write PAGE``), or look whether it is up to date (``--check PAGE``).

        Returns:
            The exit status: 1 where the page is not up to date, 2 where neither is asked for.
        """
        match arguments:
            case ["--write" | "--check" as wanted, page]:
                path = Path(page)
            case _:
                sys.stderr.write(f"python -m {self.module} --write|--check PAGE\n")
                return 2
        before = path.read_text(encoding="utf-8")
        after = self.with_tables(before)
        if before == after:
            return 0
        if wanted == "--check":
            sys.stderr.write(f"{page} is not up to date: run python -m {self.module} --write {page}\n")
            return 1
        path.write_text(after, encoding="utf-8")
        return 0


def lines_of(table: Table[str]) -> Iterable[str]:
    """Return the lines of a decision table."""
    for fact in table.facts:
        if fact.note:
            yield f"- {fact.note}."
    if any(fact.note for fact in table.facts):
        yield ""
    yield line("#", "where", "then")
    yield line("---", "---", "---")
    for number, each in enumerate(table.rows, 1):
        yield line(str(number), conditions(table, each), table.outcomes[each.then])


def conditions(table: Table[str], row: Row[str]) -> str:
    """Return what a row asks for, in words."""
    phrases = {fact.name: fact.phrases for fact in table.facts}
    asked = [" *or* ".join(phrases[name][value] for value in values) for name, values in row.when.items()]
    return "; ".join(asked) or "otherwise"


def line(*cells: str) -> str:
    """Return a line of a table."""
    return f"| {' | '.join(cells)} |"
