from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, make_url

from authweave.storage import StorageOptions
from authweave.storage.sql._backend import Backend
from authweave.storage.sql._files import create_private_file
from authweave.storage.sql._history import History, histories_of
from authweave.storage.sql._migrate import upgrade
from authweave.storage.sql._schema import declare_indexes
from authweave.storage.sql._sqlite import sqlite_backend
from tests.stores import PARTS

pytestmark = pytest.mark.usefixtures("migrations_run")

HISTORIES = histories_of(PARTS)
declare_indexes()
TABLES = {name: table for each in HISTORIES for name, table in each.metadata.tables.items()}

of_each = pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.name)


def migrated(tmp_path: Path) -> Engine:
    """Return a database that the migrations made."""
    backend = backend_of(tmp_path)
    upgrade(backend, HISTORIES)
    return backend.engine


def backend_of(tmp_path: Path) -> Backend:
    """Return the backend of a file."""
    create_private_file(tmp_path / "auth.db")
    return sqlite_backend(make_url(f"sqlite:///{tmp_path}/auth.db"), StorageOptions())


@of_each
def test_the_migrations_make_the_tables_that_the_code_uses(tmp_path: Path, history: History) -> None:
    """Alembic, asked what is missing after all migrations, finds nothing."""
    engine = migrated(tmp_path)

    def is_of_history(name: str | None, kind: str, parents: object) -> bool:
        del parents
        return kind != "table" or name in history.metadata.tables

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": history.version_table,
                "compare_type": True,
                "compare_server_default": True,
                "include_name": is_of_history,
            },
        )
        assert compare_metadata(context, history.metadata) == []
    engine.dispose()


def test_constraints_and_indexes_are_the_same_too(tmp_path: Path) -> None:
    """What that comparison passes over, names and conditions, agrees with the tables as well."""
    engine = migrated(tmp_path)
    made = create_engine("sqlite://")
    for history in HISTORIES:
        history.metadata.create_all(made)
    assert named_parts(engine) == named_parts(made)
    engine.dispose()
    made.dispose()


def named_parts(engine: Engine) -> dict[str, object]:
    """Return indexes and constraints of our tables, by name."""
    inspector = inspect(engine)
    parts: dict[str, object] = {}
    for table in TABLES:
        parts[table] = inspector.get_pk_constraint(table)
        parts |= {str(key["name"]): key for key in inspector.get_foreign_keys(table)}
        parts |= {str(unique["name"]): unique for unique in inspector.get_unique_constraints(table)}
    with engine.connect() as connection:
        indexes = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql <> ''")
        return parts | {str(index.name): index.sql for index in indexes}


def test_names_fit_into_postgresql() -> None:
    """No name of a table, index or constraint has more than 63 characters."""
    tables = TABLES.values()
    indexes = [str(index.name) for table in tables for index in table.indexes]
    constraints = [str(constraint.name) for table in tables for constraint in table.constraints]
    assert max(map(len, [*TABLES, *indexes, *constraints])) <= 63


@of_each
def test_the_newest_migration_is_the_one_that_the_code_expects(history: History) -> None:
    """A start that finds it migrates nothing, so it has to be the last one."""
    assert history.revisions()[-1] == history.revision


def test_upgrading_again_changes_nothing(tmp_path: Path) -> None:
    """A second start finds nothing to do, and does not so much as write."""
    engine = migrated(tmp_path)
    before = (tmp_path / "auth.db").read_bytes()
    backend = backend_of(tmp_path)
    upgrade(backend, HISTORIES)
    backend.engine.dispose()
    assert (tmp_path / "auth.db").read_bytes() == before
    engine.dispose()
