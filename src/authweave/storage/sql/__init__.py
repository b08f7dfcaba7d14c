"""
The store in SQL, on SQLite and PostgreSQL.

For the SQL of a part of the store, a recipe's own: `SQLPart` says how it is kept; its tables are declared in
`new_metadata`, and may refer to `tenants`, `users` and `login_methods`; its store is made over a `Database`.

Names are loaded when they are first used: a start on a database that is up to date does without most of it, and without
SQLAlchemy.
"""

from typing import TYPE_CHECKING

from authweave.kernel import load_name

if TYPE_CHECKING:
    from authweave.storage._errors import ConstraintError

    from ._addresses import AddressFault, OddAddress
    from ._at_need import storage_at, whole_store
    from ._backup import back_up, restore
    from ._bulk import insert_rows
    from ._change import Change
    from ._database import Database
    from ._insert import insert_unless_there
    from ._login_rows import NewUsers, address_values, locked_owner, method_named, set_address, set_contacts
    from ._lookup import Lookup, Query
    from ._migrations import Migrations
    from ._over_database import OverDatabase
    from ._part import SQLPart
    from ._passkeys import Row, passkeys_of
    from ._schema import (
        Id,
        barred_users,
        core_tables,
        login_methods,
        login_tenants,
        new_metadata,
        owns_table,
        primary_contacts,
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
        first_tenant,
        is_barred,
        known_as,
        own_id_of,
        owner_of,
        recipe_user_id_of,
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
    "first_tenant",
    "insert_rows",
    "insert_unless_there",
    "is_barred",
    "is_on_server",
    "known_as",
    "locked_owner",
    "login_methods",
    "login_tenants",
    "method_named",
    "new_metadata",
    "open_storage",
    "own_id_of",
    "owner_of",
    "owns_table",
    "passkeys_of",
    "primary_contacts",
    "recipe_user_id_of",
    "restore",
    "set_address",
    "set_contacts",
    "shown_id_of",
    "storage_at",
    "tenants",
    "user_id_mappings",
    "user_of",
    "users",
    "vouched_for_by_none",
    "whole_store",
]

_MODULES = {
    "AddressFault": "._addresses",
    "Change": "._change",
    "ConstraintError": "authweave.storage._errors",
    "Database": "._database",
    "Id": "._schema",
    "Lookup": "._lookup",
    "METHODS": "._users",
    "Row": "._passkeys",
    "NewUsers": "._login_rows",
    "Migrations": "._migrations",
    "OddAddress": "._addresses",
    "OverDatabase": "._over_database",
    "Query": "._lookup",
    "SQLPart": "._part",
    "SQLStorage": "._storage",
    "SQLTransaction": "._transaction",
    "address_values": "._login_rows",
    "back_up": "._backup",
    "barred_users": "._schema",
    "core_tables": "._schema",
    "database_file": "._url",
    "first_tenant": "._users",
    "insert_rows": "._bulk",
    "insert_unless_there": "._insert",
    "is_barred": "._users",
    "is_on_server": "._url",
    "known_as": "._users",
    "locked_owner": "._login_rows",
    "login_methods": "._schema",
    "login_tenants": "._schema",
    "method_named": "._login_rows",
    "new_metadata": "._schema",
    "open_storage": "._storage",
    "own_id_of": "._users",
    "owner_of": "._users",
    "owns_table": "._schema",
    "passkeys_of": "._passkeys",
    "primary_contacts": "._schema",
    "recipe_user_id_of": "._users",
    "restore": "._backup",
    "set_address": "._login_rows",
    "set_contacts": "._login_rows",
    "shown_id_of": "._users",
    "storage_at": "._at_need",
    "tenants": "._schema",
    "user_id_mappings": "._schema",
    "user_of": "._users",
    "users": "._schema",
    "vouched_for_by_none": "._schema",
    "whole_store": "._at_need",
}

if not TYPE_CHECKING:  # they would take any name for one that there is

    def __getattr__(name: str) -> object:
        """Load a name from its module (PEP 562)."""
        return load_name(__name__, name, _MODULES)
