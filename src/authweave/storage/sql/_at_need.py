"""
A store whose SQLAlchemy is loaded when it is first needed: it takes a third of a start, and 15 MiB.

An SQLite database whose tables are those of this release is opened without. What is asked of it first is answered by
statements that were written ahead (`authweave.storage.Ahead`), over a connection that reads alone. The first call that
has none loads the rest, in its own thread, and from then on that answers everything.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import attrs

from authweave._per_process import PerProcess, loading
from authweave.kernel import without_collecting
from authweave.storage._ahead import (
    Ahead,
    Ask,
    NotAheadError,
    Value,
    WrittenAhead,
)
from authweave.storage._errors import StorageError
from authweave.storage._faults import part_faults
from authweave.storage._options import StorageOptions
from authweave.storage._part import StorePart
from authweave.storage._protocols import Storage
from authweave.types import Clock, system_clock

from ._core_reads import CoreReads
from ._files import has_content, is_writable, keep_from_others, plain_path
from ._parts import not_opened_with
from ._wal import Identity, Log, LogWatch, file_at, require_fitting_log
from .ahead import AHEAD

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.engine.interfaces import DBAPIConnection

    from authweave.storage._terms import Transaction

    from ._database import Database
    from ._storage import SQLStorage

StoreT = TypeVar("StoreT")

COLUMNS: Final = (
    "SELECT tables.name, columns.name FROM sqlite_master AS tables JOIN pragma_table_info(tables.name) AS columns "
    "WHERE tables.type = 'table' AND tables.name LIKE 'authweave%'"
)


@attrs.frozen(eq=False)
class Opened:
    """A connection that reads, the file and the log that it was opened to, and who uses it."""

    connection: sqlite3.Connection
    file: Identity
    log: Log
    lock: threading.Lock = attrs.field(factory=threading.Lock)


class Reader:
    """
    Reads an SQLite database by statements that were written ahead. Where anything is odd it leaves that to the store.

    Args:
        path: the database.
        busy_timeout_s: how long it waits for who has the database for itself.
    """

    def __init__(self, path: Path, busy_timeout_s: float) -> None:
        self._path = path
        self._busy_timeout_s = busy_timeout_s
        self._watch = LogWatch(path)
        self._opened = PerProcess(self._open)
        self._is_closed = False

    def _open(self) -> Opened:
        file = file_at(str(self._path))
        connection = sqlite3.connect(
            f"{self._path.as_uri()}?mode=rw",  # to read the log its other files have to be written
            uri=True,
            timeout=self._busy_timeout_s,
            isolation_level=None,
            check_same_thread=False,
        )
        log = self._watch.note(cast("DBAPIConnection", connection))  # SQLAlchemy's type for all drivers' connections
        mode: tuple[str] = connection.execute("PRAGMA journal_mode").fetchone()
        if file is None or log is None or mode != ("wal",):
            connection.close()
            raise NotAheadError
        return Opened(connection, file, log)

    def rows(
        self, statement: WrittenAhead, values: Mapping[str, Value]
    ) -> list[tuple[Any, ...]]:  # Any: a database's row has no static type
        """
        Return what a query answers.

        Raises:
            NotAheadError: it cannot be asked here.
            StorageError: the log is gone, in which what is acknowledged may stand.
        """
        with self._lend_connection() as connection:
            return connection.execute(statement.sql, statement.parameters(values)).fetchall()

    def columns(self) -> set[tuple[str, str]]:
        """Return each column there is, with its table. Raises as `rows`."""
        with self._lend_connection() as connection:
            return set(connection.execute(COLUMNS))

    @contextmanager
    def _lend_connection(self) -> Generator[sqlite3.Connection]:
        try:
            opened = self._opened.get()
            with opened.lock:
                if self._is_closed or file_at(str(self._path)) != opened.file:
                    raise NotAheadError
                self._check_log(opened)
                yield opened.connection
        except sqlite3.Error:
            raise NotAheadError from None

    def check_log(self) -> None:
        """
        Check that the log is still there: a new connection would begin another one beside it.

        Raises:
            StorageError: it is not, and the database is.
        """
        opened = self._opened.peek()
        if opened is not None and file_at(str(self._path)) == opened.file:
            self._check_log(opened)

    def _check_log(self, opened: Opened) -> None:
        self._watch.check(opened.log, cast("DBAPIConnection", opened.connection))  # as above

    def close(self) -> None:
        """Close the connection. Closing twice does nothing."""
        self._is_closed = True
        opened = self._opened.peek()
        if opened is not None:
            with opened.lock:
                self._watch.forget(cast("DBAPIConnection", opened.connection))  # as above
                opened.connection.close()

    def is_current(self, aheads: Sequence[Ahead]) -> bool:
        """Return whether all tables of some parts are there, and stand at the newest migrations."""
        there = self.columns()
        return all(self.rows(each.version, {}) == [(each.revision,)] for each in aheads) and all(
            (table, column) in there for each in aheads for table, columns in each.tables.items() for column in columns
        )


@attrs.frozen
class AskedAhead:
    """Asks a `Reader` by one statement."""

    reader: Reader
    statement: WrittenAhead

    def first(self, values: Mapping[str, Value]) -> tuple[Any, ...] | None:  # Any: as above
        """Return the first row, or None."""
        return next(iter(self.all(values)), None)

    def all(self, values: Mapping[str, Value]) -> Sequence[tuple[Any, ...]]:  # Any: as above
        """Return all rows."""
        return self.reader.rows(self.statement, values)


class Rest:
    """
    The whole store, loaded by who needs it first.

    Its reader is closed with it, and not before: SQLite would delete the log with the last connection of a process, and
    children that it has forked count for nothing there.
    """

    def __init__(self, reader: Reader, load: Callable[[], SQLStorage]) -> None:
        self._reader = reader
        self._load = load
        self._is_closed = False
        self.store: SQLStorage | None = None

    def loaded(self) -> SQLStorage:
        """
        Return it. Blocks, the first time for some 200 ms.

        Raises:
            StorageError: it cannot be loaded, or was closed.
        """
        if self.store is None:
            with loading.get(), without_collecting():
                if self.store is None:
                    if self._is_closed:
                        raise StorageError("The store is closed: open another one.")
                    self._reader.check_log()
                    try:
                        self.store = self._load()
                    except Exception as error:  # for want of memory or descriptors, say: the next call tries again
                        message = f"The store could not be loaded ({type(error).__name__}: {error})."
                        raise StorageError(message) from error
        return self.store

    def close(self) -> None:
        """Close what is open. Closing twice does nothing."""
        with loading.get():
            self._is_closed = True
        if self.store is not None:
            self.store.close()
        self._reader.close()


class AtNeed:
    """
    Stands for a store, or a part of one: each of its methods is there, and none loads anything before it is called.

    Args:
        rest: the whole store.
        of: finds there what this stands for.
        reads: answers what it can until then.
    """

    def __init__(self, rest: Rest, of: Callable[[SQLStorage], object], reads: object) -> None:
        self._rest = rest
        self._of = of
        self._reads = reads

    def __getattr__(self, name: str) -> Callable[..., object]:
        if name.startswith("_"):
            raise AttributeError(name)
        call = partial(self._call, name)
        setattr(self, name, call)
        return call

    def _call(self, name: str, /, *args: object, **kwargs: object) -> object:
        if self._rest.store is None:
            read: Callable[..., object] | None = getattr(self._reads, name, None)
            if read is not None:
                try:
                    return read(*args, **kwargs)
                except NotAheadError:
                    pass
        call: Callable[..., object] = getattr(self._of(self._rest.loaded()), name)
        setattr(self, name, call)  # which stands here from now on: it is loaded for good
        return call(*args, **kwargs)


class StorageAtNeed(AtNeed):
    """A whole store. What is no method of `SQLStorage`, or may be asked on a loop, stands here."""

    def __init__(self, rest: Rest, reader: Reader, parts: Sequence[StorePart[object]]) -> None:
        super().__init__(rest, lambda store: store, CoreReads(asking(reader, AHEAD)))
        self.parts = tuple(parts)
        self.clock: Clock = system_clock
        self._stores: dict[str, AtNeed] = {
            part.name: AtNeed(rest, partial(part_of, part), reads_of(part, reader)) for part in parts
        }

    def part(self, part: StorePart[StoreT]) -> StoreT:
        """Return a part."""
        if part.name not in self._stores:
            raise not_opened_with(part)
        return cast("StoreT", self._stores[part.name])  # it has every method of the part of this name

    def connection(self) -> Connection:
        """Return the connection of the transaction that is under way."""
        return self._rest.loaded().connection()

    def running_transaction(self) -> Transaction | None:
        """Return the transaction that is under way here; none begins before all is loaded."""
        return None if self._rest.store is None else self._rest.store.running_transaction()

    @property
    def reads_at_once(self) -> bool:
        """Whether a read by key waits for nothing but a file: not before all is loaded."""
        return self._rest.store is not None and self._rest.store.reads_at_once

    @property
    def database(self) -> Database:
        """The database that all parts share. Blocks as a call does."""
        return self._rest.loaded().database

    def whole(self) -> SQLStorage:
        """Return all of it."""
        return self._rest.loaded()

    def close(self) -> None:
        """Close it."""
        self._rest.close()


def whole_store(storage: Storage) -> SQLStorage | None:
    """
    Return the store in SQL that a store is, all of it loaded; None for one that is kept otherwise.

    Raises:
        authweave.storage.StorageError: it cannot be opened any more.
    """
    from ._storage import SQLStorage  # noqa: PLC0415  whoever asks needs it

    found: object = storage
    if isinstance(found, StorageAtNeed):
        return found.whole()
    return storage if isinstance(storage, SQLStorage) else None


def part_of(part: StorePart[object], store: SQLStorage) -> object:
    """Return a part of the whole store."""
    return store.part(part)


def reads_of(part: StorePart[object], reader: Reader) -> object:
    """Return what answers for a part before it is loaded; None where nothing does."""
    return None if part.reads is None or part.ahead is None else part.reads(asking(reader, part.ahead()))


def asking(reader: Reader, ahead: Ahead) -> Ask:
    """Return what asks a reader by the name of a statement."""
    return lambda name: AskedAhead(reader, ahead.statements[name])


def storage_at(url: str, options: StorageOptions | None, parts: Sequence[StorePart[object]]) -> Storage:
    """
    Open the store at a URL as `open_storage` does, which is not loaded where it need not be yet.

    Args:
        url: as for `open_storage`.
        options: likewise.
        parts: likewise.

    Raises:
        authweave.types.ConfigurationError: as `open_storage`.
        authweave.storage.StorageError: likewise.
    """
    path, chosen, of = plain_path(url), tuple(dict.fromkeys(parts)), options or StorageOptions()
    reader = None if path is None else reader_of(path, of, chosen)
    if path is None or reader is None:
        from ._storage import open_storage  # noqa: PLC0415  what this module is about

        return open_storage(url, options, parts)

    def load() -> SQLStorage:
        from ._storage import storage_in  # noqa: PLC0415  likewise

        return storage_in(path, of, chosen)

    return cast("Storage", StorageAtNeed(Rest(reader, load), reader, chosen))  # all else is found in it by name


def reader_of(path: Path, options: StorageOptions, parts: Sequence[StorePart[object]]) -> Reader | None:
    """
    Return what reads a database of which there is nothing to be told, made or migrated; None for every other.

    Raises:
        authweave.types.ConfigurationError: the log beside it is that of another one.
    """
    if part_faults(parts) or not has_content(path) or not is_writable(path):
        return None
    aheads = [AHEAD, *(part.ahead() for part in parts if part.ahead is not None)]
    if len(aheads) != 1 + len(parts):
        return None
    require_fitting_log(path)
    reader = Reader(path, options.busy_timeout_s)
    with suppress(NotAheadError):
        if reader.is_current(aheads):
            keep_from_others(path)
            return reader
    reader.close()
    return None
