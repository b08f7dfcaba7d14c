"""Bring a database up to date, or say what it lacks."""

from __future__ import annotations

import logging
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final, cast

from sqlalchemy import Column, Connection, MetaData, String, Table, inspect, select

from authweave.types import ConfigurationError

from ._backend import Backend
from ._schema import REVISION, VERSION_TABLE, metadata

if TYPE_CHECKING:
    from alembic.config import Config

logger: Final = logging.getLogger("authweave.storage")

MIGRATIONS = Path(__file__).parent / "migrations"

version = Table(VERSION_TABLE, MetaData(), Column("version_num", String(32)))  # as Alembic makes it


def make_ready(backend: Backend, *, migrate: bool) -> None:
    """
    See to it that a database has the tables that this release uses.

    Args:
        backend: the database.
        migrate: whether to make them, or to bring them up to date.

    Raises:
        authweave.types.ConfigurationError: it has not, and they are not to be made; a newer release has written the
            database, or somebody has changed it by hand. Nothing was changed.
        sqlalchemy.exc.SQLAlchemyError: a statement failed, or the lock was not to be had. Nothing was changed.
    """
    with backend.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        found = revision_of(connection)
        if found == REVISION:
            check_whole(connection)
            return
        if not migrate:
            check_known(found)
            check_begun(connection, found)
            where = "has no tables of authweave yet" if found is None else f"stands at revision {found!r}"
            raise ConfigurationError(
                f"The database {where}, and this release needs {REVISION!r}: run `authweave db upgrade` "
                "with its URL, or let StorageOptions(migrate=True) do it at the start."
            )
    upgrade(backend)


def upgrade(backend: Backend, revision: str = "head") -> None:
    """
    Make the tables, or bring them up to date, in one transaction that keeps other processes waiting from its start.

    So of two processes that start at once one works, and the other waits and finds nothing left to do.

    Raises:
        authweave.types.ConfigurationError: as for `make_ready`.
        sqlalchemy.exc.SQLAlchemyError: a statement failed, or the lock was not to be had. Nothing was changed.
    """
    with migrating(backend, revision) as (connection, config):
        check_begun(connection, revision_of(connection))
        command().upgrade(config, revision)
        if revision_of(connection) == REVISION:
            check_whole(connection)


def downgrade(backend: Backend, revision: str) -> None:
    """
    Take a database back to an older revision, in one transaction. What the older tables cannot hold is lost.

    Raises:
        authweave.types.ConfigurationError: as for `make_ready`.
        sqlalchemy.exc.SQLAlchemyError: a statement failed, or the lock was not to be had. Nothing was changed.
    """
    with migrating(backend, revision) as (_, config):
        command().downgrade(config, revision)


@contextmanager
def migrating(backend: Backend, revision: str) -> Generator[tuple[Connection, Config]]:
    """Begin a transaction for migrations to a revision, on a database that this release knows."""
    check_revision(revision)
    with backend.engine.begin() as connection:
        backend.before_migrations(connection)
        before = revision_of(connection)
        check_known(before)
        config = bare_config()
        config.attributes["connection"] = connection
        yield connection, config
        after = revision_of(connection)
    if after != before:
        logger.info(
            "The database was taken from revision %s to %s.",
            before,
            after,
            extra={"event": "migrated", "from_revision": before, "to_revision": after},
        )


def command() -> ModuleType:
    """Return Alembic's commands. It takes as long to import as everything else together; most starts do without it."""
    return import_module("alembic.command")


def bare_config() -> Config:
    """Return what Alembic has to know to find the migrations."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def revision_of(connection: Connection) -> str | None:
    """
    Return the migration that a database stands at, or None where there are no tables yet.

    Raises:
        authweave.types.ConfigurationError: it names several.
    """
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found = connection.execute(select(version.c.version_num)).scalars().all()
    if len(found) > 1:
        raise half_migrated(f"{VERSION_TABLE} has {len(found)} rows")
    return found[0] if found else None


def revisions() -> list[str]:
    """Return all migrations that this release knows, the oldest first."""
    from alembic.script import ScriptDirectory

    return [script.revision for script in ScriptDirectory.from_config(bare_config()).walk_revisions()][::-1]


def check_revision(wanted: str) -> None:
    """
    Check that a revision which somebody asked for can be had.

    Raises:
        authweave.types.ConfigurationError: this release does not know it.
    """
    if wanted not in {"head", *revisions()}:
        raise ConfigurationError(f"There is no revision {wanted!r}: this release knows {', '.join(revisions())}.")


def check_known(found: str | None) -> None:
    """
    Check that this release knows a migration.

    Raises:
        authweave.types.ConfigurationError: it does not, so a newer one does.
    """
    if found is not None and found not in revisions():
        raise ConfigurationError(
            f"The database was written by a newer release of authweave (it stands at {found!r}, this "
            f"release knows up to {REVISION!r}): install that release or a later one, or use another database."
        )


def check_begun(connection: Connection, found: str | None) -> None:
    """
    Check that a database without a revision has none of the tables either.

    Raises:
        authweave.types.ConfigurationError: it has some, so the first migration would fail.
    """
    if found is None and (there := sorted(metadata.tables.keys() & set(inspect(connection).get_table_names()))):
        raise half_migrated(f"it has {', '.join(there)}, but {VERSION_TABLE} names no revision")


def check_whole(connection: Connection) -> None:
    """
    Check that a database that stands at the newest migration has all that it makes.

    Raises:
        authweave.types.ConfigurationError: a table or a column is missing.
    """
    if missing := missing_parts(connection):
        raise half_migrated(f"it stands at {REVISION!r}, but it has no {', no '.join(missing)}")


def missing_parts(connection: Connection) -> list[str]:
    """Return which tables and columns are missing."""
    inspector = inspect(connection)
    there = set(inspector.get_table_names())
    missing = [table for table in metadata.tables if table not in there]
    for name, table in metadata.tables.items():
        if name in there:
            columns = {column["name"] for column in inspector.get_columns(name)}
            missing += [f"{name}.{column.name}" for column in table.columns if column.name not in columns]
    return missing


def differences(connection: Connection) -> tuple[str, ...]:
    """Return what Alembic finds to differ from the tables of this release. An application's own tables are its own."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    context = MigrationContext.configure(
        connection,
        opts={
            "version_table": VERSION_TABLE,
            "compare_type": True,
            "compare_server_default": True,
            "include_name": is_ours,
        },
    )
    return tuple(described(each) for each in compare_metadata(context, metadata))


def is_ours(name: str | None, kind: str, parents: object) -> bool:
    """Say whether a part of a database is the library's."""
    del parents
    return kind != "table" or name in metadata.tables


def described(difference: Sequence[object]) -> str:
    """Say what differs; what Alembic would add is missing. Several differences of one column come as a list."""
    while isinstance(difference[0], Sequence) and not isinstance(difference[0], str):
        difference = cast("Sequence[object]", difference[0])  # Alembic's differences are tuples of many kinds
    kind, *parts = difference
    names = [str(getattr(part, "name", part)) for part in parts if part is not None]
    return f"{str(kind).replace('add_', 'no ').replace('remove_', 'unknown ').replace('_', ' ')}: {' '.join(names)}"


def half_migrated(what: str) -> ConfigurationError:
    """Return the error for a database that no migration has left like this."""
    return ConfigurationError(
        f"The database is half-migrated ({what}). Migrations do all or nothing, so somebody has changed "
        "it by hand, or restored a part of it: restore it whole, or use another one."
    )
