"""An application's own tables refer to the library's users, and are written in one transaction with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext, suppress
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, ForeignKey, Integer, MetaData, String, Table, Text, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlmodel import Field, SQLModel
from sqlmodel import Session as SQLModelSession

from authweave.errors import UserReferredToError
from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.store.contract import a_login
from authweave.storage import StorageOptions, TransactionError
from authweave.storage.sql import SQLStorage, open_storage, users
from authweave.types import system_clock
from tests.stores import PARTS

pytestmark = pytest.mark.usefixtures("migrations_run")

NOW_MS = 1_700_000_000_000


class Base(DeclarativeBase):
    """Tables of an application's: those of the library are in a metadata of its own."""


class Profile(Base):
    """With SQLAlchemy's ORM."""

    __tablename__ = "profiles"
    profile_id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey(users.c.user_id, ondelete="CASCADE"), unique=True)
    name: Mapped[str] = mapped_column(Text)


class Orders(SQLModel, table=True):
    """With SQLModel."""

    order_id: int | None = Field(default=None, primary_key=True)
    user_id: str = Field(sa_column_args=[ForeignKey(users.c.user_id)])


own = MetaData()
visits = Table(
    "visits",
    own,
    Column("visit_id", Integer, primary_key=True),
    Column("user_id", String(255), ForeignKey(users.c.user_id, ondelete="SET NULL")),
)
"""With SQLAlchemy Core."""

lines = Table(
    "profile_lines",
    own,
    Column("line_id", Integer, primary_key=True),
    Column("profile_id", Integer, ForeignKey(Profile.profile_id)),
)


def make_tables(connection: Connection) -> None:
    """Make them."""
    for metadata in (Base.metadata, SQLModel.metadata, own):
        metadata.create_all(connection)


@pytest.fixture(params=["sqlite", "memory", "postgresql"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SQLStorage]:
    """Open a store beside whose tables the application's stand, with a user in it."""
    if request.param == "postgresql":
        new: Callable[[], str] = request.getfixturevalue("new_postgresql_url")
        url = new()
    else:
        url = "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path}/auth.db"
    with closing(open_storage(url, StorageOptions(migrate=True), PARTS)) as opened:
        with opened.transaction() as transaction:
            make_tables(transaction.connection)
        opened.part(PASSWORDS).create_user_with_password(a_login(1))
        yield opened


def count(storage: SQLStorage, table: type[DeclarativeBase | SQLModel] | Table) -> int:
    """Count the rows of a table."""
    with storage.transaction() as transaction:
        return transaction.connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_rows_of_all_kinds_stand_or_fall_with_the_user(storage: SQLStorage) -> None:
    """Core, ORM and SQLModel write in the transaction that creates the user; what raises undoes all of it."""

    def sign_up(number: int, *, fails: bool) -> None:
        with storage.transaction() as transaction:
            user = storage.part(PASSWORDS).create_user_with_password(a_login(number))
            transaction.connection.execute(visits.insert(), {"user_id": user.id})
            with Session(bind=transaction.connection) as session:
                session.add(Profile(user_id=user.id, name="Ada"))
                session.commit()
            with SQLModelSession(bind=transaction.connection) as session:
                session.add(Orders(user_id=user.id))
                session.commit()
            if fails:
                raise KeyError

    with suppress(KeyError):
        sign_up(2, fails=True)
    assert [count(storage, each) for each in (visits, Profile, Orders)] == [0, 0, 0]
    assert storage.find_user("user-2") is None
    sign_up(2, fails=False)
    assert [count(storage, each) for each in (visits, Profile, Orders)] == [1, 1, 1]
    assert storage.find_user("user-2") is not None


def test_a_session_that_fails_leaves_the_transaction(storage: SQLStorage) -> None:
    """Its error arrives as it is, it has rolled back to where it began, and the transaction goes on."""
    with storage.transaction() as transaction:
        user = storage.part(PASSWORDS).create_user_with_password(a_login(2))
        with Session(bind=transaction.connection) as session:
            session.add(Profile(user_id=user.id, name="Ada"))
            session.commit()
        with Session(bind=transaction.connection) as session:
            session.add(Profile(user_id=user.id, name="Ada, again"))
            with pytest.raises(IntegrityError):
                session.commit()
        with transaction.connection.begin_nested() as savepoint:
            transaction.connection.execute(visits.insert(), {"user_id": user.id})
            savepoint.rollback()
    assert [count(storage, each) for each in (visits, Profile)] == [0, 1]


def test_a_user_who_is_referred_to_stays(storage: SQLStorage) -> None:
    """The error names the table, and all is as before; rows that give way go, or forget, with the user."""
    with storage.transaction() as transaction:
        transaction.connection.execute(visits.insert(), {"user_id": "user-1"})
        with Session(bind=transaction.connection) as session:
            session.add_all([Profile(user_id="user-1", name="Ada"), Orders(user_id="user-1")])
            session.commit()
    for _ in range(2):
        with pytest.raises(UserReferredToError, match="'orders'") as raised:
            storage.delete_user("user-1", now_ms=NOW_MS)
        assert (raised.value.user_id, raised.value.table) == ("user-1", "orders")
        assert storage.part(PASSWORDS).find_password_login("public", "user-1@example.com") == a_login(1)
        assert [count(storage, each) for each in (visits, Profile, Orders)] == [1, 1, 1]
    with storage.transaction() as transaction:
        with pytest.raises(UserReferredToError):
            storage.delete_user("user-1", now_ms=NOW_MS)
        transaction.connection.execute(delete(Orders))
        assert storage.delete_user("user-1", now_ms=NOW_MS)
    assert [count(storage, each) for each in (visits, Profile, Orders)] == [1, 0, 0]
    with storage.transaction() as transaction:
        assert transaction.connection.execute(select(visits.c.user_id)).scalars().all() == [None]


def test_what_refers_to_what_would_go_is_named_too(storage: SQLStorage) -> None:
    """A table that refers to a row that goes with the user."""
    with storage.transaction() as transaction:
        with Session(bind=transaction.connection) as session:
            session.add(Profile(profile_id=7, user_id="user-1", name="Ada"))
            session.commit()
        transaction.connection.execute(lines.insert(), {"profile_id": 7})
    with pytest.raises(UserReferredToError, match="'profile_lines'"):
        storage.delete_user("user-1", now_ms=NOW_MS)
    assert [count(storage, each) for each in (Profile, lines)] == [1, 1]
    assert storage.find_user("user-1") is not None


def test_a_foreign_key_to_nobody_is_refused_at_the_end_of_nothing(storage: SQLStorage) -> None:
    """It fails at once, with the application's own error, and nothing of the transaction was."""

    def work() -> None:
        storage.part(PASSWORDS).create_user_with_password(a_login(2))
        storage.connection().execute(visits.insert(), {"user_id": "nobody"})

    with pytest.raises(IntegrityError):
        storage.transact(work)
    assert storage.find_user("user-2") is None
    assert count(storage, visits) == 0


def test_a_statement_that_failed_is_not_passed_over(storage: SQLStorage) -> None:
    """Where the database commits nothing after a failure (PostgreSQL) that is said; elsewhere the rest is committed."""
    is_strict = storage.clock is not system_clock

    def work() -> None:
        storage.part(PASSWORDS).create_user_with_password(a_login(2))
        with suppress(IntegrityError):
            storage.connection().execute(visits.insert(), {"user_id": "nobody"})

    with pytest.raises(TransactionError, match="begin_nested") if is_strict else nullcontext():
        storage.transact(work)
    assert (storage.find_user("user-2") is None) == is_strict
