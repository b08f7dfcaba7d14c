"""Sessions, in SQL. The columns of the table are the attributes of the record, and the day of their expiry."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import attrs
from sqlalchemy import (
    BigInteger,
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Insert,
    Integer,
    Table,
    Text,
    bindparam,
    delete,
    exists,
    func,
    insert,
    not_,
    select,
    text,
    update,
)
from typing_extensions import override

from authweave.storage import (
    BarredUserError,
    LinkedUserError,
    MappedUserError,
    StorageError,
    check_text,
    json_object,
    json_text,
)
from authweave.storage.sql import (
    Change,
    ConstraintError,
    Database,
    Id,
    Lookup,
    OverDatabase,
    SQLPart,
    barred_users,
    is_barred,
    login_methods,
    new_metadata,
    own_id_of,
    owner_of,
    shown_id_of,
    tenants,
    user_id_mappings,
)
from authweave.types import JSONObject

from .protocol import SessionStore
from .records import SessionRecord, check_session

metadata: Final = new_metadata()

# The user is no foreign key: an application may keep its users elsewhere and only its sessions here.
sessions: Final = Table(
    "authweave_sessions",
    metadata,
    Column("handle", Id, primary_key=True),
    Column("user_id", Id, nullable=False, index=True),
    Column("recipe_user_id", Id, nullable=False),
    Column("tenant_id", Id, ForeignKey(tenants.c.tenant_id), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("refresh_hash", Id, nullable=False),
    Column("previous_hash", Id),
    Column("confirmed_at_ms", BigInteger, nullable=False),
    Column("anti_csrf_token", Id),
    Column("payload", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("expires_at_ms", BigInteger, nullable=False),
    # In an index, where the moment itself would make PostgreSQL write to all of them with every refresh.
    Column("expires_day", BigInteger, nullable=False, index=True, server_default=text("0")),
)

COLUMNS: Final = tuple(field.name for field in attrs.fields(SessionRecord))
DAY_MS: Final = 86_400_000
ADVANCED: Final = (
    "generation",
    "refresh_hash",
    "previous_hash",
    "confirmed_at_ms",
    "anti_csrf_token",
    "expires_at_ms",
)
"""What changes in a session when its refresh token's child is in use."""


THE_USER: Final = bindparam("user_id", type_=Id)
THE_METHOD: Final = bindparam("recipe_user_id", type_=Id)
IDS_OF_USER: Final = (THE_USER, own_id_of(THE_USER))
IDS_OF_METHOD: Final = (THE_METHOD, own_id_of(THE_METHOD))
IS_NAMED: Final = login_methods.c.recipe_user_id.in_((*IDS_OF_USER, *IDS_OF_METHOD))


def is_anothers() -> ColumnElement[bool]:
    """Return the condition that a login method which the ids name is another user's."""
    is_others = login_methods.c.user_id.not_in((THE_USER, func.coalesce(own_id_of(THE_USER), THE_USER)))
    return exists().where(IS_NAMED, is_others)


def has_changed() -> ColumnElement[bool]:
    """
    Return the condition that somebody has just linked, unlinked or deleted a login method: who is doing so is awaited.

    The statement sees it as it was. What it locks is as it is then: another user's, or gone. OFFSET 0 keeps the
    condition on the owner out, so that whoever has the login method is waited for. They are locked in the order of
    their ids, as by whoever changes several.
    """
    named = select(login_methods.c.user_id).where(IS_NAMED).order_by(login_methods.c.recipe_user_id)
    as_it_is = named.offset(0).with_for_update(read=True).subquery()
    of_user = select(func.count()).where(as_it_is.c.user_id.in_(IDS_OF_USER)).scalar_subquery()
    return of_user != select(func.count()).select_from(login_methods).where(IS_NAMED).scalar_subquery()


def is_gone() -> ColumnElement[bool]:
    """Return the condition that the login method was deleted."""
    is_method = exists().where(login_methods.c.recipe_user_id.in_(IDS_OF_METHOD))
    return exists().where(barred_users.c.user_id.in_(IDS_OF_METHOD), not_(is_method))


def insertion(dialect: str) -> Insert:
    """Return what adds a session, if its user may have it. SQLite has one writer, and nothing changes meanwhile."""
    return insert(sessions).from_select(
        sessions.c.keys(),
        select(*(bindparam(each.name, type_=each.type) for each in sessions.c)).where(
            not_(is_barred(THE_USER)),
            not_(exists().where(user_id_mappings.c.user_id == THE_USER)),
            not_(has_changed() if dialect == "postgresql" else is_anothers()),
            not_(is_gone()),
        ),
    )


SHOWN_ID: Final = select(shown_id_of(THE_USER))
of_owner: Final = user_id_mappings.alias("of_owner")
of_method: Final = user_id_mappings.alias("of_method")
OF_OTHERS: Final = (
    select(
        func.coalesce(of_method.c.external_user_id, login_methods.c.recipe_user_id),
        func.coalesce(of_owner.c.external_user_id, login_methods.c.user_id),
    )
    .outerjoin(of_method, of_method.c.user_id == login_methods.c.recipe_user_id)
    .outerjoin(of_owner, of_owner.c.user_id == login_methods.c.user_id)
    .where(
        IS_NAMED,
        login_methods.c.user_id != THE_USER,
        login_methods.c.user_id.is_distinct_from(own_id_of(THE_USER)),  # NULL where there is none
    )
    .order_by(login_methods.c.recipe_user_id)
)
"""The login methods of other users that the ids name, each with its owner, as APIs show them."""

LOCK_USER: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('authweave session ' || :user_id, 0))")
MAX_ENDED: Final = 10_000
"""So many are deleted with one new session: drivers take only so many parameters."""


class SQLSessions(OverDatabase, SessionStore):
    """Sessions."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        # Also where its user was disabled or deleted just while it was created, it is not found.
        self._by_handle = Lookup(database, sessions.c.handle, COLUMNS, not_(is_barred(sessions.c.user_id)))
        self._insertion: Insert = insertion(database.dialect.name)
        self._create = Change(database, self._insertion)
        self._revoke = Change(database, delete(sessions).where(sessions.c.handle == bindparam("of_handle")))
        of_handle = update(sessions).where(sessions.c.handle == bindparam("of_handle"))
        of_generation = of_handle.where(sessions.c.generation == bindparam("from_generation"))
        advanced: dict[str, BindParameter[Any]] = {name: bindparam(name) for name in ADVANCED}  # Any: of any column
        day: BindParameter[Any] = bindparam("expires_day")  # Any: as above
        # With most refreshes the day stays, and no index is written to: SQLite does for every column that it is given.
        self._advance = Change(database, of_generation.where(sessions.c.expires_day == day).values(advanced))
        self._advance_by_days = Change(database, of_generation.values({**advanced, "expires_day": day}))
        self._set_data = Change(database, of_handle.values(data=bindparam("data")))

    @override
    def create_session(self, session: SessionRecord, *, at_most: int | None = None) -> tuple[str, ...]:
        check_session(session)
        row = attrs.asdict(session, recurse=False)
        row["payload"] = json_text(session.payload, "payload")
        row["data"] = json_text(session.data, "data")
        row["expires_day"] = session.expires_at_ms // DAY_MS
        try:
            if at_most is None:
                if self._create.execute(row) == 0:
                    with self._database.reading() as connection:
                        raise refusal(connection, row)
                return ()
            return self._database.write(partial(self._create_of_few, row, at_most))
        except ConstraintError as error:
            raise StorageError(
                "The session was not added: its handle has to be new, and its tenant has to exist."
            ) from error

    def _create_of_few(
        self, row: dict[str, Any], at_most: int, connection: Connection
    ) -> tuple[str, ...]:  # Any: columns
        """Add a session, and delete the oldest of its user's beyond a bound. Returns the handles of these."""
        if connection.dialect.name == "postgresql":  # two who add one each would not see each other's
            connection.execute(LOCK_USER, {"user_id": row["user_id"]})
        if connection.execute(self._insertion, row, execution_options={"preserve_rowcount": True}).rowcount == 0:
            raise refusal(connection, row)
        others = (sessions.c.user_id == row["user_id"]) & (sessions.c.handle != row["handle"])
        beyond = (
            select(sessions.c.handle)
            .where(others, sessions.c.expires_at_ms > row["created_at_ms"])
            .order_by(sessions.c.created_at_ms.desc(), sessions.c.handle.desc())
            .offset(at_most - 1)
            .limit(MAX_ENDED)
        )
        handles = tuple(connection.execute(beyond).scalars())[::-1]
        if handles:
            connection.execute(delete(sessions).where(sessions.c.handle.in_(handles)))
        return handles

    @override
    def find_session(self, handle: str) -> SessionRecord | None:
        check_text(handle, "handle")
        row = self._by_handle.find(handle)
        if row is None:
            return None
        values = dict(zip(COLUMNS, row, strict=True))
        values["payload"] = json_object(values["payload"])
        values["data"] = json_object(values["data"])
        return SessionRecord(**values)

    @override
    def advance_session(self, session: SessionRecord, *, from_generation: int) -> bool:
        check_session(session)
        values = {name: getattr(session, name) for name in ADVANCED}
        values |= {
            "expires_day": session.expires_at_ms // DAY_MS,
            "of_handle": session.handle,
            "from_generation": from_generation,
        }
        return self._advance.execute_or(self._advance_by_days, values) == 1

    @override
    def change_session_payload(self, handle: str, change: Callable[[JSONObject], JSONObject]) -> JSONObject | None:
        check_text(handle, "handle")
        of_handle = sessions.c.handle == handle

        def replace(connection: Connection) -> JSONObject | None:
            # SQLite locks the database already, and knows no lock of a row.
            stored = connection.execute(select(sessions.c.payload).where(of_handle).with_for_update()).scalar()
            if stored is None:
                return None
            payload = change(json_object(stored))
            connection.execute(update(sessions).where(of_handle).values(payload=json_text(payload, "payload")))
            return payload

        return self._database.write(replace)

    @override
    def update_session_data(self, handle: str, data: JSONObject) -> bool:
        check_text(handle, "handle")
        return self._set_data.execute({"data": json_text(data, "data"), "of_handle": handle}) == 1

    @override
    def revoke_session(self, handle: str) -> bool:
        check_text(handle, "handle")
        return self._revoke.execute({"of_handle": handle}) == 1

    @override
    def revoke_sessions_of_user(
        self, user_id: str, tenant_id: str | None, *, linked_too: bool = True
    ) -> tuple[str, ...]:
        statement = delete(sessions).where(*of_user(user_id, tenant_id, linked_too=linked_too))
        returning = statement.returning(sessions.c.handle)
        return self._database.write(
            lambda connection: tuple(connection.execute(returning).scalars()), one_statement=True
        )

    @override
    def session_handles_of_user(
        self, user_id: str, tenant_id: str | None, now_ms: int, *, linked_too: bool = True
    ) -> tuple[str, ...]:
        statement = (
            select(sessions.c.handle)
            .where(*of_user(user_id, tenant_id, linked_too=linked_too), sessions.c.expires_at_ms > now_ms)
            .order_by(sessions.c.created_at_ms, sessions.c.handle)
        )
        with self._database.reading() as connection:
            return tuple(connection.execute(statement).scalars())

    @override
    def purge_expired_sessions(self, now_ms: int, limit: int) -> int:
        has_expired = (sessions.c.expires_day <= now_ms // DAY_MS) & (sessions.c.expires_at_ms <= now_ms)
        expired = (
            select(sessions.c.handle)
            .where(has_expired)
            .order_by(sessions.c.expires_day)
            .limit(max(limit, 0))  # SQLite takes a negative one for no limit
        )
        # Said twice: what was extended after the inner query looked is looked at again.
        statement = delete(sessions).where(sessions.c.handle.in_(expired), has_expired)
        return self._database.write(lambda connection: connection.execute(statement).rowcount, one_statement=True)


def refusal(connection: Connection, row: dict[str, Any]) -> StorageError:  # Any: columns
    """Return why there is no session of a row."""
    user_id: str = row["user_id"]
    named = {"user_id": user_id, "recipe_user_id": row["recipe_user_id"]}
    shown_id = connection.execute(SHOWN_ID, {"user_id": user_id}).scalar()
    if shown_id is not None:
        return MappedUserError(user_id, shown_id)
    linked = connection.execute(OF_OTHERS, named).first()
    is_user_barred = connection.execute(select(is_barred(THE_USER)), {"user_id": user_id}).scalar()
    return BarredUserError(user_id) if linked is None or is_user_barred else LinkedUserError(*linked)


def of_user(user_id: str, tenant_id: str | None, *, linked_too: bool) -> list[ColumnElement[bool]]:
    """Return the conditions for the sessions of a user, of one tenant or (None) of all; or of one login method."""
    check_text(user_id, "user_id")
    check_text(tenant_id or "", "tenant_id")
    named = bindparam("user_id", user_id, type_=Id)
    owner = owner_of(named)
    of_owner = select(user_id_mappings.c.external_user_id).where(user_id_mappings.c.user_id == owner)
    ids = [named, owner, of_owner.scalar_subquery(), shown_id_of(named)]
    conditions: list[ColumnElement[bool]] = [sessions.c.user_id.in_(ids)]
    if tenant_id is not None:
        conditions.append(sessions.c.tenant_id == tenant_id)
    if not linked_too:
        made_with = sessions.c.recipe_user_id.in_([named, own_id_of(named), shown_id_of(named)])
        conditions.append(owner.is_(None) | made_with)
    return conditions


IN_SQL: Final[SQLPart[SessionStore]] = SQLPart(
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    revision="0001",
    store=SQLSessions,
    sealed={"sessions": sessions},
    of_users=(sessions.c.user_id,),
    of_login_methods=((sessions.c.user_id, sessions.c.recipe_user_id),),
    of_enabled_users=(sessions.c.user_id,),
    of_memberships=((sessions.c.tenant_id, sessions.c.recipe_user_id),),
)
