"""Lines of users for ``authweave user import``, and what comes of them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from authweave.cli._main import commands

HASH = "$2b$04$gdC5hkvo1ntBDNelqqVrReRkOHZI9QZt7c1USQC1CGAPimOeSZJKu"


def run(*arguments: str | Path, given: bytes | None = None) -> Result:
    """Run ``authweave user``."""
    return CliRunner().invoke(commands, ["user", *map(str, arguments)], input=given)


def line(number: int, **others: object) -> dict[str, Any]:  # Any: as JSON is
    """Return a user."""
    login = {"recipe": "emailpassword", "email": f"user-{number}@example.com", "password_hash": HASH}
    return {"version": 1, "id": f"user-{number}", "logins": [login], **others}


def write(file: Path, *lines: object) -> Path:
    """Write lines: what is text as it is, the rest as JSON."""
    texts = (each if isinstance(each, str) else json.dumps(each) for each in lines)
    file.write_text("".join(f"{each}\n" for each in texts), encoding="utf-8")
    return file


def rows(database: Path, statement: str) -> list[tuple[Any, ...]]:  # Any: as in SQL
    """Return rows of a database."""
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(statement).fetchall()
