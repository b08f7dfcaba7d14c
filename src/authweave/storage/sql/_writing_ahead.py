"""Writes what `authweave.storage.Ahead` holds, from tables and statements in SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from json import dumps
from textwrap import wrap
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from authweave.storage._part import StorePart

from ._history import CORE, History, history_of
from ._keys import NEWEST_FIRST
from ._tenants import TENANT, TENANTS_ALIKE
from ._written import Written

Statements = Mapping[str, Select[*tuple[Any, ...]]]  # Any: rows have no static type

CORE_AT_START: Final[Statements] = {
    "NEWEST_FIRST": NEWEST_FIRST,
    "TENANT": TENANT,
    "TENANTS_ALIKE": TENANTS_ALIKE,
}

WIDTH: Final = 100

HEAD: Final = '''"""What a start knows of the tables: written by ``python -m authweave.storage.sql``."""

from typing import Final

from {} import Ahead, WrittenAhead

# fmt: off
'''


def ahead_of_core() -> str:
    """Return the module for the core."""
    return module(CORE, CORE_AT_START, "authweave.storage._ahead")


def ahead_of(part: StorePart[object]) -> str:
    """Return the module for a part."""
    return module(history_of(part), part.in_sql().at_start, "authweave.storage")


def module(history: History, statements: Statements, classes_from: str) -> str:
    """Return the text of a module, which has its classes from another."""
    lines = [HEAD.format(classes_from), "AHEAD: Final = Ahead(", f"    {dumps(history.revision)},"]
    lines += ["    " + each for each in written_ahead("", select(history.version.c.version_num))]
    lines.append("    {")
    for name, table in history.metadata.tables.items():
        lines += [f"        {dumps(name)}: ("]
        lines += [f"            {dumps(each.name)}," for each in table.columns]
        lines.append("        ),")
    lines += ["    },", "    {"]
    for name, statement in statements.items():
        lines += ["        " + each for each in written_ahead(f"{dumps(name)}: ", statement)]
    return "\n".join([*lines, "    },", ")", "# fmt: on", ""])


def written_ahead(key: str, statement: Select[*tuple[Any, ...]]) -> Iterator[str]:  # Any: as above
    """Return the lines of a statement."""
    written = Written(SQLiteDialect_pysqlite(), statement).ahead()
    names = ", ".join(map(dumps, written.names))
    *lines, last = wrap(written.sql, WIDTH, drop_whitespace=False)
    yield f"{key}WrittenAhead("
    yield from (f"    {dumps(each)}" for each in lines)
    yield f"    {dumps(last)},"
    yield f"    ({names}{',' if len(written.names) == 1 else ''}),"
    yield f"    {dumps(dict(written.known))},"
    yield "),"
