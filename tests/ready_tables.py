"""
New SQLite stores get their tables from a copy: most of the time of a test with a store went into their migrations.

The first store with some parts runs their migrations; those after it are handed the same statements that SQLite then
has. What tests the migrations themselves runs them (`migrations_run`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from typing import Final, TypeAlias

import pytest

from authweave.storage.sql import _migrate
from authweave.storage.sql._backend import Backend
from authweave.storage.sql._history import History

Parts: TypeAlias = tuple[tuple[str, str, str], ...]

MAKE_READY: Final = "authweave.storage.sql._storage.make_ready"

made: dict[Parts, str] = {}
"""What makes the tables of a core and parts at some revisions, in SQL."""


def make_ready(backend: Backend, histories: Sequence[History], *, migrate: bool) -> None:
    """Do what the library's own does: by a copy where the database is a new one of SQLite."""
    if backend.engine.dialect.name != "sqlite" or not migrate or not is_empty(backend):
        _migrate.make_ready(backend, histories, migrate=migrate)
        return
    parts = tuple((each.name, str(each.migrations), each.revision) for each in histories)
    if parts in made:
        with driver_of(backend) as driver:
            driver.executescript(made[parts])
        return
    _migrate.make_ready(backend, histories, migrate=migrate)
    with driver_of(backend) as driver:
        made[parts] = "\n".join(driver.iterdump())


def is_empty(backend: Backend) -> bool:
    """Return whether a database of SQLite has nothing in it."""
    with backend.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:  # waits for nobody
        return not connection.exec_driver_sql("SELECT 1 FROM sqlite_master LIMIT 1").all()


@contextmanager
def driver_of(backend: Backend) -> Generator[sqlite3.Connection]:
    """Lend a connection as SQLite's driver has it."""
    with closing(backend.engine.raw_connection()) as pooled:
        driver = pooled.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        yield driver


def use_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have new stores of SQLite get copies."""
    monkeypatch.setattr(MAKE_READY, make_ready)


def run_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have new stores run migrations, as users' do."""
    monkeypatch.setattr(MAKE_READY, _migrate.make_ready)
