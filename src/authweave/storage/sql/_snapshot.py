"""
Databases that snapshots of the library have made before its first release. Goes with the release after that.

They had one history for the tables of all recipes, whose last revision was 0003, and the identity of a login method
was called after one of the recipes.

No table is made anew and no row is copied: what the application's own tables, indexes and triggers refer to stays
where it is, and follows the new names by itself.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, inspect, text

from authweave.types import ConfigurationError

from ._history import CORE
from ._schema import login_methods

LAST: Final = "0003"
MADE_IT: Final = "a development snapshot of authweave, from before its first release, made it"

FORMER: Final = ("third_party_id", "third_party_issuer", "third_party_user_id")
"""What it called the columns that tell an identity."""

LATER: Final = frozenset({"authweave_provider_tokens"})
"""Tables that parts have got since, in a revision after their first."""

RENAME_COLUMNS: Final = (
    text("ALTER TABLE authweave_login_methods RENAME COLUMN third_party_id TO provider_id"),
    text("ALTER TABLE authweave_login_methods RENAME COLUMN third_party_issuer TO issuer"),
    text("ALTER TABLE authweave_login_methods RENAME COLUMN third_party_user_id TO subject"),
)
RENAME_ON_POSTGRESQL: Final = text(
    "ALTER TABLE authweave_login_methods "
    "RENAME CONSTRAINT uq_authweave_login_methods_third_party TO uq_authweave_login_methods_identity"
)
RENAME_ON_SQLITE: Final = text(
    "UPDATE sqlite_master SET sql = "
    "replace(sql, 'uq_authweave_login_methods_third_party', 'uq_authweave_login_methods_identity') "
    "WHERE type = 'table' AND name = 'authweave_login_methods'"
)


def is_from_snapshot(connection: Connection) -> bool:
    """Return whether a snapshot has made the tables of a database."""
    inspector = inspect(connection)
    return inspector.has_table(login_methods.name) and any(
        column["name"] in FORMER for column in inspector.get_columns(login_methods.name)
    )


def check_last_snapshot(revision: str | None) -> None:
    """
    Check that the last snapshot has brought a database up to date.

    Raises:
        authweave.types.ConfigurationError: an older one has made it.
    """
    if revision != LAST:
        raise ConfigurationError(
            f"The database was made by a snapshot of authweave from before its first release, and is at its "
            f"revision {revision!r}: run `authweave db upgrade` of the last snapshot first, or use another database."
        )


def bring_over(connection: Connection) -> None:
    """
    Give the tables of a snapshot the names that the core has, and note its revision.

    Raises:
        authweave.types.ConfigurationError: it would change a view of the application's own.
    """
    if connection.dialect.name == "sqlite":
        rename_constraint_on_sqlite(connection)
        rename_columns_on_sqlite(connection)
    else:
        connection.execute(RENAME_ON_POSTGRESQL)
        rename_columns(connection)
    connection.execute(CORE.version.update().values(version_num=CORE.revisions()[0]))


def rename_columns(connection: Connection) -> None:
    """Rename the columns; indexes, triggers, views and foreign keys follow."""
    for statement in RENAME_COLUMNS:
        connection.execute(statement)


def rename_columns_on_sqlite(connection: Connection) -> None:
    """
    Rename the columns. SQLite renames those of a view over them as well, unless it names them itself.

    Raises:
        authweave.types.ConfigurationError: it would, and who reads the view would not find them.
    """
    before = columns_of_views(connection)
    rename_columns(connection)
    after = columns_of_views(connection)
    if changed := [view for view in before if after[view] != before[view]]:
        raise ConfigurationError(
            f"The database was made by a snapshot of authweave, and columns of its {login_methods.name!r} have other "
            f"names now ({', '.join(FORMER)}), which would rename those of the view {', of '.join(map(repr, changed))}"
            ": let it name its columns itself (CREATE VIEW name (column, ...) AS SELECT ...), or drop it and create it "
            "anew afterwards. Nothing was changed."
        )


def columns_of_views(connection: Connection) -> dict[str, list[str]]:
    """Return the names of the columns of each view."""
    inspector = inspect(connection)
    return {view: [column["name"] for column in inspector.get_columns(view)] for view in inspector.get_view_names()}


def rename_constraint_on_sqlite(connection: Connection) -> None:
    """
    Rename the constraint in the text of the schema, since SQLite has no statement that does.

    So its documentation advises for what changes nothing on the disk (sqlite.org/lang_altertable.html, section 7). The
    statements that rename the columns have the schema read again, by every process.
    """
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    try:
        connection.execute(RENAME_ON_SQLITE)
    finally:
        connection.exec_driver_sql("PRAGMA writable_schema = OFF")
