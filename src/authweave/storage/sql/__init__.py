"""The store in SQL: SQLite now, PostgreSQL with a later release."""

from ._migrate import upgrade
from ._storage import SQLStorage, database_file, open_storage

__all__ = ["SQLStorage", "database_file", "open_storage", "upgrade"]
