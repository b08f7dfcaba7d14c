"""How a store is opened: sizes, timeouts, and who brings its tables up to date."""

from __future__ import annotations

from types import UnionType
from typing import Final

import attrs

from authweave.types import ConfigurationError, Options

MAX_SECONDS: Final = 86_400
MAX_CONNECTIONS: Final = 10_000
MAX_THRESHOLD: Final = 1_000_000


@attrs.frozen(kw_only=True)
class StorageOptions(Options):
    """
    How a store at a URL is opened. The defaults suit a web application of a few worker processes.

    Attributes:
        pool_size: how many connections to PostgreSQL one process has at most; they are opened when they are needed. All
            processes together must stay below the server's ``max_connections``.
        pool_timeout_s: how long a caller waits for one of them, in seconds, before it gets `StorageError`.
        connect_timeout_s: how long it takes at most to connect to PostgreSQL, in seconds, rounded up to whole ones.
        statement_timeout_s: how long PostgreSQL may take for a statement, waiting for locks and all, before it is given
            up, whether or not the server still answers; also how long it keeps the locks of a process that has stopped
            in the middle of a transaction. In seconds.
        busy_timeout_s: how long a writer waits for the other writers of an SQLite database, in seconds.
        prepare_threshold: how often a connection to PostgreSQL executes a statement before it prepares it; 0 prepares
            at once. None prepares none: for a pooler that does not keep prepared statements, as PgBouncer before 1.21
            when it pools transactions.
        migrate: whether opening makes the tables, or brings them up to date. None means that SQLite does so, and that
            PostgreSQL is refused until ``authweave db upgrade`` has done it.

    Raises:
        authweave.types.ConfigurationError: a number is not positive, or a timeout longer than a day.

    .. versionadded:: 0.1.0
    """

    pool_size: int = 8
    pool_timeout_s: float = 5.0
    connect_timeout_s: float = 5.0
    statement_timeout_s: float = 10.0
    busy_timeout_s: float = 5.0
    prepare_threshold: int | None = 5
    migrate: bool | None = None

    def __attrs_post_init__(self) -> None:
        """Check the numbers."""
        self._check("pool_size", int, MAX_CONNECTIONS, "a whole number")
        for name in ("pool_timeout_s", "connect_timeout_s", "statement_timeout_s", "busy_timeout_s"):
            self._check(name, int | float, MAX_SECONDS, "a number of seconds")
        if self.prepare_threshold is not None and self.prepare_threshold != 0:
            self._check("prepare_threshold", int, MAX_THRESHOLD, "None, 0 or a whole number")

    def _check(self, name: str, kind: type | UnionType, most: int, what: str) -> None:
        value: float = getattr(self, name)
        if not isinstance(value, kind) or not 0 < value <= most:
            message = f"StorageOptions: {name} must be {what}, above 0 and of at most {most}."
            raise ConfigurationError(message)
