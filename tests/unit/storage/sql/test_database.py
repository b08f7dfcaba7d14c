import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, make_url
from sqlalchemy.pool import ConnectionPoolEntry

from authweave.storage import StorageBusyError, StorageError, StorageOptions, within
from authweave.storage._terms import is_over
from authweave.storage.sql._backend import Backend
from authweave.storage.sql._database import Database
from authweave.storage.sql._files import create_private_file
from authweave.storage.sql._sqlite import sqlite_backend
from tests.leftovers import open_files
from tests.stores import open_whole


def backend_at(tmp_path: Path, *, busy_timeout_s: float) -> Backend:
    """Return the backend of a file whose writers wait so long."""
    backend = sqlite_backend(make_url(f"sqlite:///{tmp_path}/auth.db"), StorageOptions(busy_timeout_s=busy_timeout_s))
    create_private_file(tmp_path / "auth.db")
    return backend


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Return an empty database, whose writers wait a moment only."""
    database = Database(backend_at(tmp_path, busy_timeout_s=0.01))
    yield database
    database.close()


def write(database: Database) -> None:
    """Take the write lock for a moment."""
    database.write(lambda _: None)


def test_a_writer_does_not_wait_for_ever_for_those_of_its_process(database: Database) -> None:
    """While one thread writes, another gives up after the timeout, and can write afterwards."""
    with ThreadPoolExecutor(1) as thread:

        def write_while_another_does(_: Connection) -> None:
            with pytest.raises(StorageError, match="stayed locked"):
                thread.submit(write, database).result()

        database.write(write_while_another_does)
        thread.submit(write, database).result()


def test_an_error_in_the_middle_undoes_the_transaction(database: Database) -> None:
    """What was written before the error is not there, and the lock is free again."""

    def fail_half_way(connection: Connection) -> None:
        connection.exec_driver_sql("CREATE TABLE half (done INTEGER)")
        raise KeyError

    with pytest.raises(KeyError):
        database.write(fail_half_way)
    with pytest.raises(StorageError), database.reading() as connection:
        connection.exec_driver_sql("SELECT * FROM half")
    write(database)


def test_readers_at_once_have_connections_of_their_own_and_share_them_later(database: Database) -> None:
    """Two who read at once do not get in each other's way; who comes later takes a connection over."""
    with database.reading() as one, database.reading() as other:
        assert one is not other
    with database.reading() as later:
        assert later in {one, other}


def test_readers_leave_a_connection_to_the_writer(database: Database) -> None:
    """However many read at once, a writer gets a connection of its own beside theirs; and also when they are done."""

    def keep(connection: Connection) -> Connection:
        connection.exec_driver_sql("INSERT INTO kept VALUES (1)")
        return connection

    database.write(lambda connection: connection.exec_driver_sql("CREATE TABLE kept (n INTEGER)"))
    with ExitStack() as readers:
        reading = [readers.enter_context(database.reading()) for _ in range(30)]
        assert len(set(reading)) == 30
        assert database.write(keep) not in reading
        assert {reader.exec_driver_sql("SELECT count(*) FROM kept").scalar_one() for reader in reading} == {1}
    database.write(keep)
    with database.reading() as reader:
        assert reader.exec_driver_sql("SELECT count(*) FROM kept").scalar_one() == 2


def test_closing_waits_for_no_reader(database: Database) -> None:
    """A reader that is under way finishes, and its connection is closed behind it."""
    with database.reading() as connection:
        database.close()
        assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1
    assert connection.closed
    with pytest.raises(StorageError, match="closed"):
        write(database)


def test_a_connection_that_comes_after_the_end_is_closed(tmp_path: Path) -> None:
    """It was being made, for a caller whose time was over, while the database was closed."""
    backend = backend_at(tmp_path, busy_timeout_s=0.01)
    database = Database(backend)
    made: list[sqlite3.Connection] = []

    def close_meanwhile(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        made.append(connection)
        database.close()
        while not is_over():
            pass

    event.listen(backend.engine, "connect", close_meanwhile)
    with within(0.01), pytest.raises(StorageBusyError), database.reading():
        pass
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        made[0].execute("SELECT 1")


def test_a_database_is_opened_often_with_one_descriptor(tmp_path: Path) -> None:
    """To look whether its log fits, while another process has it open, takes no more with each time."""
    url = f"sqlite:///{tmp_path}/auth.db"
    with closing(open_whole(url)):
        open_whole(url).close()
        before = open_files(tmp_path)
        for _ in range(3):
            open_whole(url).close()
        assert open_files(tmp_path) == before


def test_who_waits_to_write_finds_the_database_closed(tmp_path: Path) -> None:
    """Closing waits for the writer under way; a writer that was still waiting does not open the file again."""
    database = Database(backend_at(tmp_path, busy_timeout_s=5))
    with ThreadPoolExecutor(2) as threads:

        def write_as_it_is_closed(connection: Connection) -> tuple[Future[None], Future[None]]:
            others = threads.submit(write, database), threads.submit(database.close)
            connection.exec_driver_sql("CREATE TABLE whole (done INTEGER)")
            return others

        waiting, closing = database.write(write_as_it_is_closed)
        closing.result()
        error = waiting.exception()
    assert error is None or isinstance(error, StorageError)
    with sqlite3.connect(tmp_path / "auth.db") as other:
        other.execute("SELECT * FROM whole")
    other.close()


def test_a_file_that_stays_locked_cannot_be_opened(tmp_path: Path) -> None:
    """Who holds a new file exclusively is waited for as long as said, and then named: it is a lock."""
    other = sqlite3.connect(tmp_path / "auth.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    other.execute("CREATE TABLE theirs (x INTEGER)")
    with pytest.raises(StorageError, match="SQLITE_BUSY"):
        open_whole(f"sqlite:///{tmp_path / 'auth.db'}", StorageOptions(busy_timeout_s=0.01))
    other.execute("COMMIT")
    open_whole(f"sqlite:///{tmp_path / 'auth.db'}", StorageOptions(busy_timeout_s=0.01)).close()
    other.close()
