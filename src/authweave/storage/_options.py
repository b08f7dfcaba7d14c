"""How a store is opened: sizes, timeouts, and who brings its tables up to date."""

from __future__ import annotations

import attrs
from attrs import validators

POSITIVE_SECONDS = validators.and_(validators.instance_of((int, float)), validators.gt(0), validators.lt(86_400))


@attrs.frozen(kw_only=True)
class StorageOptions:
    """
    How a store at a URL is opened. The defaults suit a web application of a few worker processes.

    Attributes:
        pool_size: how many connections to PostgreSQL one process has at most; they are opened when they are needed. All
            processes together must stay below the server's ``max_connections``.
        pool_timeout_s: how long a caller waits for one of them, in seconds, before it gets `StorageError`.
        connect_timeout_s: how long it takes at most to connect to PostgreSQL, in seconds, rounded up to whole ones.
        statement_timeout_s: how long PostgreSQL works on a statement, or waits for a lock, before it gives up; also how
            long it keeps the locks of a process that has stopped in the middle of a transaction. In seconds.
        busy_timeout_s: how long a writer waits for the other writers of an SQLite database, in seconds.
        migrate: whether opening makes the tables, or brings them up to date. None means that SQLite does so, and that
            PostgreSQL is refused until ``authweave db upgrade`` has done it.

    Raises:
        ValueError: a number is not positive, or a timeout longer than a day.
        TypeError: a value is of another type.

    .. versionadded:: 0.1.0
    """

    pool_size: int = attrs.field(
        default=8, validator=validators.and_(validators.instance_of(int), validators.ge(1), validators.le(10_000))
    )
    pool_timeout_s: float = attrs.field(default=5.0, validator=POSITIVE_SECONDS)
    connect_timeout_s: float = attrs.field(default=5.0, validator=POSITIVE_SECONDS)
    statement_timeout_s: float = attrs.field(default=10.0, validator=POSITIVE_SECONDS)
    busy_timeout_s: float = attrs.field(default=5.0, validator=POSITIVE_SECONDS)
    migrate: bool | None = attrs.field(default=None, validator=validators.optional(validators.instance_of(bool)))
