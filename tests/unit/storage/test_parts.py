"""Parts of the store that are not the library's, beside its own."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Never

import attrs
import pytest
from sqlalchemy import Column, Integer, Table
from typing_extensions import override

from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.store.contract import a_login
from authweave.recipe.session.store import SESSIONS
from authweave.recipe.session.store.contract import a_session
from authweave.storage import Storage, StorageError, StorageOptions, StorePart, part_faults, purge_batch
from authweave.storage.memory import MemoryStorage
from authweave.storage.sql import Migrations, SQLPart, new_metadata, open_storage
from authweave.storage.sql._schema import REVISION
from authweave.types import ConfigurationError
from tests.databases import KINDS, new_database
from tests.stores import PARTS
from tests.unit.storage.notes import IN_SQL, NOTES, MemoryNotes

pytestmark = pytest.mark.usefixtures("migrations_run")

WITH_NOTES: list[StorePart[object]] = [*PARTS, NOTES]
MIGRATE = StorageOptions(migrate=True)


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return where a database without tables is to be."""
    with new_database(request, tmp_path) as made:
        yield made


def of(url: str, *parts: StorePart[object]) -> Migrations:
    """Return the migrations of a database."""
    return Migrations(url, parts=parts or WITH_NOTES)


def in_memory() -> Storage:
    """Return a store in memory."""
    return MemoryStorage()


def in_sqlite() -> Storage:
    """Return a store in SQLite."""
    return open_storage("sqlite://", parts=WITH_NOTES)


@pytest.mark.parametrize("open_store", [in_memory, in_sqlite])
def test_a_part_works_beside_the_others(open_store: Callable[[], Storage]) -> None:
    """It refers to users, its rows are purged with the others, and closing the store closes it."""
    storage = open_store()
    notes = storage.part(NOTES)
    storage.part(PASSWORDS).create_user_with_password(a_login(1))
    storage.part(SESSIONS).create_session(a_session(1, expires_at_ms=1))
    notes.keep_note("note-1", "method-1", "hello")
    with pytest.raises(StorageError):
        notes.keep_note("note-2", "method-9", "hello")
    assert notes.find_note("note-1") == "hello"
    assert Counter(purge_batch(storage, 2**40)) == Counter(sessions=1, notes=1)
    assert notes.find_note("note-1") is None
    assert NOTES in storage.parts
    storage.close()
    with pytest.raises(StorageError):
        notes.find_note("note-1")


def test_a_part_that_was_not_opened_is_named() -> None:
    """Who asks for it is told what to do."""
    with (
        closing(open_storage("sqlite://", parts=PARTS)) as storage,
        pytest.raises(ConfigurationError, match=r"without its part 'notes'.*parts="),
    ):
        storage.part(NOTES)


def test_a_part_can_be_added_later(url: str) -> None:
    """A database that others use already gets its tables, and what it has stays."""
    open_storage(url, MIGRATE, [PASSWORDS]).close()
    with closing(open_storage(url, parts=[PASSWORDS])) as storage:
        storage.part(PASSWORDS).create_user_with_password(a_login(1))
    with pytest.raises(ConfigurationError, match=r"no tables of 'notes' yet.*authweave db upgrade"):
        open_storage(url, StorageOptions(migrate=False), [PASSWORDS, NOTES])
    open_storage(url, MIGRATE, [PASSWORDS, NOTES]).close()
    with closing(open_storage(url, parts=[NOTES])) as storage:
        storage.part(NOTES).keep_note("note-1", "method-1", "hello")
    with closing(open_storage(url, parts=[PASSWORDS])) as storage:
        assert storage.find_user("user-1") is not None
    assert of(url, PASSWORDS, NOTES).revisions() == {"core": REVISION, "emailpassword": "0001", "notes": "0002"}
    assert of(url, PASSWORDS, NOTES).missing() == ()
    others = tuple(each.name for each in PARTS if each.name != "emailpassword")
    assert (of(url).missing(), of(url).unused()) == ((), others)


def test_a_part_goes_back_and_forth_alone(url: str) -> None:
    """The revisions of one part change those of no other, and its rows survive."""
    of(url).upgrade()
    with closing(open_storage(url, parts=WITH_NOTES)) as storage:
        storage.part(PASSWORDS).create_user_with_password(a_login(1))
        storage.part(NOTES).keep_note("note-1", "method-1", "hello")
    before = of(url).revisions()
    of(url).downgrade("0001", part="notes")
    assert of(url).revisions() == {**before, "notes": "0001"}
    assert of(url).missing() == ("'notes' is at revision 0001, and this release needs 0002",)
    of(url).upgrade("0002", part="notes")
    assert of(url).missing() == ()
    with closing(open_storage(url, parts=WITH_NOTES)) as storage:
        assert storage.part(NOTES).find_note("note-1") == "hello"


def test_a_part_goes_back_where_it_can(url: str, tmp_path: Path) -> None:
    """To what is newer it does not, nor beyond a migration that says no way back: the message says which."""
    (tmp_path / "for_good").mkdir()
    for script in IN_SQL.migrations.glob("*.py"):
        text = script.read_text(encoding="utf-8")
        (tmp_path / "for_good" / script.name).write_text(text.partition("def downgrade")[0], encoding="utf-8")
    for_good = attrs.evolve(NOTES, in_sql=lambda: attrs.evolve(IN_SQL, migrations=tmp_path / "for_good"))
    of(url, for_good).upgrade()
    before = of(url).revisions()
    with pytest.raises(ConfigurationError, match=r"'notes' cannot go back beyond revision 0002.*no `downgrade`"):
        of(url, for_good).downgrade("0001", part="notes")
    with pytest.raises(ConfigurationError, match=r"'notes' cannot go back beyond revision 0002.*no `downgrade`"):
        of(url, for_good).sql("0001", since=before, part="notes")
    assert of(url).revisions() == before
    of(url, for_good).downgrade("head", part="notes")
    of(url).downgrade("0001", part="notes")
    with pytest.raises(ConfigurationError, match=r"'notes' stands at 0001, and 0002 is newer.*upgrade"):
        of(url).downgrade("0002", part="notes")
    with pytest.raises(ConfigurationError, match=r"'session' stands at no revision, and 0001 is newer"):
        of(url).downgrade("0001", part="session")


def test_a_newer_release_of_a_part_is_named(url: str) -> None:
    """Its database is left alone, and whose release is too old is said."""
    of(url).upgrade()
    older = attrs.evolve(IN_SQL, migrations=PARTS[0].in_sql().migrations, revision="0001")
    with pytest.raises(ConfigurationError, match=r"newer release of what brings the part 'notes'.*'0002'"):
        open_storage(url, MIGRATE, [*PARTS, attrs.evolve(NOTES, in_sql=lambda: older)])
    assert of(url).missing() == ()


BROKEN = """
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table("authweave_broken", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO authweave_nowhere VALUES (1)")
"""


def test_a_migration_that_fails_leaves_nothing_changed(url: str, tmp_path: Path) -> None:
    """Neither its own tables are there afterwards, nor those of the others that were made before it."""
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "v0001_broken.py").write_text(BROKEN, encoding="utf-8")
    broken = part_of("broken", "authweave_broken", tmp_path / "migrations")
    with pytest.raises(StorageError):
        open_storage(url, MIGRATE, [*PARTS, broken])
    with pytest.raises(ConfigurationError, match="no tables of authweave yet"):
        open_storage(url, StorageOptions(migrate=False))
    open_storage(url, MIGRATE, PARTS).close()


def part_of(name: str, table: str, migrations: Path = Path()) -> StorePart[object]:
    """Return a part with one table."""
    metadata = new_metadata()
    Table(table, metadata, Column("id", Integer, primary_key=True))
    in_sql = SQLPart(metadata=metadata, migrations=migrations, revision="0001", store=lambda _: object())
    return StorePart(name=name, in_sql=lambda: in_sql, in_memory=lambda _: object())


def unloadable() -> Never:
    """Fail as a part that needs what is not installed."""
    message = "no module named sprockets"
    raise ImportError(message)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (
            [NOTES, part_of("notes", "others")],
            "Two parts of the store are named 'notes'",
        ),
        (
            [part_of("one", "mine"), part_of("two", "mine")],
            "'two' of the store declares the table 'mine', which the part",
        ),
        ([part_of("mine", "authweave_users")], "'authweave_users', which the library's core has"),
        ([part_of("mine", "authweave_version")], "'authweave_version', which the library's core has"),
        ([NOTES, part_of("mine", "authweave_notes_version")], "'authweave_notes_version', which the part 'notes' has"),
        ([part_of("core", "mine")], "another name than 'core'"),
        ([part_of("Mine", "mine")], "lower-case letters"),
        ([part_of("m" * 41, "mine")], "at most 40"),
        ([attrs.evolve(part_of("mine", "mine"), in_sql=unloadable)], "cannot be loaded (ImportError: no module named"),
    ],
)
def test_parts_that_collide_are_refused_before_anything_is_opened(
    parts: list[StorePart[object]], said: str, tmp_path: Path
) -> None:
    """Each fault is said once, and no file is made."""
    (fault,) = part_faults([*PARTS, *parts])
    assert said in fault
    with pytest.raises(ConfigurationError) as caught:
        open_storage(f"sqlite:///{tmp_path}/auth.db", parts=[*PARTS, *parts])
    assert fault in str(caught.value)
    with pytest.raises(ConfigurationError):
        Migrations(f"sqlite:///{tmp_path}/auth.db", parts=parts if len(parts) > 1 else [*PARTS, *parts])
    assert list(tmp_path.iterdir()) == []


def test_the_same_part_twice_is_one() -> None:
    """Two recipes may bring one part."""
    assert part_faults([NOTES, NOTES]) == []
    with closing(open_storage("sqlite://", parts=[NOTES, NOTES])) as storage:
        assert storage.parts == (NOTES,)


def test_a_part_can_stand_in_for_another() -> None:
    """A store finds a part by its name, so a test can put its own in the place of a recipe's."""

    class Silent(MemoryNotes):
        @override
        def find_note(self, note_id: str) -> str | None:
            return None

    storage = MemoryStorage([attrs.evolve(NOTES, in_memory=Silent)])
    storage.part(PASSWORDS).create_user_with_password(a_login(1))
    storage.part(NOTES).keep_note("note-1", "method-1", "hello")
    assert storage.part(NOTES).find_note("note-1") is None
    assert purge_batch(storage, 2**40) == {"notes": 1, "ids of deleted users": 0}
