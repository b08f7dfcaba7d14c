"""The second migration, on databases that have something to lose."""

from pathlib import Path
from typing import cast

import pytest
from authweave.testing.third_party_contract import a_tenant_provider, a_third_party_login
from sqlalchemy import Engine, inspect, make_url

from authweave.storage import StorageOptions
from authweave.storage.sql import open_storage
from authweave.storage.sql._backend import Backend
from authweave.storage.sql._migrate import downgrade, upgrade
from authweave.storage.sql._postgresql import postgresql_backend
from authweave.storage.sql._sqlite import sqlite_backend
from authweave.testing.storage_contract import a_login
from authweave.types import ConfigurationError


def backend_of(path: Path) -> Backend:
    """Return the backend of a file."""
    return sqlite_backend(make_url(f"sqlite:///{path}"), StorageOptions())


def migrate(path: Path, revision: str) -> None:
    """Bring a database to a revision, up or down."""
    backend = backend_of(path)
    with backend.engine.connect() as connection:
        is_newer = inspect(connection).has_table("authweave_users")
    (downgrade if is_newer else upgrade)(backend, revision)
    backend.engine.dispose()


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    """Ask a database."""
    engine = backend_of(path).engine
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        found = [tuple(row) for row in connection.exec_driver_sql(sql)]
    engine.dispose()
    return cast("list[tuple[object, ...]]", found)  # a row's values have no static type


def statements(path: Path, *sql: str) -> None:
    """Change a database."""
    engine = backend_of(path).engine
    with engine.begin() as connection:
        for each in sql:
            connection.exec_driver_sql(each)
    engine.dispose()


def schema(engine: Engine) -> dict[str, object]:
    """Return the parts of all tables, in whatever order they were made."""
    inspector = inspect(engine)
    return {
        table: (
            [(column["name"], str(column["type"]), column["nullable"]) for column in inspector.get_columns(table)],
            inspector.get_pk_constraint(table),
            sorted(inspector.get_foreign_keys(table), key=str),
            sorted(inspector.get_unique_constraints(table), key=str),
            [
                (index["name"], index["column_names"], {k: str(v) for k, v in index.get("dialect_options", {}).items()})
                for index in inspector.get_indexes(table)
            ],
        )
        for table in inspector.get_table_names()
    }


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the database is."""
    return tmp_path / "auth.db"


def test_going_up_keeps_users_passwords_and_what_refers_to_them(path: Path) -> None:
    """A database of the first release is whole afterwards: passwords are there, and still go with their user."""
    migrate(path, "0001")
    statements(
        path,
        "INSERT INTO authweave_users VALUES ('user-1', 0), ('user-2', 0)",
        "INSERT INTO authweave_login_methods VALUES ('method-1', 'user-1', 'emailpassword', 'public',"
        " 'user-1@example.com', NULL, NULL, NULL, 0, 1700000000001)",
        "INSERT INTO authweave_login_methods VALUES ('method-2', 'user-2', 'thirdparty', 'public',"
        " 'user@example.com', NULL, 'provider', 'subject-1', 1, 1700000000002)",
        "INSERT INTO authweave_passwords VALUES ('method-1', 'hash-1')",
    )
    storage = open_storage(f"sqlite:///{path}")
    assert storage.find_password_login("public", "user-1@example.com") == a_login(1)
    assert storage.find_third_party_login("public", "provider", "", "subject-1") == a_third_party_login(2)
    assert storage.sign_in_or_up(a_third_party_login(3, issuer="https://issuer.example")).is_new
    storage.close()
    statements(path, "DELETE FROM authweave_users WHERE user_id = 'user-1'")
    assert rows(path, "SELECT * FROM authweave_passwords") == []
    assert rows(path, "SELECT recipe_user_id FROM authweave_login_methods ORDER BY 1") == [("method-2",), ("method-3",)]


def test_going_down_and_up_again_keeps_all_that_the_older_tables_hold(path: Path) -> None:
    """Users, passwords and identities at providers survive; the tables are those of before."""
    migrate(path, "0001")
    engine = backend_of(path).engine
    before = schema(engine)
    upgrade(backend_of(path))
    storage = open_storage(f"sqlite:///{path}")
    storage.create_user_with_password(a_login(1))
    storage.sign_in_or_up(a_third_party_login(2, issuer="https://issuer.example"))
    storage.set_tenant_provider(a_tenant_provider("provider"))
    storage.close()
    migrate(path, "0001")
    assert schema(engine) == before
    engine.dispose()
    storage = open_storage(f"sqlite:///{path}")
    assert storage.find_password_login("public", "user-1@example.com") == a_login(1)
    assert storage.find_third_party_login("public", "provider", "", "subject-1") == a_third_party_login(2)
    storage.close()


def test_going_down_never_makes_two_users_one(path: Path) -> None:
    """Where only the issuer tells two users apart the way back is refused, and nothing is changed."""
    storage = open_storage(f"sqlite:///{path}")
    for number, issuer in ((1, "https://one.example"), (2, "https://two.example")):
        storage.sign_in_or_up(a_third_party_login(number, issuer=issuer))
    storage.set_tenant_provider(a_tenant_provider("provider"))
    with pytest.raises(ConfigurationError, match="cannot tell them apart"):
        migrate(path, "0001")
    assert storage.tenant_providers("public") == (a_tenant_provider("provider"),)
    for number, issuer in ((1, "https://one.example"), (2, "https://two.example")):
        assert storage.sign_in_or_up(a_third_party_login(9, issuer=issuer)).user.id == f"user-{number}"
    storage.close()


def test_down_and_up_again_on_postgresql(postgresql_url: str) -> None:
    """On PostgreSQL users, passwords and identities survive as well, and two users never become one."""
    backend = postgresql_backend(make_url(postgresql_url), StorageOptions())
    storage = open_storage(postgresql_url)
    storage.create_user_with_password(a_login(1))
    storage.sign_in_or_up(a_third_party_login(2, issuer="https://issuer.example"))
    downgrade(backend, "0001")
    upgrade(backend)
    assert storage.find_password_login("public", "user-1@example.com") == a_login(1)
    assert storage.find_third_party_login("public", "provider", "", "subject-1") == a_third_party_login(2)
    assert storage.sign_in_or_up(a_third_party_login(3, issuer="https://issuer.example")).is_new
    with pytest.raises(ConfigurationError, match="cannot tell them apart"):
        downgrade(backend, "0001")
    assert storage.sign_in_or_up(a_third_party_login(4)).user.id == "user-2"
    storage.close()
    backend.engine.dispose()
