"""The store in SQL, on SQLite and PostgreSQL."""

from ._backup import back_up
from ._migrations import Migrations
from ._storage import SQLStorage, open_storage
from ._url import database_file, is_on_server

__all__ = ["Migrations", "SQLStorage", "back_up", "database_file", "is_on_server", "open_storage"]
