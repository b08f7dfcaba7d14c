"""The store in SQL, on SQLite and PostgreSQL."""

from ._storage import SQLStorage, database_file, is_on_server, open_storage

__all__ = ["SQLStorage", "database_file", "is_on_server", "open_storage"]
