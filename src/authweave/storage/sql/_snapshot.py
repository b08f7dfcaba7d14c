"""
Databases that snapshots of the library have made before its first release. Goes with the release after that.

They had one history for the tables of all recipes, whose last revision was 0003, and the identity of a login method
was called after one of the recipes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Column, Connection, MetaData, Table, insert, inspect, select, text

from authweave.types import ConfigurationError

from ._history import CORE
from ._schema import login_methods

LAST: Final = "0003"
RENAMED: Final = {"third_party_id": "provider_id", "third_party_issuer": "issuer", "third_party_user_id": "subject"}
ON_POSTGRESQL: Final = (
    text("ALTER TABLE authweave_login_methods RENAME COLUMN third_party_id TO provider_id"),
    text("ALTER TABLE authweave_login_methods RENAME COLUMN third_party_issuer TO issuer"),
    text("ALTER TABLE authweave_login_methods RENAME COLUMN third_party_user_id TO subject"),
    text(
        "ALTER TABLE authweave_login_methods "
        "RENAME CONSTRAINT uq_authweave_login_methods_third_party TO uq_authweave_login_methods_identity"
    ),
)
OURS: Final = "authweave_"


def is_from_snapshot(connection: Connection) -> bool:
    """Return whether a snapshot has made the tables of a database."""
    inspector = inspect(connection)
    return inspector.has_table(login_methods.name) and any(
        column["name"] in RENAMED for column in inspector.get_columns(login_methods.name)
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
    """Give the tables of a snapshot the names that the core has, and note its revision. Nothing is lost."""
    if connection.dialect.name == "sqlite":
        copy_login_methods(connection)
    else:
        for statement in ON_POSTGRESQL:
            connection.execute(statement)
    connection.execute(CORE.version.update().values(version_num=CORE.revision))


def copy_login_methods(connection: Connection) -> None:
    """
    Make the table of login methods anew: SQLite gives no constraint another name.

    What refers to it is set aside meanwhile, since it would go with the old one.
    """
    former = Table(login_methods.name, MetaData(), autoload_with=connection)
    referring = [Table(name, MetaData(), autoload_with=connection) for name in referring_tables(connection)]
    copies = [(table, copy_aside(connection, table)) for table in (*referring, former)]
    for table, _ in copies:
        table.drop(connection)
    login_methods.create(connection)
    columns = [RENAMED.get(name, name) for name in former.columns.keys()]  # noqa: SIM118  a collection, which yields columns
    for table, copy in reversed(copies):
        if table is former:
            connection.execute(insert(login_methods).from_select(columns, select(copy)))
        else:
            table.create(connection)
            connection.execute(insert(table).from_select(table.columns.keys(), select(copy)))
        copy.drop(connection)


def referring_tables(connection: Connection) -> Iterator[str]:
    """
    Return the names of the tables with a foreign key to that of login methods.

    Raises:
        authweave.types.ConfigurationError: one is the application's own.
    """
    inspector = inspect(connection)
    for name in inspector.get_table_names():
        if any(key["referred_table"] == login_methods.name for key in inspector.get_foreign_keys(name)):
            if not name.startswith(OURS):
                raise ConfigurationError(
                    f"The table {name!r} refers to {login_methods.name!r}, which has to be recreated, and its rows "
                    "would be lost: drop that foreign key first."
                )
            yield name


def copy_aside(connection: Connection, table: Table) -> Table:
    """Copy the rows of a table into another one, which has its columns and nothing else."""
    copy = Table(f"{table.name}_kept", MetaData(), *(Column(column.name, column.type) for column in table.columns))
    copy.create(connection)
    connection.execute(insert(copy).from_select(copy.columns.keys(), select(table)))
    return copy
