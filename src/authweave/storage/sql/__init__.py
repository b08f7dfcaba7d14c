"""The store in SQL: SQLite now, PostgreSQL with a later release."""

from ._migrate import upgrade
from ._storage import SQLStorage, open_storage

__all__ = ["SQLStorage", "open_storage", "upgrade"]
