"""The table of log lines in ``docs/how-to/operate.md`` is what the library logs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
MEDIA: Final = ("mail", "sms")
CODE: Final = re.compile(r"`(\w+)`")

Line = tuple[str, str, frozenset[str]]


def logged() -> Iterator[Line]:
    """Return event, level and fields of each line that the library logs."""
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                logger = node.func.value
                name = logger.id if isinstance(logger, ast.Name) else getattr(logger, "attr", "")
                if name == "logger":
                    yield from lines_of(node, node.func.attr, path)


def lines_of(call: ast.Call, method: str, path: Path) -> Iterator[Line]:
    """Return what a call of a logger's method logs; of messages, that of each medium."""
    extra = next((keyword.value for keyword in call.keywords if keyword.arg == "extra"), None)
    assert isinstance(extra, ast.Dict), f"{path}:{call.lineno} has no fields"
    fields = [ast.literal_eval(key) for key in extra.keys if key is not None]
    assert fields[0] == "event", f"{path}:{call.lineno} does not begin with the event"
    level = "ERROR" if method == "exception" else method.upper()
    for event in events_of(extra.values[0]):
        yield event, level, frozenset(fields[1:])


def events_of(value: ast.expr) -> list[str]:
    """Return the events that an expression may be: a text, or one that begins with the kind of a medium."""
    if not isinstance(value, ast.JoinedStr):
        return [str(ast.literal_eval(value))]
    kind, rest = value.values
    assert ast.unparse(kind).endswith(".kind}"), ast.unparse(value)
    return [f"{medium}{ast.literal_eval(rest)}" for medium in MEDIA]


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
