"""Bring a database up to date."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, inspect, select

from authweave.types import ConfigurationError

from ._schema import REVISION, VERSION_TABLE

MIGRATIONS = Path(__file__).parent / "migrations"

version = Table(VERSION_TABLE, MetaData(), Column("version_num", String(32)))  # as Alembic makes it


def upgrade(engine: Engine) -> None:
    """
    Make the tables, or bring them up to date, in one transaction that holds the write lock from its start.

    So of two processes that start at once one works, and the other waits and finds nothing left to do.

    Raises:
        authweave.types.ConfigurationError: a newer release has written the database. Nothing was changed.
        sqlalchemy.exc.SQLAlchemyError: a statement failed, or the lock was not to be had. Nothing was changed.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if revision_of(connection) == REVISION:
            return
    # Here, because it takes as long to import as everything else together and most starts do without it.
    from alembic import command  # noqa: PLC0415 (see above)
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        found = revision_of(connection)
        if found is not None and found not in known:
            raise ConfigurationError(
                f"open_storage: the database was written by a newer release of authweave (it stands at {found!r}, this "
                f"release knows up to {REVISION!r}): install that release or a later one, or use another database."
            )
        command.upgrade(config, "head")


def revision_of(connection: Connection) -> str | None:
    """Return the migration that a database stands at, or None where there are no tables yet."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(select(version.c.version_num)).scalar_one_or_none()
