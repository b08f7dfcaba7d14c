"""Transactions that share a commit, on SQLite."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import cast

import pytest
from sqlalchemy import Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry
from typing_extensions import override

from authweave.storage import StorageError, StorageOptions
from authweave.storage._errors import ConstraintError
from authweave.storage.sql._connections import PooledConnection
from authweave.storage.sql._database import Database
from authweave.storage.sql._files import create_private_file
from authweave.storage.sql._group_commit import GroupCommit, Job
from authweave.storage.sql._sqlite import sqlite_backend
from tests.patience import PATIENCE_S

Transaction = Callable[[Connection], None]


class Writers:
    """Threads that write at once: they wait until all of them wait, behind one that is under way."""

    def __init__(self, folder: Path, *, busy_timeout_s: float = PATIENCE_S) -> None:
        self.file = folder / "auth.db"
        backend = sqlite_backend(make_url(f"sqlite:///{self.file}"), StorageOptions(busy_timeout_s=busy_timeout_s))
        self.executed: list[str] = []
        create_private_file(self.file)
        event.listen(backend.engine, "connect", self.watch)
        self.database = Database(backend)
        self.database.write(lambda connection: connection.exec_driver_sql("CREATE TABLE kept (n INTEGER UNIQUE)"))

    def watch(self, connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        """Note what is executed."""
        cast("sqlite3.Connection", connection).set_trace_callback(self.executed.append)  # the driver's

    def at_once(self, transactions: list[Transaction], *, one_statement: bool = False) -> list[Future[None]]:
        """Run transactions that share a commit; return what became of each."""
        ended = Event()
        with ThreadPoolExecutor(len(transactions) + 1) as threads:
            first = threads.submit(self.database.write, lambda _: ended.wait(PATIENCE_S))
            while not any("BEGIN" in each for each in self.executed[-1:]):
                pass  # until the first one writes
            futures = [threads.submit(self.database.write, each, one_statement=one_statement) for each in transactions]
            while self.database.waiting < len(transactions):
                pass  # until they wait
            self.executed.clear()
            ended.set()
        assert first.result()
        return futures

    def kept(self) -> set[int]:
        """Return what another connection finds committed."""
        other = sqlite3.connect(self.file)
        found = {int(n) for (n,) in other.execute("SELECT n FROM kept")}
        other.close()
        return found


@pytest.fixture
def writers(tmp_path: Path) -> Iterator[Writers]:
    """Return writers on an empty table."""
    writers = Writers(tmp_path)
    yield writers
    writers.database.close()


def keep(number: int) -> Transaction:
    """Return a transaction that keeps a number."""

    def insert(connection: Connection) -> None:
        connection.exec_driver_sql("INSERT INTO kept VALUES (?)", (number,))

    return insert


def test_those_who_wait_share_a_commit(writers: Writers) -> None:
    """However many wait while one writes, one commit serves all of them."""
    futures = writers.at_once([keep(number) for number in range(20)])
    assert [future.result() for future in futures] == [None] * 20
    assert writers.kept() == set(range(20))
    assert writers.executed.count("COMMIT") == 2  # that of the first, and theirs


def test_a_failure_undoes_nothing_but_its_own(writers: Writers) -> None:
    """Who fails is told so, whether by the database or by the function itself; what the others wrote is there."""

    def fail_half_way(connection: Connection) -> None:
        keep(7)(connection)
        raise KeyError("mine")

    futures = writers.at_once([keep(1), fail_half_way, keep(2), keep(1), keep(3)])
    errors = [future.exception() for future in futures]
    assert [type(error) for error in errors].count(type(None)) == 3
    assert isinstance(errors[1], KeyError)
    assert {type(errors[0]), type(errors[3])} == {type(None), ConstraintError}
    assert writers.kept() == {1, 2, 3}


@pytest.mark.parametrize("one_statement", [True, False])
def test_a_failure_after_which_sqlite_undoes_everything_undoes_nothing_of_others(
    writers: Writers, one_statement: bool
) -> None:
    """A full disk does that, for example: the others are run again, each by itself."""
    writers.database.write(
        lambda connection: connection.exec_driver_sql(
            "CREATE TRIGGER full AFTER INSERT ON kept WHEN NEW.n = 666 BEGIN SELECT RAISE(ROLLBACK, 'full'); END"
        )
    )
    futures = writers.at_once([keep(1), keep(666), keep(2)], one_statement=one_statement)
    errors = [future.exception() for future in futures]
    assert (errors[0], errors[2]) == (None, None)
    assert isinstance(errors[1], StorageError)
    assert writers.kept() == {1, 2}


def test_nobody_is_answered_before_the_commit(writers: Writers) -> None:
    """Where the commit fails, all of them are told so, and nothing of any is there."""
    writers.database.write(
        lambda connection: connection.exec_driver_sql(
            "CREATE TABLE owned (n INTEGER REFERENCES kept (n) DEFERRABLE INITIALLY DEFERRED)"
        )
    )

    def own_nothing(connection: Connection) -> None:
        connection.exec_driver_sql("INSERT INTO owned VALUES (99)")

    futures = writers.at_once([keep(1), own_nothing, keep(2)])
    assert [type(future.exception()) for future in futures] == [ConstraintError] * 3
    assert writers.kept() == set()
    writers.database.write(keep(4))
    assert writers.kept() == {4}


def test_who_waits_too_long_has_written_nothing(tmp_path: Path) -> None:
    """It is told so, and the next writer is served."""
    writers = Writers(tmp_path, busy_timeout_s=0.01)
    with ThreadPoolExecutor(1) as thread:

        def write_while_another_does(connection: Connection) -> None:
            with pytest.raises(StorageError, match="stayed locked"):
                thread.submit(writers.database.write, keep(1)).result()

        writers.database.write(write_while_another_does)
    writers.database.write(keep(2))
    assert writers.kept() == {2}
    writers.database.close()


def test_writers_without_end_are_all_served(writers: Writers) -> None:
    """Threads that write again and again lose nothing and get nothing of each other's."""

    def write_many(thread: int) -> list[int]:
        def insert(number: int) -> Callable[[Connection], int]:
            def run(connection: Connection) -> int:
                keep(number)(connection)
                return number

            return run

        return [writers.database.write(insert(100 * thread + number)) for number in range(30)]

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(write_many, range(8)))
    assert answers == [[100 * thread + number for number in range(30)] for thread in range(8)]
    assert writers.kept() == {number for answer in answers for number in answer}


class Interrupt(BaseException):
    """What a signal's handler raises in the middle of something."""


def test_an_interrupted_leader_answers_nobody_who_was_not_written(writers: Writers) -> None:
    """Whoever is told that all went well finds it there, also where the one who wrote for all was interrupted."""
    writers.database.write(
        lambda connection: connection.exec_driver_sql(
            "CREATE TRIGGER full AFTER INSERT ON kept WHEN NEW.n = 666 BEGIN SELECT RAISE(ROLLBACK, 'full'); END"
        )
    )
    runs: list[int] = []

    def interrupted_when_alone(connection: Connection) -> None:
        runs.append(0)
        if len(runs) > 1:
            raise Interrupt
        keep(5)(connection)

    futures = writers.at_once([keep(1), interrupted_when_alone, keep(2), keep(666), keep(3)])
    told = [future.exception() for future in futures]
    fine = {number for number, error in zip([1, 5, 2, 666, 3], told, strict=True) if error is None}
    assert fine <= writers.kept() <= {1}
    assert all(isinstance(error, (StorageError, Interrupt)) for error in told if error is not None)


def test_an_interrupted_wait_stops_nobody() -> None:
    """Who is interrupted while others write waits no longer; the next that waits leads in its place."""
    leading, ended, written = Event(), Event(), Event()

    class Interrupted(Job[None]):
        @override
        def wait(self, timeout_s: float) -> bool:
            super().wait(timeout_s)  # until it leads: then comes the signal
            raise Interrupt

    def commit(jobs: Sequence[Job[None]]) -> None:
        for job in jobs:
            job.function(cast("PooledConnection", None))  # none of the functions below looks at it
            job.set_result(None)

    def first(_: PooledConnection) -> None:
        leading.set()
        ended.wait(PATIENCE_S)

    def nothing(_: PooledConnection) -> None:
        written.set()

    group = GroupCommit(commit, timeout_s=PATIENCE_S)
    with ThreadPoolExecutor(3) as threads:
        leader = threads.submit(group.run, Job(first, one_statement=True))
        leading.wait(PATIENCE_S)
        waiter = threads.submit(group.run, Interrupted(nothing, one_statement=True))
        while group.waiting < 1:
            pass  # until it waits
        ended.set()
        leader.result()
        with pytest.raises(Interrupt):
            waiter.result()
        assert not written.is_set()
        threads.submit(group.run, Job(nothing, one_statement=True)).result(timeout=PATIENCE_S)
    assert written.is_set()
