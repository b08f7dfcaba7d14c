"""The connection of a transaction, as those get it who may not end it."""

from __future__ import annotations

import re
from typing import Any, Final, NoReturn

from sqlalchemy import Connection, CursorResult, Engine, event
from sqlalchemy.engine.interfaces import DBAPICursor
from typing_extensions import override

from authweave.storage._errors import TransactionError

ENDS: Final = re.compile(
    r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/|;)*"  # what may stand before a statement
    r"(?:COMMIT|END|ABORT|BEGIN|START\s+TRANSACTION|PREPARE\s+TRANSACTION|ROLLBACK(?!\s+(?:TRANSACTION\s+|WORK\s+)?TO))\b",
    re.IGNORECASE | re.DOTALL,
)
"""A statement that begins or ends a transaction. To go back to a savepoint does not."""

QUOTED: Final = re.compile(
    r"""'(?:[^']|'')*'|"[^"]*"|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$|--[^\n]*|/\*.*?\*/""",
    re.DOTALL,
)
"""What is no statement, whatever stands in it."""

LATER_ENDS: Final = re.compile(r";\s*(?:COMMIT|ABORT|ROLLBACK(?!\s+(?:TRANSACTION\s+|WORK\s+)?TO))\b", re.IGNORECASE)
"""One of several, which PostgreSQL takes at once. ``END`` is not among them: with it a trigger's body ends too."""

JOINED: Final = "authweave_joined"
"""An execution option of connections whose transaction has been begun."""

WHOSE: Final = "the transaction is authweave's, which commits at its end; raise an exception to undo it."


class GuardedConnection(Connection):
    """
    Executes an application's statements in a transaction that is not its own.

    Savepoints are its own (`begin_nested`). It begins with one, so that a `sqlalchemy.orm.Session` on it makes others,
    and what its ``commit`` and ``rollback`` end is those.

    Args:
        engine: in whose name; not that of autocommit mode, with which SQLAlchemy would have the driver commit.
        lent: what executes the library's own statements, in the same transaction.
    """

    def __init__(self, engine: Engine, lent: Connection) -> None:
        super().__init__(engine.execution_options(**{JOINED: True}), lent.connection)
        self._is_over = False
        super().begin()  # for SQLAlchemy alone: the driver has begun
        super().begin_nested()

    def let_go(self) -> None:
        """Refuse everything from now on."""
        self._is_over = True

    def check(self) -> None:
        """
        Check that the transaction is under way.

        Raises:
            TransactionError: it has ended.
        """
        if self._is_over:
            message = "The transaction of this connection has ended: use a connection in its transaction alone."
            raise TransactionError(message)

    @override
    def commit(self) -> NoReturn:
        self._refuse("commit()")

    @override
    def rollback(self) -> NoReturn:
        self._refuse("rollback()")

    @override
    def close(self) -> NoReturn:
        self._refuse("close()")

    @override
    def detach(self) -> NoReturn:
        self._refuse("detach()")

    def _refuse(self, what: str) -> NoReturn:
        self.check()
        message = f"{what} is refused on this connection: {WHOSE}"
        raise TransactionError(message)

    @override
    def exec_driver_sql(self, *args: Any, **kwargs: Any) -> CursorResult[Any]:  # Any: as SQLAlchemy's
        self.check()
        return super().exec_driver_sql(*args, **kwargs)


def end_in(statement: str) -> re.Match[str] | None:
    """Return where a statement, or one of several, would end the transaction; None where none does."""
    if found := ENDS.match(statement):
        return found
    return LATER_ENDS.search(QUOTED.sub(" ", statement)) if ";" in statement else None


@event.listens_for(GuardedConnection, "before_execute")
def before_execute(connection: GuardedConnection, *_: object) -> None:
    """Execute nothing after the end."""
    connection.check()


@event.listens_for(GuardedConnection, "before_cursor_execute")
def before_cursor_execute(connection: Connection, cursor: DBAPICursor, statement: str, *_: object) -> None:
    """Execute nothing that would end the transaction."""
    del connection, cursor
    if ends := end_in(statement):
        word = ends[0].replace(";", " ").split()[-1].upper()
        message = f"{word} is refused on this connection: {WHOSE}"
        raise TransactionError(message)


@event.listens_for(GuardedConnection, "commit")
def before_commit(_: Connection) -> None:
    """Have no transaction object of SQLAlchemy's commit."""
    message = f"A commit is refused on this connection: {WHOSE}"
    raise TransactionError(message)


@event.listens_for(GuardedConnection, "rollback")
def before_rollback(_: Connection) -> None:
    """Have no transaction object of SQLAlchemy's roll back: a Session does, say, after an error in its flush."""
    message = f"A rollback is refused on this connection: {WHOSE}"
    raise TransactionError(message)
