"""What is known of tables and statements before SQLAlchemy is loaded is what SQLAlchemy's say."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import authweave
import authweave.storage.sql
from authweave.storage.sql.__main__ import main

SOURCE: Final = Path(authweave.__file__).parent
STORES: Final = sorted(
    ".".join(["authweave", *path.parent.relative_to(SOURCE).parts])
    for path in SOURCE.rglob("store/__init__.py")
    if "StorePart" in path.read_text(encoding="utf-8")
)


def test_it_is_up_to_date() -> None:
    """``nox -s ahead`` writes it, for the core and each part of the store."""
    assert len(STORES) >= 10
    assert main(["--check", *STORES]) == 0


def test_every_name_of_the_store_in_sql_is_there() -> None:
    """They are loaded when they are first asked for, each from its module."""
    names = authweave.storage.sql.__all__
    assert len(set(names)) == len(names)
    for each in names:
        assert getattr(authweave.storage.sql, each) is not None
