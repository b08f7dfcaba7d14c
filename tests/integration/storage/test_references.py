"""Tables of an application refer to the library's. No migration takes a row of theirs along, on either database."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    select,
    text,
)

from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.store.contract import a_login
from authweave.storage import StorageError, StorePart
from authweave.storage.sql import Migrations, SQLPart, new_metadata
from authweave.storage.sql._history import histories_of
from authweave.types import ConfigurationError
from tests.databases import KINDS, new_database
from tests.stores import PARTS, open_whole
from tests.unit.storage.notes import NOTES

pytestmark = pytest.mark.usefixtures("migrations_run")

RULES = ("CASCADE", "SET NULL", "NO ACTION", "RESTRICT")
REFERRED = {
    "authweave_users": ("user_id", "user-1"),
    "authweave_login_methods": ("recipe_user_id", "user-1"),
    "authweave_passwords": ("recipe_user_id", "user-1"),
    "authweave_notes": ("note_id", "note-1"),
}
"""Tables of the core, of a recipe and of a part from elsewhere: the key of each, and a row's."""

ROWS = (
    "INSERT INTO authweave_users (user_id, is_primary_user) VALUES ('user-1', false)",
    """INSERT INTO authweave_login_methods
    (recipe_user_id, user_id, recipe_id, tenant_id, email, issuer, verified, time_joined_ms)
    VALUES ('user-1', 'user-1', 'emailpassword', 'public', 'u\u0308@example.com', '', false, 1)""",
    "INSERT INTO authweave_passwords (recipe_user_id, password_hash) VALUES ('user-1', 'hash')",
    "INSERT INTO authweave_notes (note_id, recipe_user_id, text) VALUES ('note-1', 'user-1', 'hello')",
)
"""As the first revisions have them."""


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return an empty database."""
    with new_database(request, tmp_path) as made:
        yield made


@contextmanager
def engine_at(url: str) -> Generator[Engine]:
    """Open a database as an application does."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    yield engine
    engine.dispose()


def refer(connection: Connection, tables: dict[str, tuple[str, str]]) -> list[Table]:
    """Make tables that refer to others, one for each rule, with a row in each."""
    metadata = MetaData()
    made = [
        Table(
            f"app_{table}_{rule.replace(' ', '_').lower()}",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("ref", String(255), ForeignKey(f"{table}.{key}", ondelete=rule)),
        )
        for table, (key, _) in tables.items()
        for rule in RULES
    ]
    for table, (key, _) in tables.items():
        Table(table, metadata, Column(key, String(255), primary_key=True))
    metadata.create_all(connection, made)
    for each in made:
        value = next(value for name, (_, value) in tables.items() if each.name.startswith(f"app_{name}_"))
        connection.execute(each.insert(), {"id": 1, "ref": value})
    return made


def rows_of(url: str, tables: list[Table]) -> dict[str, int]:
    """Count the rows of tables that still refer to something."""
    with engine_at(url) as engine, engine.connect() as connection:
        return {
            table.name: len(connection.execute(select(table.c.ref).where(table.c.ref.is_not(None))).all())
            for table in tables
        }


def test_every_revision_leaves_what_refers_to_its_tables(url: str) -> None:
    """Up to each revision of the core and of all parts, back, and up again: no row is gone, none has forgotten."""
    parts: list[StorePart[object]] = [*PARTS, NOTES]
    migrations, histories = Migrations(url, parts=parts), histories_of(parts)
    for history in histories:
        migrations.upgrade(history.revisions()[0], part=history.name)
    with engine_at(url) as engine, engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row))
        tables = refer(connection, REFERRED)
    whole = {table.name: 1 for table in tables}
    assert rows_of(url, tables) == whole
    steps = [(history.name, revision) for history in histories for revision in history.revisions()[1:]]
    assert ("notes", "0002") in steps  # which makes a table anew on the way back
    for part, revision in steps:
        migrations.upgrade(revision, part=part)
        assert rows_of(url, tables) == whole, (part, revision)
    for part, revision in reversed(steps):
        before = f"{int(revision) - 1:04d}"
        migrations.downgrade(before, part=part)
        assert rows_of(url, tables) == whole, (part, before)
    migrations.upgrade()
    assert rows_of(url, tables) == whole
    assert migrations.missing() == ()


HARSH = {
    "0001": """op.create_table("authweave_harsh", sa.Column("id", sa.String(255), primary_key=True))
    op.execute("INSERT INTO authweave_harsh VALUES ('one')")""",
    "0002": """with op.batch_alter_table("authweave_harsh") as batch:
        batch.alter_column("id", existing_type=sa.String(255), type_=sa.String(300))""",
    "0003": """op.execute("DELETE FROM authweave_harsh")""",
    "0004": """op.drop_table("authweave_harsh")""",
}
"""A history that makes a table anew, then deletes its rows, then the table."""


def harsh_part(folder: Path, revisions: dict[str, str]) -> StorePart[None]:
    """Return a part of the store with a history."""
    folder.mkdir()
    former: str | None = None
    for revision, upgrade in revisions.items():
        lines = ("import sqlalchemy as sa", "from alembic import op", f"revision = {revision!r}")
        script = "\n".join((*lines, f"down_revision = {former!r}", "def upgrade():", f"    {upgrade}", ""))
        (folder / f"v{revision}.py").write_text(script)
        former = revision
    in_sql = SQLPart[None](metadata=new_metadata(), migrations=folder, revision=former or "", store=lambda _: None)
    return StorePart(name="harsh", in_sql=lambda: in_sql, in_memory=lambda _: None)


@pytest.mark.parametrize("refused", ["0003", "0004"])
def test_a_migration_that_would_leave_references_to_nothing_is_refused(url: str, tmp_path: Path, refused: str) -> None:
    """A table is made anew; what deletes rows that others refer to is refused, names their tables, changes nothing."""
    kept = {each: HARSH[each] for each in ("0001", "0002")}
    part = harsh_part(tmp_path / "harsh", {**kept, refused: HARSH[refused]})
    migrations = Migrations(url, parts=[part])
    migrations.upgrade("0001", part="core")
    migrations.upgrade("0001", part="harsh")
    with engine_at(url) as engine, engine.begin() as connection:
        tables = refer(connection, {"authweave_harsh": ("id", "one")})
    whole = {table.name: 1 for table in tables}
    migrations.upgrade("0002", part="harsh")
    assert rows_of(url, tables) == whole
    with pytest.raises((ConfigurationError, StorageError), match=r"app_authweave_harsh_(no_action|restrict)") as raised:
        migrations.upgrade(refused, part="harsh")
    assert "othing was" in str(raised.value)
    assert rows_of(url, tables) == whole
    assert migrations.revisions()["harsh"] == "0002"


def test_what_was_broken_before_is_no_reason_to_refuse(tmp_path: Path) -> None:
    """A row of the application's that has long referred to nothing, and a foreign key to no key, are left alone."""
    url = f"sqlite:///{tmp_path}/auth.db"
    migrations = Migrations(url, parts=[*PARTS, NOTES])
    migrations.upgrade("0001", part="core")
    with engine_at(url) as engine, engine.begin() as connection:  # SQLAlchemy leaves foreign keys off
        connection.execute(text("CREATE TABLE lost (user_id TEXT REFERENCES authweave_users (user_id))"))
        connection.execute(text("INSERT INTO lost VALUES ('nobody')"))
        connection.execute(text("CREATE TABLE odd (email TEXT REFERENCES authweave_login_methods (email))"))
        connection.execute(text("INSERT INTO odd VALUES ('a@example.com')"))
    migrations.upgrade()
    assert migrations.missing() == ()


def test_foreign_keys_are_on_again_after_a_migration() -> None:
    """A store in memory, which has one connection, checks them once it is open."""
    with closing(open_whole("sqlite://")) as storage, pytest.raises(StorageError):
        storage.part(PASSWORDS).create_user_with_password(a_login(1, tenant_id="nowhere"))


def test_sql_for_others_switches_them_off_and_looks() -> None:
    """Off before the transaction, where it has an effect; the check prints what would refer to nothing."""
    sql = Migrations("sqlite:///auth.db").sql(since={})
    marks = ("PRAGMA foreign_keys = OFF", "BEGIN", "PRAGMA foreign_key_check", "COMMIT", "PRAGMA foreign_keys = ON")
    assert [*marks] == sorted(marks, key=sql.index)
