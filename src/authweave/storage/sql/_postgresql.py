"""PostgreSQL: how its servers are reached. The only module that knows of PostgreSQL and its driver, psycopg."""

from __future__ import annotations

import math
import select
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, Final, cast

import psycopg
from psycopg.errors import (
    DeadlockDetected,
    DependentObjectsStillExist,
    DuplicatePreparedStatement,
    ForeignKeyViolation,
    InvalidSqlStatementName,
    SerializationFailure,
)
from psycopg.pq import Conninfo, TransactionStatus
from sqlalchemy import URL, Connection, Dialect, Engine, QueuePool, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.pool import ConnectionPoolEntry

from authweave.storage._options import StorageOptions
from authweave.storage._terms import remaining_s
from authweave.types import ConfigurationError

from ._backend import Backend, cause_of
from ._bounded_connection import BoundedConnection
from ._server_clock import ServerClock

MIGRATION_LOCK: Final = 0x6175_7468_7765_6176  # "authweav", so that no other program means the same lock
SETTINGS: Final = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
RESET: Final = "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL"
"""What a session was told by SET: to be as at its start. In this order: the first forgets a role that it began with."""
EXAMPLE: Final = "'postgresql://user:password@host:5432/database'"
LEAST_CONNECT_S: Final = 2
"""In seconds. The driver takes less for that."""
POOLER: Final = (
    "a connection pooler stands in between and does not keep prepared statements: open the store with "
    "StorageOptions(prepare_threshold=None), or have the pooler keep them (PgBouncer 1.21, max_prepared_statements)"
)


def postgresql_backend(url: URL, options: StorageOptions) -> Backend:
    """
    Return the backend for a server. It is not connected to yet.

    Raises:
        authweave.types.ConfigurationError: the URL names no database, or has options that there are not.
    """
    if not url.database:
        raise ConfigurationError(f"open_storage: this URL names no database: write one like {EXAMPLE}.")
    check_options(url)
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        poolclass=QueuePool,
        pool_size=options.pool_size,  # `Connections` waits for one, so this pool never has to
        max_overflow=0,
        connect_args=connect_arguments(url, options),
        use_native_hstore=False,  # would ask every server whether it has them
        hide_parameters=True,
    )
    clock = ServerClock(read_time_ms)
    event.listen(engine, "do_connect", make_connect(options))
    event.listen(engine, "connect", lambda *_: clock.expire())
    event.listen(engine, "checkin", bound_again(options))
    return Backend(
        engine=engine,
        begin=make_execute("BEGIN", options),
        reset=make_execute(RESET, options),
        max_connections=options.pool_size,
        timeout_s=options.pool_timeout_s,
        one_writer=False,
        make_loss_check=make_loss_check,
        in_transaction=in_transaction,
        has_failed=has_failed,
        keeps_transaction=False,
        is_passing=is_passing,
        referring_table=referring_table,
        describe_error=describe_error,
        before_first_use=lambda: check_server(engine, clock),
        migrating=migrating,
        clock=clock,
        keep_time=clock.keep,
    )


def check_options(url: URL) -> None:
    """
    Check that the options of a URL are libpq's, not those of the driver itself, which are no text.

    Raises:
        authweave.types.ConfigurationError: one is not, or sets the encoding, which has to be UTF-8.
    """
    known = {option.keyword.decode() for option in Conninfo.get_defaults()} - {"client_encoding"}
    ports = url.normalized_query.get("port", ())
    if url.query.keys() - known or not all(number.isdecimal() for port in ports for number in port.split(",")):
        raise ConfigurationError(
            f"open_storage: the URL has options after its '?' that psycopg does not take: write one like {EXAMPLE}."
        )


def connect_arguments(url: URL, options: StorageOptions) -> dict[str, object]:
    """Return what the driver is told beside the URL; what the URL says itself comes first."""
    idle_s = math.ceil(options.statement_timeout_s)
    arguments: dict[str, object] = {
        "application_name": "authweave",
        "client_encoding": "utf8",
        "connect_timeout": math.ceil(options.connect_timeout_s),
        # A server that has vanished without a word is noticed within about twice the time that a statement may take.
        "keepalives_idle": idle_s,
        "keepalives_interval": max(idle_s // 4, 1),
        "keepalives_count": 4,
        "tcp_user_timeout": 2000 * idle_s,
    }
    return {name: value for name, value in arguments.items() if name not in url.query}


def make_connect(options: StorageOptions) -> Callable[..., BoundedConnection]:
    """
    Return what makes a connection, on which nobody waits without an end.

    Nothing is set for its session: behind a pooler that is somebody else's with the next transaction.
    """

    def connect(
        _: Dialect, __: ConnectionPoolEntry, cargs: list[str], cparams: dict[str, str | int]
    ) -> BoundedConnection:
        # The driver gives each host so much. All of them together have what is left to the caller.
        hosts = str(cparams.get("host", "")).count(",") + 1
        left_s = max(math.ceil(remaining_s(options.connect_timeout_s) / hosts), LEAST_CONNECT_S)
        given = str(cparams["connect_timeout"])
        parameters: dict[str, Any] = {**cparams}  # Any: as the driver has them
        if given.isdecimal():  # if not, the driver says what is wrong
            parameters["connect_timeout"] = min(int(given) or left_s, left_s)
        connection = BoundedConnection.connect(*cargs, prepare_threshold=options.prepare_threshold, **parameters)
        connection.statement_s = options.statement_timeout_s
        return connection

    return connect


def bound_again(options: StorageOptions) -> Callable[[DBAPIConnection | None, ConnectionPoolEntry], None]:
    """Return what undoes, once a connection is given back, that a migration takes as long as it takes."""

    def bound(connection: DBAPIConnection | None, _: ConnectionPoolEntry) -> None:
        if isinstance(connection, BoundedConnection):
            connection.statement_s = options.statement_timeout_s

    return bound


def make_execute(first: str, options: StorageOptions) -> Callable[[DBAPICursor], object]:
    """
    Return what begins a transaction. It waits for nothing too long, and keeps no lock forever if its process stops.

    That goes to the server with the BEGIN itself, and holds for the transaction alone. After `RESET` it is set again.
    """
    limit_ms = max(round(options.statement_timeout_s * 1000), 1)
    statements = (
        f"{first}; SET LOCAL statement_timeout = {limit_ms:d}; "
        f"SET LOCAL idle_in_transaction_session_timeout = {limit_ms:d}"
    ).encode()
    # Never prepared: a prepared statement is one, and these are several. SQLAlchemy's type is for all drivers' cursors.
    return lambda cursor: cast("psycopg.Cursor", cursor).execute(statements, prepare=False)  # the driver's own


def make_loss_check(connection: Connection) -> Callable[[], bool]:
    """
    Return what says whether the server has closed a connection on which nothing is under way.

    It says so before it goes, or its system does: so there is something to read where nothing was asked.
    """
    # SQLAlchemy's type is for all drivers' connections
    driver = cast("psycopg.Connection", connection.connection.dbapi_connection)  # the driver's
    if sys.platform == "win32":
        return lambda: driver.closed or bool(select.select([driver], [], [], 0)[0])
    waiting = select.poll()  # select() takes no file beyond the 1024th
    waiting.register(driver, select.POLLIN)
    return lambda: driver.closed or bool(waiting.poll(0))


def in_transaction(connection: DBAPIConnection) -> bool:
    """Return whether a transaction is under way on a connection."""
    driver = cast("psycopg.Connection", connection)  # as in `make_loss_check`
    return driver.info.transaction_status not in {TransactionStatus.IDLE, TransactionStatus.UNKNOWN}  # it is lost


def has_failed(connection: DBAPIConnection) -> bool:
    """Return whether a statement failed in the transaction: the server answers its COMMIT with a rollback, silently."""
    driver = cast("psycopg.Connection", connection)  # as in `make_loss_check`
    return driver.info.transaction_status is TransactionStatus.INERROR


def is_passing(error: BaseException) -> bool:
    """Return whether another transaction was in the way (SQLSTATE 40001, 40P01)."""
    return isinstance(cause_of(error), (SerializationFailure, DeadlockDetected))


def describe_error(error: BaseException) -> str:
    """
    Say what failed.

    What the server says of a statement may quote a row, so that is left out. What is said of a connection names host,
    port, user and database, and never the password.
    """
    if isinstance(error, psycopg.Error) and error.sqlstate is not None:
        constraint = error.diag.constraint_name
        name = f"{type(error).__name__}, SQLSTATE {error.sqlstate}"
        if isinstance(error, (DuplicatePreparedStatement, InvalidSqlStatementName)):
            name = f"{name}: {POOLER}"
        if isinstance(error, ForeignKeyViolation):
            name = f"{name}, table {error.diag.table_name}"
        if isinstance(error, DependentObjectsStillExist):  # which quotes names of tables and constraints, and no row
            name = f"{name}: {'; '.join((error.diag.message_detail or '').splitlines())}"
        return name if constraint is None else f"{name}, {constraint}"
    if isinstance(error, psycopg.OperationalError):
        return " ".join(str(error).split())
    return type(error).__name__


def referring_table(error: IntegrityError, *_: object) -> str | None:
    """Return which table refused: the server says so."""
    return error.orig.diag.table_name if isinstance(error.orig, psycopg.Error) else None


def read_time_ms(connection: DBAPIConnection) -> int:
    """Ask a server for its time, in milliseconds since the epoch."""
    cursor = connection.cursor()
    try:
        cursor.execute("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")
        row = cursor.fetchone()
        return int(row[0]) if row else 0  # there is one
    finally:
        cursor.close()


def check_server(engine: Engine, clock: ServerClock) -> None:
    """
    See to it that the server can be reached, can keep all text, and has told the time.

    Raises:
        authweave.types.ConfigurationError: the URL has an option that there is not, or the database's encoding is
            another than UTF-8.
        sqlalchemy.exc.DBAPIError: it cannot be reached, or refuses.
    """
    try:
        with engine.connect() as connection:
            encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
            if connection.connection.dbapi_connection is not None:
                clock.keep(connection.connection.dbapi_connection)
    except ProgrammingError as error:
        if isinstance(error.orig, psycopg.Error) and error.orig.sqlstate is None:  # so says the driver by itself
            raise ConfigurationError(
                f"open_storage: the URL has options after its '?' that psycopg does not take: write one like {EXAMPLE}."
            ) from None
        raise
    if encoding != "UTF8":
        raise ConfigurationError(
            f"open_storage: the database is encoded in {encoding}, which cannot keep every address: "
            "make one with CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0."
        )


@contextmanager
def migrating(connection: Connection) -> Generator[None]:
    """Begin the transaction of migrations, and end it. What refers to rows that would be gone, the server looks."""
    with connection.begin():
        lock_migrations(connection)
        yield


def lock_migrations(connection: Connection) -> None:
    """Wait until no other process migrates the database, however long it takes, and keep others waiting."""
    # Otherwise, where the server begins with another level, what the other process has made would not be seen.
    connection.execute(text("SET TRANSACTION ISOLATION LEVEL READ COMMITTED"))
    driver = connection.connection.dbapi_connection
    if isinstance(driver, BoundedConnection):
        driver.statement_s = math.inf
    for name in SETTINGS:
        connection.execute(text("SELECT set_config(:name, '0', true)"), {"name": name})
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
