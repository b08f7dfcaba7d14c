"""
The store in SQL, on SQLite and PostgreSQL.

For the SQL of a part of the store, a recipe's own: `SQLPart` says how it is kept; its tables are declared in
`new_metadata`, and may refer to `tenants`, `users` and `login_methods`; its store is made over a `Database`.
"""

from authweave.storage._errors import ConstraintError

from ._addresses import AddressFault, OddAddress
from ._backup import back_up, restore
from ._bulk import insert_rows
from ._change import Change
from ._database import Database
from ._insert import insert_unless_there
from ._lookup import Lookup, Query
from ._migrations import Migrations
from ._over_database import OverDatabase
from ._part import SQLPart
from ._schema import (
    Id,
    barred_users,
    core_tables,
    login_methods,
    new_metadata,
    owns_table,
    tenants,
    user_id_mappings,
    users,
    vouched_for_by_none,
)
from ._storage import SQLStorage, open_storage
from ._transaction import SQLTransaction
from ._url import database_file, is_on_server
from ._users import (
    METHODS,
    NewUsers,
    Row,
    address_values,
    known_as,
    login_method_of,
    own_id_of,
    owner_of,
    shown_id_of,
    user_of,
)

__all__ = [
    "METHODS",
    "AddressFault",
    "Change",
    "ConstraintError",
    "Database",
    "Id",
    "Lookup",
    "Migrations",
    "NewUsers",
    "OddAddress",
    "OverDatabase",
    "Query",
    "Row",
    "SQLPart",
    "SQLStorage",
    "SQLTransaction",
    "address_values",
    "back_up",
    "barred_users",
    "core_tables",
    "database_file",
    "insert_rows",
    "insert_unless_there",
    "is_on_server",
    "known_as",
    "login_method_of",
    "login_methods",
    "new_metadata",
    "open_storage",
    "own_id_of",
    "owner_of",
    "owns_table",
    "restore",
    "shown_id_of",
    "tenants",
    "user_id_mappings",
    "user_of",
    "users",
    "vouched_for_by_none",
]
