"""Revision 0004 of the core: there and back, with all that 0003 can hold, and what an application has beside it."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.store.contract import a_login
from authweave.storage import Storage, StorageError
from authweave.storage.sql import Migrations, open_storage
from authweave.types import ConfigurationError
from tests.postgresql import Server

pytestmark = pytest.mark.usefixtures("migrations_run")

OLD = "0003"
PARTS = (PASSWORDS,)

ROWS = (
    "INSERT INTO authweave_tenants VALUES ('acme'), ('zeta')",
    """INSERT INTO authweave_users (user_id, is_primary_user, disabled_at_ms) VALUES
    ('plain', false, NULL), ('namesake', false, 7), ('older', true, NULL), ('younger', true, NULL),
    ('several', false, NULL), ('caller', true, NULL)""",
    """INSERT INTO authweave_login_methods (recipe_user_id, user_id, recipe_id, tenant_id, email, phone_number,
    provider_id, issuer, subject, verified, time_joined_ms, user_time_joined_ms, email_domain) VALUES
    ('plain', 'plain', 'emailpassword', 'public', 'a@x.com', NULL, NULL, '', NULL, true, 1, 1, 'x.com'),
    ('namesake', 'namesake', 'emailpassword', 'acme', 'a@x.com', NULL, NULL, '', NULL, false, 2, 2, 'x.com'),
    ('older', 'older', 'emailpassword', 'public', 'b@x.com', NULL, NULL, '', NULL, false, 3, 3, 'x.com'),
    ('younger', 'younger', 'thirdparty', 'public', 'b@x.com', NULL, 'google', 'iss', 's-1', true, 4, 4, 'x.com'),
    ('several', 'several', 'emailpassword', 'acme', 'c@x.com', NULL, NULL, '', NULL, true, 6, 5, 'x.com'),
    ('second', 'several', 'thirdparty', 'public', 'd@y.org', NULL, 'google', 'iss', 's-2', true, 5, 5, 'y.org'),
    ('caller', 'caller', 'passwordless', 'zeta', NULL, '+4930123', NULL, '', NULL, true, 8, 8, NULL)""",
    """INSERT INTO authweave_passwords (recipe_user_id, password_hash) VALUES
    ('plain', 'h-1'), ('namesake', 'h-2'), ('older', 'h-3'), ('several', 'h-4')""",
    "INSERT INTO authweave_user_id_mappings VALUES ('several', 'shown', 'a note')",
    "INSERT INTO authweave_barred_users VALUES ('namesake', NULL), ('gone', 9)",
)
APPLICATION = (
    """CREATE TABLE profiles (name VARCHAR(20) PRIMARY KEY, owner VARCHAR(255) NOT NULL
    REFERENCES authweave_users (user_id) ON DELETE CASCADE)""",
    """CREATE TABLE devices (name VARCHAR(20) PRIMARY KEY, login VARCHAR(255)
    REFERENCES authweave_login_methods (recipe_user_id) ON DELETE SET NULL)""",
    """CREATE TABLE identities (tenant VARCHAR(255), provider VARCHAR(255), issuer VARCHAR(255), subject VARCHAR(255),
    FOREIGN KEY (tenant, provider, issuer, subject)
    REFERENCES authweave_login_methods (tenant_id, provider_id, issuer, subject)
    ON DELETE CASCADE ON UPDATE CASCADE)""",
    "INSERT INTO profiles VALUES ('of plain', 'plain'), ('of several', 'several')",
    "INSERT INTO devices VALUES ('phone', 'second'), ('desk', 'plain')",
    "INSERT INTO identities VALUES ('public', 'google', 'iss', 's-2')",
    "CREATE INDEX own_index ON authweave_login_methods (verified)",
    "CREATE VIEW own_view AS SELECT recipe_user_id, tenant_id FROM authweave_login_methods WHERE recipe_id <> 'x'",
)
TRIGGER = "CREATE TRIGGER own_trigger AFTER DELETE ON authweave_login_methods BEGIN DELETE FROM devices; END"
RESERVED = {
    ("public", "email", "b@x.com", "older"),
    *((tenant, "email", email, "several") for tenant in ("acme", "public") for email in ("c@x.com", "d@y.org")),
    ("zeta", "phone_number", "+4930123", "caller"),
}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return a database at the older revision, with users and an application's own tables."""
    server: Server | None = request.getfixturevalue("postgresql") if request.param == "postgresql" else None
    made = f"sqlite:///{tmp_path}/auth.db" if server is None else server.new_database()
    migrations(made).upgrade(OLD, part="core")
    migrations(made).upgrade(part=PASSWORDS.name)
    execute(made, *ROWS, *APPLICATION, *([TRIGGER] if server is None else []))
    yield made
    if server is not None:
        server.drop(made)


def migrations(url: str) -> Migrations:
    """Return the migrations of a database."""
    return Migrations(url, parts=PARTS)


@contextmanager
def engine_at(url: str) -> Generator[Engine]:
    """Open a database as an application does."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    try:
        yield engine
    finally:
        engine.dispose()


def execute(url: str, *statements: str) -> list[tuple[object, ...]]:
    """Execute statements as an application does, and return the rows of the last."""
    rows: list[tuple[object, ...]] = []
    with engine_at(url) as engine, engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        for each in statements:
            result = connection.execute(text(each))
            rows = [tuple(row) for row in result] if result.returns_rows else []
    return rows


def content(url: str) -> dict[str, list[dict[str, Any]]]:  # Any: of columns of any type
    """Return all rows of all tables, by the names of columns, but what revisions the tables stand at."""
    with engine_at(url) as engine, engine.connect() as connection:
        names = [each for each in inspect(connection).get_table_names() if not each.endswith("_version")]
        return {
            name: in_order(map(dict, connection.execute(text(f'SELECT * FROM "{name}"')).mappings()))  # noqa: S608  of this database
            for name in names
        }


def in_order(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:  # Any: as above
    """Return rows sorted by all that they hold, whatever the order of the columns."""
    return sorted(map(dict, rows), key=lambda row: sorted((name, str(value)) for name, value in row.items()))


def check_users(storage: Storage) -> None:
    """Check that everybody is there, as before, and that primary users have what is theirs for themselves."""
    listed = {tenant_id: storage.count_users(tenant_id, None) for tenant_id in storage.tenant_ids()}
    assert listed == {"acme": 2, "public": 4, "zeta": 1}
    several = storage.find_user("shown")
    assert several is not None
    assert (several.id, several.is_primary_user, several.time_joined) == ("shown", True, 5)
    assert [(each.recipe_user_id.get_as_string(), *each.tenant_ids) for each in several.login_methods] == [
        ("second", "public"),
        ("shown", "acme"),
    ]
    primary = [each for each in ("plain", "namesake", "older", "younger", "caller") if is_primary(storage, each)]
    assert primary == ["older", "caller"]
    found = storage.part(PASSWORDS).find_password_user("acme", "a@x.com")
    assert found is not None
    assert (found.login.user_id, found.login.password_hash, found.user().disabled) == ("namesake", "h-2", True)


def is_primary(storage: Storage, user_id: str) -> bool:
    """Return whether a user is a primary one."""
    user = storage.find_user(user_id)
    return user is not None and user.is_primary_user


def test_there_and_back_and_there_again(url: str) -> None:
    """Nothing is lost; of two primary users with one address the older is one still, and who has several logins is."""
    before = content(url)
    migrations(url).upgrade()
    assert migrations(url).missing() == ()
    newer = content(url)
    reserved = {tuple(each.values()) for each in newer["authweave_primary_contacts"]}
    assert reserved == RESERVED
    for name in ("profiles", "devices", "identities", "authweave_passwords", "authweave_user_id_mappings"):
        assert newer[name] == before[name]
    assert len(execute(url, "SELECT * FROM own_view")) == 7
    with engine_at(url) as engine:
        assert "own_index" in {each["name"] for each in inspect(engine).get_indexes("authweave_login_methods")}
    with closing(open_storage(url, parts=PARTS)) as storage:
        check_users(storage)

    migrations(url).downgrade(OLD)
    changed = {"younger": False, "several": True}
    for row in before["authweave_users"]:
        was = row["is_primary_user"]
        row["is_primary_user"] = type(was)(changed.get(row["user_id"], was))  # SQLite has numbers
    before["authweave_users"] = in_order(before["authweave_users"])
    assert content(url) == before
    assert len(execute(url, "SELECT * FROM own_view")) == 7

    migrations(url).upgrade()
    assert content(url) == newer
    with closing(open_storage(url, parts=PARTS)) as storage:
        check_users(storage)
        assert storage.delete_user("several", now_ms=1)
    left = content(url)
    assert (left["identities"], [each["name"] for each in left["profiles"]]) == ([], ["of plain"])
    assert len(left["devices"]) == (0 if url.startswith("sqlite") else 2)  # the trigger is SQLite's


def test_on_the_way_back_only_what_the_older_one_cannot_hold_goes(url: str) -> None:
    """A login method in several tenants is in its first; one in none is gone, with what follows it by its keys."""
    migrations(url).upgrade()
    with closing(open_storage(url, parts=PARTS)) as storage:
        storage.part(PASSWORDS).create_user_with_password(a_login(1, tenant_id="zeta"))
        for tenant_id in ("acme", "public"):
            storage.add_to_tenant("method-1", tenant_id)
        storage.add_to_tenant("caller", "acme")
        for recipe_user_id, tenant_id in (("plain", "public"), ("second", "public")):
            assert storage.remove_from_tenant(recipe_user_id, tenant_id)
        assert execute(url, "SELECT tenant_id FROM authweave_login_methods WHERE recipe_user_id = 'plain'") == [(None,)]
    migrations(url).downgrade(OLD)
    left = {each["recipe_user_id"]: each["tenant_id"] for each in content(url)["authweave_login_methods"]}
    assert left == {
        "caller": "acme",
        "method-1": "public",
        "namesake": "acme",
        "older": "public",
        "several": "acme",
        "younger": "public",
    }
    users = {each["user_id"] for each in content(url)["authweave_users"]}
    assert users == {"caller", "namesake", "older", "several", "user-1", "younger"}
    joined = {each["user_id"]: each["user_time_joined_ms"] for each in content(url)["authweave_login_methods"]}
    assert joined["several"] == 6
    hashes = {each["recipe_user_id"] for each in content(url)["authweave_passwords"]}
    assert hashes == {"method-1", "namesake", "older", "several"}
    assert [each["name"] for each in content(url)["profiles"]] == ["of several"]
    if not url.startswith("sqlite"):
        assert {each["name"]: each["login"] for each in content(url)["devices"]} == {"phone": None, "desk": None}
    with pytest.raises(IntegrityError, match=r"NOT NULL|not-null"):
        execute(url, "UPDATE authweave_login_methods SET tenant_id = NULL WHERE recipe_user_id = 'older'")


def test_the_way_back_is_refused_where_a_row_would_refer_to_nothing(url: str) -> None:
    """By a key that does not give way: everything is as before."""
    execute(
        url,
        "CREATE TABLE orders (buyer VARCHAR(255) REFERENCES authweave_users (user_id))",
        "INSERT INTO orders VALUES ('plain')",
    )
    migrations(url).upgrade()
    with closing(open_storage(url, parts=PARTS)) as storage:
        storage.remove_from_tenant("plain", "public")
    before = content(url)
    with pytest.raises((ConfigurationError, StorageError), match=r"orders"):
        migrations(url).downgrade(OLD)
    assert content(url) == before


def test_a_column_of_the_applications_own_stays_as_it_is(tmp_path: Path) -> None:
    """SQLite's text of the table is changed for one column, and not for another whose name ends like it."""
    url = f"sqlite:///{tmp_path}/auth.db"
    migrations(url).upgrade(OLD, part="core")
    execute(url, ROWS[1], ROWS[0], ROWS[2], "ALTER TABLE authweave_login_methods ADD COLUMN own_tenant_id VARCHAR(255)")
    migrations(url).upgrade(part="core")
    migrations(url).downgrade(OLD)
    assert execute(url, "PRAGMA integrity_check") == [("ok",)]
