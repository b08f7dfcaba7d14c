"""What is wrong with a list of parts, found before anything is opened."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from ._ahead import CORE_VERSION_TABLE, version_table_of
from ._part import StorePart

NAME: Final = re.compile("[a-z][a-z0-9_]{0,39}")  # with it the name of a version table fits into PostgreSQL's 63
CORE: Final = "core"


def tables_of(part: StorePart[object]) -> Iterable[str]:
    """Return the names of all tables of a part, that of its revision too. Loads no more than it has to."""
    if part.ahead is not None:
        return (*part.ahead().tables, version_table_of(part.name))
    return part.in_sql().tables(part.name)


def part_faults(parts: Sequence[StorePart[object]], *, tables: bool = True) -> list[str]:
    """
    Return what is wrong with the parts of a store; nothing where all is well. Nothing is opened.

    That is a name that cannot be one, two parts of one name, a part that cannot be loaded, and a table that another
    part has, or the core.

    Args:
        parts: the parts; the same one may be there several times.
        tables: whether they are kept in SQL; only then their tables are looked at, and what loads them is loaded.
    """
    faults: list[str] = []
    names: set[str] = set()
    holders: dict[str, str] = {}
    if tables:
        from .sql.ahead import AHEAD  # noqa: PLC0415  a store in memory does without

        holders = dict.fromkeys([*AHEAD.tables, CORE_VERSION_TABLE], "the library's core")
    for part in dict.fromkeys(parts):
        if NAME.fullmatch(part.name) is None or part.name == CORE:
            faults.append(
                f"A part of the store is named {part.name!r}: write lower-case letters, digits and '_', at most 40, "
                f"the first a letter, and another name than {CORE!r}."
            )
            continue
        if part.name in names:
            faults.append(f"Two parts of the store are named {part.name!r}: rename one of them.")
            continue
        names.add(part.name)
        if not tables:
            continue
        try:
            tables_of_part = tables_of(part)
        except Exception as error:  # noqa: BLE001  a stranger's code, whose fault is to be told with the others
            faults.append(f"The part {part.name!r} of the store cannot be loaded ({type(error).__name__}: {error}).")
            continue
        for table in tables_of_part:
            holder = holders.setdefault(table, f"the part {part.name!r}")
            if holder != f"the part {part.name!r}":
                faults.append(
                    f"The part {part.name!r} of the store declares the table {table!r}, which {holder} has: name it "
                    f"authweave_{part.name}..., say."
                )
    return faults
