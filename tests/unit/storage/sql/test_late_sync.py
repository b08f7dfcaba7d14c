"""What is committed may be on the disk with the next commit: then that is what brings it there, or who is told to."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import attrs
import pytest
from sqlalchemy import Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection

from authweave.storage import Debts, StorageError, StorageOptions, followed
from authweave.storage.sql._database import Database
from authweave.storage.sql._files import create_private_file
from authweave.storage.sql._sqlite import sqlite_backend

LATER: Final = "PRAGMA synchronous = NORMAL"
AT_ONCE: Final = "PRAGMA synchronous = FULL"
ADD: Final = "INSERT INTO kept VALUES (1)"


@attrs.frozen
class Traced:
    """
    A database, and what SQLite executes there.

    Attributes:
        debts: what has been left to later.
    """

    database: Database
    statements: list[str] = attrs.field(factory=list[str])
    debts: Debts = attrs.field(factory=Debts)

    def synced(self) -> int:
        """Return whether whoever writes next has it on the disk at once: SQLite's number for that is 2."""
        return self.database.transact(lambda: self.read("PRAGMA synchronous"))

    def read(self, sql: str) -> int:
        """Return the one number that a query finds."""
        row = self.database.find_row(sql, ())
        assert row is not None
        found: int = row[0]
        return found


def add(connection: Connection) -> None:
    """Write a row."""
    connection.exec_driver_sql(ADD)


def add_by_driver(driver: DBAPIConnection) -> None:
    """Do so."""
    cursor = driver.cursor()
    cursor.execute(ADD)
    cursor.close()


def traced_at(url: str) -> Traced:
    """Return a database with a table, of which what comes is noted."""
    backend = sqlite_backend(make_url(url), StorageOptions())
    traced = Traced(Database(backend))

    def trace(connection: sqlite3.Connection, _: object) -> None:
        connection.set_trace_callback(traced.statements.append)

    event.listen(backend.engine, "connect", trace)
    backend.before_first_use()
    traced.database.write(lambda connection: connection.exec_driver_sql("CREATE TABLE kept (n INTEGER)"))
    traced.statements.clear()
    return traced


@pytest.fixture
def traced(tmp_path: Path) -> Iterator[Traced]:
    """Return one in a file."""
    create_private_file(tmp_path / "auth.db")
    traced = traced_at(f"sqlite:///{tmp_path}/auth.db")
    yield traced
    traced.database.close()


def in_transaction(database: Database) -> None:
    """Write a row in a transaction."""
    database.transact(lambda: database.write(add, one_statement=True))


def by_itself(database: Database) -> None:
    """Write one by a statement."""
    database.write(add, one_statement=True)


def by_the_driver(database: Database) -> None:
    """Do so without SQLAlchemy."""
    database.change(add_by_driver)


@pytest.mark.parametrize("write", [in_transaction, by_itself, by_the_driver])
def test_a_commit_is_left_to_the_next(traced: Traced, write: Callable[[Database], None]) -> None:
    """It alone, whatever makes it; the next one waits for the disk."""
    followed(traced.debts, write, traced.database)
    assert traced.statements == [LATER, "BEGIN IMMEDIATE", ADD, "COMMIT", AT_ONCE]
    assert len(traced.debts) == 1
    assert traced.read("SELECT count(*) FROM kept") == 1
    traced.statements.clear()
    write(traced.database)
    assert LATER not in traced.statements
    assert len(traced.debts) == 1
    assert traced.synced() == 2


def test_what_fails_leaves_nothing(traced: Traced) -> None:
    """Nothing was written, so nothing is owed; and the connection is as it was."""

    def work() -> None:
        traced.database.write(add)
        raise LookupError

    with pytest.raises(LookupError):
        followed(traced.debts, traced.database.transact, work)
    assert traced.statements[traced.statements.index("ROLLBACK") :][:2] == ["ROLLBACK", AT_ONCE]
    assert traced.debts == []
    assert traced.read("SELECT count(*) FROM kept") == 0
    assert traced.synced() == 2


@pytest.mark.parametrize("error", [LookupError, StorageError])
def test_a_connection_that_cannot_be_restored_is_used_no_more(traced: Traced, error: type[Exception]) -> None:
    """Whoever comes next gets another one, and waits for the disk."""

    def lose(driver: DBAPIConnection) -> None:
        driver.close()
        raise error

    with pytest.raises(error):
        followed(traced.debts, traced.database.change, lose)
    assert traced.synced() == 2
    traced.database.change(add_by_driver)
    assert traced.read("SELECT count(*) FROM kept") == 1


def test_what_is_owed_brings_the_log_to_the_disk(
    traced: Traced, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no other commit does. Without a log all is in the database; a disk that refuses is told of."""
    synced: list[int] = []

    def note(descriptor: int) -> None:
        synced.append(os.fstat(descriptor).st_ino)

    monkeypatch.setattr(os, "fsync", note)
    followed(traced.debts, traced.database.change, add_by_driver)
    (pay,) = traced.debts
    log = tmp_path / "auth.db-wal"
    assert synced == []
    pay()
    assert synced == [log.stat().st_ino]

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        pay()
    traced.database.close()
    log.unlink(missing_ok=True)
    pay()


def test_in_memory_there_is_no_disk() -> None:
    """Nothing is left to later."""
    traced = traced_at("sqlite://")
    followed(traced.debts, traced.database.change, add_by_driver)
    assert traced.statements == [ADD]
    assert traced.debts == []
    traced.database.close()
