"""Bring a database up to date, or say what it lacks. The core and every part have a history of their own."""

from __future__ import annotations

import logging
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from sqlalchemy import Connection, Inspector, inspect, select

from authweave.types import ConfigurationError

from ._backend import Backend
from ._history import CORE, History
from ._schema import declare_indexes
from ._snapshot import LATER, MADE_IT, bring_over, check_last_snapshot, is_from_snapshot

if TYPE_CHECKING:
    from alembic.config import Config

logger: Final = logging.getLogger("authweave.storage")

Revisions: TypeAlias = Mapping[str, str | None]
"""Where the core and the parts stand, by their names; None where their tables are not there yet."""

NO_TABLES: Final = "it has no tables of authweave yet"


def make_ready(backend: Backend, histories: Sequence[History], *, migrate: bool) -> None:
    """
    See to it that a database has the tables that this release uses.

    Args:
        backend: the database.
        histories: that of the core, and those of the parts that are in use.
        migrate: whether to make them, or to bring them up to date.

    Raises:
        authweave.types.ConfigurationError: it has not, and they are not to be made; a newer release has written the
            database, or somebody has changed it by hand. Nothing was changed.
        sqlalchemy.exc.SQLAlchemyError: a statement failed, or the lock was not to be had. Nothing was changed.
    """
    with backend.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        current = revisions_of(connection, histories)
        at_newest = all(current[each.name] == each.revision for each in histories)
        if at_newest and not is_from_snapshot(connection):  # whose revisions have the same names
            check_complete(connection, histories)
            return
        if not migrate:
            found = understood_revisions(connection, histories)
            outdated = "; ".join(describe_outdated(connection, histories, found))
            raise ConfigurationError(
                f"The database is not up to date: {outdated}. Run `authweave db upgrade` with its URL, which brings it "
                "there, or let StorageOptions(migrate=True) do it at the start."
            )
    upgrade(backend, histories)


def upgrade(backend: Backend, histories: Sequence[History], revision: str = "head") -> None:
    """
    Make the tables, or bring them up to date, in one transaction that keeps other processes waiting from its start.

    So of two processes that start at once one works, and the other waits and finds nothing left to do.

    Args:
        backend: the database.
        histories: those to bring up to date, the core's first.
        revision: to which of its revisions each is brought.

    Raises:
        authweave.types.ConfigurationError: as for `make_ready`.
        sqlalchemy.exc.SQLAlchemyError: a statement failed, or the lock was not to be had. Nothing was changed.
    """
    with begin_migrations(backend, histories, revision) as connection:
        if is_from_snapshot(connection):
            check_last_snapshot(revision_of(connection, CORE))
            bring_over(connection)
        for history in histories:
            try:
                upgrade_one(connection, history, revision)
            except Exception as error:
                error.add_note(f"This happened while the tables of {history.name!r} were brought up to date.")
                raise
        at_newest = [each for each in histories if revision_of(connection, each) == each.revision]
        check_complete(connection, at_newest)


def upgrade_one(connection: Connection, history: History, revision: str) -> None:
    """
    Bring the tables of the core or of a part to a revision.

    Raises:
        authweave.types.ConfigurationError: as for `make_ready`.
        Exception: whatever a migration raises.
    """
    current = revision_of(connection, history)
    config = config_on(connection, history)
    if current is None and is_unnoted(connection, history):
        has_all = not missing_parts(inspect(connection), history)
        command().stamp(config, history.revision if has_all else history.revisions()[0])
    else:
        check_no_tables(connection, history, current)
    command().upgrade(config, revision)


def downgrade(backend: Backend, history: History, revision: str) -> None:
    """
    Take the tables of the core or of a part back to an older revision, in one transaction.

    What the older tables cannot hold is lost.

    Raises:
        authweave.types.ConfigurationError: as for `make_ready`, or there is no way back.
        sqlalchemy.exc.SQLAlchemyError: a statement failed, or the lock was not to be had. Nothing was changed.
    """
    with begin_migrations(backend, [history], revision) as connection:
        if is_from_snapshot(connection):
            raise snapshot_error()
        history.check_way_back(revision_of(connection, history), revision)
        command().downgrade(config_on(connection, history), revision)


@contextmanager
def begin_migrations(backend: Backend, histories: Sequence[History], revision: str) -> Generator[Connection]:
    """Begin a transaction for migrations to a revision, on a database that this release knows."""
    for history in histories:
        check_revision(history, revision)
    with backend.engine.connect() as connection, backend.migrating(connection):
        before = revisions_of(connection, histories)
        if not is_from_snapshot(connection):
            check_not_newer(histories, before)
        yield connection
        after = revisions_of(connection, histories)
    for history in histories:
        if after[history.name] != before[history.name]:
            logger.info(
                "The tables of %r were taken from revision %s to %s.",
                history.name,
                before[history.name],
                after[history.name],
                extra={
                    "event": "migrated",
                    "part": history.name,
                    "from_revision": before[history.name],
                    "to_revision": after[history.name],
                },
            )


def command() -> ModuleType:
    """Return Alembic's commands. It takes as long to import as everything else together; most starts do without it."""
    return import_module("alembic.command")


def config_on(connection: Connection, history: History) -> Config:
    """Return what Alembic has to know to migrate a database."""
    config = history.config()
    config.attributes["connection"] = connection
    return config


def revisions_of(connection: Connection, histories: Sequence[History]) -> Revisions:
    """
    Return where a database stands.

    Raises:
        authweave.types.ConfigurationError: it names several revisions of one.
    """
    return {history.name: revision_of(connection, history) for history in histories}


def revision_of(connection: Connection, history: History) -> str | None:
    """
    Return the migration that the tables of a history stand at, or None where there are none yet.

    Raises:
        authweave.types.ConfigurationError: it names several.
    """
    if not inspect(connection).has_table(history.version_table):
        return None
    current = connection.execute(select(history.version.c.version_num)).scalars().all()
    if len(current) > 1:
        raise half_migrated_error(f"{history.version_table} has {len(current)} rows")
    return current[0] if current else None


def describe_outdated(connection: Connection, histories: Sequence[History], found: Revisions) -> list[str]:
    """Return what is not up to date, in words."""
    if is_from_snapshot(connection):
        return [MADE_IT]
    if not any(found.values()):
        return [NO_TABLES]
    return [what_lacks(connection, each, found[each.name]) for each in histories if found[each.name] != each.revision]


def what_lacks(connection: Connection, history: History, found: str | None) -> str:
    """Say in words why a history is not up to date."""
    if found is not None:
        return f"{history.name!r} is at revision {found}, and this release needs {history.revision}"
    if is_unnoted(connection, history):
        return f"its tables of {history.name!r} are those of a development snapshot, with no revision noted yet"
    return f"it has no tables of {history.name!r} yet"


def understood_revisions(connection: Connection, histories: Sequence[History]) -> Revisions:
    """
    Return where a database stands that this release could bring up to date.

    Raises:
        authweave.types.ConfigurationError: this release does not know what it has, or the database is half-migrated.
    """
    found = revisions_of(connection, histories)
    if is_from_snapshot(connection):
        check_last_snapshot(revision_of(connection, CORE))
        return found
    check_not_newer(histories, found)
    for history in histories:
        if not is_unnoted(connection, history):
            check_no_tables(connection, history, found[history.name])
    return found


def check_revision(history: History, wanted: str) -> None:
    """
    Check that a revision which somebody asked for can be had.

    Raises:
        authweave.types.ConfigurationError: this release does not know it.
    """
    if wanted not in {"head", *history.revisions()}:
        raise ConfigurationError(
            f"There is no revision {wanted!r} of {history.name!r}: this release knows {', '.join(history.revisions())}."
        )


def check_not_newer(histories: Sequence[History], current: Revisions) -> None:
    """
    Check that this release knows the migrations that a database stands at.

    Raises:
        authweave.types.ConfigurationError: it does not, so a newer one does.
    """
    for history in histories:
        revision = current[history.name]
        if revision is not None and revision not in history.revisions():
            whose = "authweave" if history == CORE else f"what brings the part {history.name!r}"
            raise ConfigurationError(
                f"The database was written by a newer release of {whose} (it is at {revision!r}, this release "
                f"knows up to {history.revision!r}): install that release or a later one, or use another database."
            )


def check_no_tables(connection: Connection, history: History, current: str | None) -> None:
    """
    Check that where there is no revision there are no tables either.

    Raises:
        authweave.types.ConfigurationError: there are some, so the first migration would fail.
    """
    there = sorted(history.metadata.tables.keys() & set(inspect(connection).get_table_names()))
    if current is None and there:
        raise half_migrated_error(f"it has {', '.join(there)}, but {history.version_table} names no revision")


def check_complete(connection: Connection, histories: Sequence[History]) -> None:
    """
    Check that a database that stands at the newest migrations has all that they make.

    Raises:
        authweave.types.ConfigurationError: a table or a column is missing.
    """
    inspector = inspect(connection)
    for history in histories:
        if missing := missing_parts(inspector, history):
            if is_from_snapshot(connection):  # an old one: its last revision is none of this release
                check_last_snapshot(revision_of(connection, CORE))
            raise half_migrated_error(
                f"{history.name!r} is at {history.revision!r}, but it has no {', no '.join(missing)}"
            )


def is_unnoted(connection: Connection, history: History) -> bool:
    """Return whether a part without a revision has its tables from a snapshot, which had one history for all."""
    if history == CORE or not history.metadata.tables:
        return False
    return LATER.issuperset(missing_parts(inspect(connection), history))


def missing_parts(inspector: Inspector, history: History) -> list[str]:
    """Return which tables and columns are missing."""
    there = set(inspector.get_table_names())
    missing = [table for table in history.metadata.tables if table not in there]
    for name, table in history.metadata.tables.items():
        if name in there:
            columns = {column["name"] for column in inspector.get_columns(name)}
            missing += [f"{name}.{column.name}" for column in table.columns if column.name not in columns]
    return missing


def differences(connection: Connection, history: History) -> tuple[str, ...]:
    """Return what Alembic finds to differ from the tables of this release; others' tables and indexes do not count."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    def is_ours(name: str | None, kind: str, parents: object) -> bool:
        del parents
        if kind == "index":  # an application may have some of its own on our tables; ours are called after the table
            return any(table in (name or "") for table in history.metadata.tables)
        return kind != "table" or name in history.metadata.tables

    declare_indexes()
    context = MigrationContext.configure(
        connection,
        opts={
            "version_table": history.version_table,
            "compare_type": True,
            "compare_server_default": True,
            "include_name": is_ours,
        },
    )
    return tuple(describe_difference(each) for each in compare_metadata(context, history.metadata))


def describe_difference(difference: Sequence[object]) -> str:
    """Say what differs; what Alembic would add is missing. Several differences of one column come as a list."""
    while isinstance(difference[0], Sequence) and not isinstance(difference[0], str):
        difference = cast("Sequence[object]", difference[0])  # Alembic's differences are tuples of many kinds
    kind, *parts = difference
    names = [str(getattr(part, "name", part)) for part in parts if part is not None]
    return f"{str(kind).replace('add_', 'no ').replace('remove_', 'unknown ').replace('_', ' ')}: {' '.join(names)}"


def snapshot_error() -> ConfigurationError:
    """Return the error for what cannot be done with the database of a snapshot."""
    return ConfigurationError(
        "The database was made by a snapshot of authweave from before its first release: run `authweave db upgrade` "
        "first, without --sql."
    )


def half_migrated_error(what: str) -> ConfigurationError:
    """Return the error for a database that no migration has left like this."""
    return ConfigurationError(
        f"The database is half-migrated ({what}). Migrations do all or nothing, so somebody has changed "
        "it by hand, or restored a part of it: restore it whole, or use another one."
    )
