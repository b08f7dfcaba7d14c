"""Databases of snapshots from before the first release: one history for all recipes, at revision 0003."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.store.contract import a_login
from authweave.recipe.session.store import SESSIONS
from authweave.recipe.session.store.contract import a_session
from authweave.recipe.thirdparty.store import THIRD_PARTIES
from authweave.recipe.thirdparty.store.contract import a_tenant_provider, a_third_party_login
from authweave.storage import Storage, StorageError, StorageOptions, StorePart
from authweave.storage.sql import open_storage
from authweave.storage.sql._schema import REVISION
from authweave.types import ConfigurationError
from tests.databases import KINDS, new_database
from tests.stores import PARTS, migrations, open_whole

pytestmark = pytest.mark.usefixtures("migrations_run")

TABLES = Path(__file__).parent / "snapshots"

ROWS = """
INSERT INTO authweave_users VALUES ('user-1', false), ('user-2', false);
INSERT INTO authweave_login_methods
    (recipe_user_id, user_id, recipe_id, tenant_id, email, third_party_id, third_party_issuer, third_party_user_id,
    verified, time_joined_ms) VALUES
    ('method-1', 'user-1', 'emailpassword', 'public', 'user-1@example.com', NULL, '', NULL, false, 1700000000001),
    ('method-2', 'user-2', 'thirdparty', 'public', 'user@example.com', 'provider', 'https://issuer.example',
    'subject-1', true, 1700000000002);
INSERT INTO authweave_passwords VALUES ('method-1', 'hash-1');
INSERT INTO authweave_tenant_providers VALUES ('public', 'provider', {config});
INSERT INTO authweave_sessions VALUES ('handle-1', 'user-1', 'user-1', 'public', 0, '{hash}', NULL, 1, NULL, '{{}}',
    '{{}}', 1, 2000, 0);
"""
CONFIG = {"sqlite": "X'00ff'", "postgresql": r"'\x00ff'"}


def execute(url: str, script: str) -> None:
    """Run a script of SQL."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.executescript(script)
        return
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(script.encode())


def leave_database(url: str) -> None:
    """Leave a database as the last snapshot did."""
    kind = url.partition(":")[0]
    execute(url, (TABLES / f"{kind}.sql").read_text(encoding="utf-8"))
    execute(url, ROWS.format(config=CONFIG[kind], hash=f"{1:064x}"))


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return where a snapshot has left a database."""
    with new_database(request, tmp_path) as made:
        leave_database(made)
        yield made


def check_nothing_is_lost(storage: Storage) -> None:
    """Check that everything is there, and goes with its user as ever."""
    third_party = a_third_party_login(2, issuer="https://issuer.example")
    assert storage.part(PASSWORDS).find_password_login("public", "user-1@example.com") == a_login(1)
    third_parties = storage.part(THIRD_PARTIES)
    assert (
        third_parties.find_third_party_login("public", "provider", "https://issuer.example", "subject-1") == third_party
    )
    assert third_parties.tenant_providers("public") == (a_tenant_provider("provider"),)
    assert not third_parties.sign_in_or_up(a_third_party_login(3, issuer="https://issuer.example")).is_new
    assert storage.part(SESSIONS).find_session("handle-1") == a_session(1)


def upgrade_by_opening(url: str) -> None:
    """Bring a database up to date as a start does."""
    open_whole(url, StorageOptions(migrate=True)).close()


def upgrade_by_command(url: str) -> None:
    """Bring a database up to date as ``authweave db upgrade`` does."""
    migrations(url).upgrade()


def upgrade_one_by_one(url: str) -> None:
    """Bring a database up to date for one recipe after the other."""
    for number in range(len(PARTS) + 1):
        parts: list[StorePart[object]] = [*PARTS[:number]]
        open_storage(url, StorageOptions(migrate=True), parts).close()


@pytest.mark.parametrize("upgrade", [upgrade_by_opening, upgrade_by_command, upgrade_one_by_one])
def test_a_snapshots_database_is_brought_over_whole(url: str, upgrade: Callable[[str], None]) -> None:
    """Users, passwords, identities, providers and sessions are kept, and the tables are those of this release."""
    assert migrations(url).missing()
    upgrade(url)
    assert migrations(url).missing() == ()
    newest = {part.name: part.in_sql().revision for part in PARTS}
    assert dict(migrations(url).revisions()) == {"core": REVISION, **newest}
    with closing(open_whole(url)) as storage:
        check_nothing_is_lost(storage)
    execute(url, "DELETE FROM authweave_users WHERE user_id = 'user-1'")
    with closing(open_whole(url)) as storage:
        assert storage.part(PASSWORDS).find_password_login("public", "user-1@example.com") is None
        assert storage.part(PASSWORDS).create_user_with_password(a_login(1)).id == "user-1"


def test_without_leave_it_is_refused(url: str) -> None:
    """Where nothing may be migrated the message names the command, and nothing is changed."""
    with pytest.raises(ConfigurationError, match=r"development snapshot.*`authweave db upgrade`.*brings it"):
        open_whole(url, StorageOptions(migrate=False))
    upgrade_by_command(url)


def test_what_is_missing_says_who_made_it(url: str) -> None:
    """Not that tables are missing which are there: neither before, nor where one recipe alone was brought over."""
    [reason] = migrations(url).missing()
    assert "development snapshot" in reason
    open_storage(url, StorageOptions(migrate=True), [PASSWORDS]).close()
    missing = migrations(url).missing()
    assert [("development snapshot" in each, "no tables" in each) for each in missing] == [(True, False)] * 2
    assert "'session'" in "".join(missing)
    with pytest.raises(ConfigurationError, match=r"'session' are those of a development snapshot"):
        open_whole(url, StorageOptions(migrate=False))


@pytest.mark.parametrize("migrate", [False, True])
def test_an_older_snapshots_is_refused(url: str, *, migrate: bool) -> None:
    """What stands at an older revision is named, and the message says what to do first."""
    execute(url, "UPDATE authweave_version SET version_num = '0002'")
    with pytest.raises(ConfigurationError, match=r"snapshot.*'0002'.*last snapshot first"):
        open_whole(url, StorageOptions(migrate=migrate))


def test_its_way_cannot_be_written_as_sql(url: str) -> None:
    """Nor can it go back; the message says what to do."""
    with pytest.raises(ConfigurationError, match="without --sql"):
        migrations(url).refuse_snapshots()
    with pytest.raises(ConfigurationError, match="snapshot"):
        migrations(url).downgrade("0001")


APPLICATIONS = """
CREATE TABLE logins (id VARCHAR(255) PRIMARY KEY REFERENCES authweave_login_methods ON DELETE CASCADE);
CREATE TABLE hints (id VARCHAR(255) REFERENCES authweave_passwords (recipe_user_id) ON DELETE CASCADE);
CREATE TABLE reminders (id VARCHAR(255) REFERENCES authweave_passwords (recipe_user_id));
CREATE TABLE identities (tenant VARCHAR(255), provider VARCHAR(255), issuer VARCHAR(255), subject VARCHAR(255),
    FOREIGN KEY (tenant, provider, issuer, subject) REFERENCES authweave_login_methods
    (tenant_id, third_party_id, third_party_issuer, third_party_user_id) ON DELETE CASCADE);
CREATE TABLE seen (id VARCHAR(255));
CREATE INDEX logins_by_provider ON authweave_login_methods (third_party_id, verified);
CREATE VIEW providers (provider, login) AS SELECT third_party_id, recipe_user_id FROM authweave_login_methods;
INSERT INTO logins VALUES ('method-1'), ('method-2');
INSERT INTO hints VALUES ('method-1');
INSERT INTO reminders VALUES ('method-1');
INSERT INTO identities VALUES ('public', 'provider', 'https://issuer.example', 'subject-1');
"""
TRIGGER = {
    "sqlite": "CREATE TRIGGER note AFTER INSERT ON authweave_login_methods WHEN NEW.third_party_id IS NULL "
    "BEGIN INSERT INTO seen VALUES (NEW.recipe_user_id); END",
    "postgresql": """
        CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN INSERT INTO seen VALUES (NEW.recipe_user_id); RETURN NEW; END';
        CREATE TRIGGER note AFTER INSERT ON authweave_login_methods FOR EACH ROW
            WHEN (NEW.third_party_id IS NULL) EXECUTE FUNCTION note()
    """,
}
INDEXES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'authweave_login_methods' "
    "AND sql IS NOT NULL ORDER BY 1",
    "postgresql": "SELECT indexname FROM pg_indexes WHERE tablename = 'authweave_login_methods' "
    "AND indexdef LIKE '%provider_id%' ORDER BY 1",
}


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    """Return what a query finds."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            return connection.execute(query).fetchall()
    with psycopg.connect(url) as server:
        return [*server.execute(query.encode())]


def test_what_the_application_has_beside_it_stays(url: str) -> None:
    """Its rows that refer to ours are kept, whatever they refer to; its index, trigger and view go on working."""
    kind = url.partition(":")[0]
    execute(url, APPLICATIONS)
    execute(url, TRIGGER[kind])
    upgrade_by_command(url)
    assert migrations(url).missing() == ()
    for table, count in {"logins": 2, "hints": 1, "reminders": 1, "identities": 1}.items():
        assert len(rows(url, f"SELECT * FROM {table}")) == count  # noqa: S608  the names above
    assert ("logins_by_provider",) in rows(url, INDEXES[kind])
    assert rows(url, "SELECT login FROM providers WHERE provider = 'provider'") == [("method-2",)]
    with closing(open_whole(url)) as storage:
        check_nothing_is_lost(storage)
        storage.part(PASSWORDS).create_user_with_password(a_login(3))
    assert rows(url, "SELECT * FROM seen") == [("method-3",)]
    execute(url, "DELETE FROM authweave_users WHERE user_id = 'user-2'")
    assert rows(url, "SELECT id FROM logins") == [("method-1",)]
    assert rows(url, "SELECT * FROM identities") == []


@pytest.mark.parametrize(
    ("application", "error", "message"),
    [
        ("CREATE VIEW own AS SELECT third_party_id FROM authweave_login_methods", ConfigurationError, "'own'.*drop"),
        ("CREATE VIEW own AS SELECT * FROM authweave_login_methods", ConfigurationError, "'own'.*drop"),
        ("CREATE VIEW own AS SELECT * FROM orders; DROP TABLE orders", StorageError, r"no such table: main\.orders"),
        (
            "CREATE TRIGGER own DELETE ON authweave_users BEGIN DELETE FROM orders; END; DROP TABLE orders",
            StorageError,
            r"error in trigger own: no such table: main\.orders",
        ),
    ],
)
def test_sqlite_names_what_cannot_stay(tmp_path: Path, application: str, error: type[Exception], message: str) -> None:
    """A view whose columns would be called otherwise, or what is broken already: it is named, and nothing changed."""
    url = f"sqlite:///{tmp_path}/auth.db"
    leave_database(url)
    execute(url, f"CREATE TABLE orders (id INTEGER); {application}")
    before = rows(url, "SELECT * FROM sqlite_master")
    with pytest.raises(error, match=message):
        upgrade_by_command(url)
    with pytest.raises(error, match=message):
        upgrade_by_opening(url)
    assert rows(url, "SELECT * FROM sqlite_master") == before
    assert rows(url, "SELECT version_num FROM authweave_version") == [("0003",)]
    execute(url, "DROP VIEW IF EXISTS own; DROP TRIGGER IF EXISTS own")
    upgrade_by_command(url)
    with closing(open_whole(url)) as storage:
        check_nothing_is_lost(storage)
