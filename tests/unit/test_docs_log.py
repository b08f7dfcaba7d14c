"""The table of log lines in ``docs/how-to/operate.md`` is what the library logs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
CODE: Final = re.compile(r"`(\w+)`")

Line = tuple[str, str, frozenset[str]]


def logged() -> Iterator[Line]:
    """Return event, level and fields of each line that the library logs."""
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                is_log = isinstance(node.func.value, ast.Name) and node.func.value.id == "logger"
                if is_log:
                    yield line_of(node, node.func.attr, path)


def line_of(call: ast.Call, method: str, path: Path) -> Line:
    """Return what a call of a logger's method logs."""
    extra = next((keyword.value for keyword in call.keywords if keyword.arg == "extra"), None)
    assert isinstance(extra, ast.Dict), f"{path}:{call.lineno} has no fields"
    fields = [ast.literal_eval(key) for key in extra.keys if key is not None]
    assert fields[0] == "event", f"{path}:{call.lineno} does not begin with the event"
    level = "ERROR" if method == "exception" else method.upper()
    return str(ast.literal_eval(extra.values[0])), level, frozenset(fields[1:])


def documented() -> Iterator[Line]:
    """Return what the table says."""
    page = (ROOT / "docs" / "how-to" / "operate.md").read_text(encoding="utf-8")
    table = page.partition("| `event` |")[2].partition("\n\n")[0]
    for row in table.splitlines()[2:]:
        event, level, fields, _ = (cell.strip() for cell in row.strip("|").split("|"))
        yield CODE.findall(event)[0], level, frozenset(CODE.findall(fields))


def test_the_table_has_every_line() -> None:
    """Each line has its event, its level and its fields in the table, and there is none that is not logged."""
    assert sorted(documented(), key=str) == sorted(logged(), key=str)
