"""The copies that stand for migrations in tests are what migrations make."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from authweave.storage.sql import _migrate, open_storage
from tests.ready_tables import run_migrations, use_copies
from tests.stores import PARTS


def dumped(file: Path) -> list[str]:
    """Open a new store with all parts, and return all of it in SQL."""
    open_storage(f"sqlite:///{file}", parts=PARTS).close()
    with closing(sqlite3.connect(file)) as connection:
        return list(connection.iterdump())


def test_a_copy_is_what_migrations_make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables, indexes, revisions and the first rows: all of it."""
    run_migrations(monkeypatch)
    migrated = dumped(tmp_path / "migrated.db")
    use_copies(monkeypatch)
    dumped(tmp_path / "first.db")  # which may be the one that is copied

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("it was no copy")

    monkeypatch.setattr(_migrate, "make_ready", refuse)
    assert dumped(tmp_path / "copied.db") == migrated
    assert any("authweave_users" in line for line in migrated)
