"""What differs between SQLite and PostgreSQL, once their engines are made."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import attrs
from sqlalchemy import Connection, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from authweave.types import Clock, system_clock


@attrs.frozen(kw_only=True, eq=False)
class Backend:
    """
    A database's engine, and how it wants to be used.

    Attributes:
        engine: makes connections.
        begin: begins a transaction which is going to write.
        max_connections: how many this process has at most; None for as many as it has threads that ask.
        timeout_s: how long a caller waits for one of them, or for its turn to write.
        one_writer: whether the writers of this process take turns.
        reads_at_once: whether readers wait for nothing but a file of this machine, and for no writer.
        make_loss_check: returns, for a connection, what says whether the other side has closed it while it is idle.
        in_transaction: returns whether a transaction is under way on a connection.
        has_failed: returns whether nothing can be committed in the transaction that is under way on a connection.
        keeps_transaction: whether a statement that fails undoes itself alone, and not the transaction.
        is_passing: returns whether a transaction that failed so may succeed when it is tried again at once.
        referring_table: returns which table's foreign key refused that a user is deleted, of whose deletion the error
            is; None where that is not to be found out.
        describe_error: says what failed, with no value of a row.
        before_first_use: sees to it that there is a database which can be used.
        reset: undoes, in a transaction that is to be committed, what others have set for longer than that.
        clock: tells the time that all who share the database go by.
        keep_time: sees to it that the clock is right, on a connection on which nothing is under way.
        migrating: is the transaction of migrations, in which those of other processes wait. Nothing refers to rows
            that are gone when it ends, and no table is emptied because one that it refers to was made anew.
    """

    engine: Engine
    begin: Callable[[DBAPICursor], object]
    max_connections: int | None
    timeout_s: float
    one_writer: bool
    make_loss_check: Callable[[Connection], Callable[[], bool]]
    in_transaction: Callable[[DBAPIConnection], bool]
    has_failed: Callable[[DBAPIConnection], bool]
    keeps_transaction: bool
    is_passing: Callable[[BaseException], bool]
    referring_table: Callable[[IntegrityError, Connection, str], str | None]
    describe_error: Callable[[BaseException], str]
    before_first_use: Callable[[], None]
    migrating: Callable[[Connection], AbstractContextManager[None]]
    reads_at_once: bool = False
    reset: Callable[[DBAPICursor], object] = lambda _: None
    clock: Clock = system_clock
    keep_time: Callable[[DBAPIConnection], None] = lambda _: None

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What executing a statement may raise, by SQLAlchemy or by the driver itself."""
        return (SQLAlchemyError, self.engine.dialect.loaded_dbapi.Error, OverflowError)

    @property
    def violations(self) -> tuple[type[Exception], ...]:
        """What it raises when a constraint is violated."""
        return (IntegrityError, self.engine.dialect.loaded_dbapi.IntegrityError)


def cause_of(error: BaseException) -> BaseException:
    """Return what the driver raised, where SQLAlchemy has wrapped it."""
    return error if not isinstance(error, DBAPIError) or error.orig is None else error.orig
