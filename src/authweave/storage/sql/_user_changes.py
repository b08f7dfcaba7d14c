"""Deleting and disabling users, in SQL, with all that the parts of the store keep of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import Final

from sqlalchemy import Column, Connection, bindparam, delete, exists, insert, select, update
from sqlalchemy.exc import IntegrityError
from typing_extensions import override

from authweave.storage._errors import UserReferredToError
from authweave.storage._limits import check_text
from authweave.storage._part import StorePart
from authweave.storage._protocols import UserStore
from authweave.storage._user_records import REMEMBERED_MS

from ._login_rows import locked_owner, method_named, note_time_joined, release
from ._over_database import OverDatabase
from ._schema import barred_users, login_methods, user_id_mappings, users

IS_DISABLED: Final = users.c.disabled_at_ms.is_not(None)
BARRED_UNTIL: Final = select(barred_users.c.until_ms).where(barred_users.c.user_id == bindparam("id"))
DISABLED: Final = select(users.c.disabled_at_ms).where(users.c.user_id == bindparam("id"))
METHODS_OF: Final = select(login_methods.c.recipe_user_id).where(login_methods.c.user_id == bindparam("id"))
LOCKED_METHODS_OF: Final = METHODS_OF.order_by(login_methods.c.recipe_user_id).with_for_update()
"""Who is making a session with one of them is waited for: then it is there to be deleted."""


class SQLUserChanges(OverDatabase, UserStore):
    """Users, as they come to an end."""

    _parts: tuple[StorePart[object], ...]

    @override
    def delete_user(self, user_id: str, *, now_ms: int, remove_all_linked_accounts: bool = True) -> bool:
        check_text(user_id, "user_id")

        def remove(connection: Connection) -> bool:
            try:
                return self._delete(user_id, now_ms + REMEMBERED_MS, connection, remove_all=remove_all_linked_accounts)
            except IntegrityError as error:  # a foreign key of somebody else's: ours give way
                table = self._database.referring_table(error, connection, user_id)
                raise UserReferredToError(user_id, table) from None

        return self._database.write(remove)

    def _delete(self, named: str, until_ms: int, connection: Connection, *, remove_all: bool) -> bool:
        owner = locked_owner(connection, named)
        if owner is None:
            return False
        methods = connection.execute(METHODS_OF, {"id": owner}).scalars().all()
        own_id = method_named(connection, named) or owner
        if remove_all or methods == [own_id]:
            connection.execute(LOCKED_METHODS_OF, {"id": owner})
            ids = all_ids(connection, [owner, *methods])
            self._delete_rows_of(connection, ids)
            bar(connection, ids, until_ms)
            forget_mappings(connection, [owner, *methods])
            # What hangs on login methods cascades. Those that were linked have been users before.
            connection.execute(delete(users).where(users.c.user_id.in_([owner, *methods])))
        elif own_id in methods:
            ids = all_ids(connection, [own_id])
            self._delete_method(connection, own_id, owner, until_ms, [own_id] if own_id == owner else ids)
            # Only now: who was making a session with it holds it until then.
            self._delete_rows_of_methods(connection, all_ids(connection, [owner]), ids)
            if own_id != owner:
                self._delete_rows_of(connection, ids)
                forget_mappings(connection, [own_id])
        return True

    def _delete_method(
        self, connection: Connection, method: str, owner: str, until_ms: int, ids: Sequence[str]
    ) -> None:
        """Delete one login method of several, and bar its ids."""
        connection.execute(delete(login_methods).where(login_methods.c.recipe_user_id == method))
        if method != owner:  # that of before it was linked
            connection.execute(delete(users).where(users.c.user_id == method))
        bar(connection, ids, until_ms)
        note_time_joined(connection, owner)
        release(connection, owner)

    def _end_sessions_of(self, connection: Connection, ids: Sequence[str]) -> None:
        """Delete what ends when a user is disabled: of all that parts keep, the sessions."""
        for column in (column for part in self._parts for column in part.in_sql().of_enabled_users):
            connection.execute(delete(column.table).where(column.in_(ids)))

    def _delete_rows_of(self, connection: Connection, ids: Sequence[str]) -> None:
        for column in columns_of_users(self._parts):
            connection.execute(delete(column.table).where(column.in_(ids)))

    def _delete_rows_of_methods(self, connection: Connection, user_ids: Sequence[str], ids: Sequence[str]) -> None:
        for of_user, of_method in columns_of_login_methods(self._parts):
            connection.execute(delete(of_user.table).where(of_user.in_(user_ids), of_method.in_(ids)))

    @override
    def set_disabled(self, user_id: str, at_ms: int | None) -> bool:
        check_text(user_id, "user_id")
        return self._database.write(partial(self._set_disabled, user_id, at_ms))

    def _set_disabled(self, named: str, at_ms: int | None, connection: Connection) -> bool:
        owner = locked_owner(connection, named)
        was_enabled = ~IS_DISABLED if at_ms is not None else IS_DISABLED
        changes = update(users).where(users.c.user_id == owner, was_enabled)
        if owner is None or connection.execute(changes.values(disabled_at_ms=at_ms)).rowcount == 0:
            return False
        methods = connection.execute(LOCKED_METHODS_OF, {"id": owner}).scalars().all()
        ids = all_ids(connection, [owner, *methods])
        if at_ms is None:
            until_enabled = barred_users.c.until_ms.is_(None)
            connection.execute(delete(barred_users).where(barred_users.c.user_id.in_(ids), until_enabled))
        else:
            noted = connection.execute(BARRED_UNTIL, {"id": owner}).scalar()
            bar(connection, ids, None)
            if owner not in methods and noted is not None:  # that the login method of this id was deleted stays noted
                bar(connection, [owner], noted)  # written anew: who purges meanwhile waits, and does not find it
        # Also when the user is enabled again: a session that was being made just then was waited for.
        self._end_sessions_of(connection, ids)
        return True

    @override
    def purge_barred_users(self, now_ms: int, limit: int) -> int:
        is_disabled = exists().where(users.c.user_id == barred_users.c.user_id, IS_DISABLED)
        over = (
            select(barred_users.c.user_id)
            .where(barred_users.c.until_ms <= now_ms, ~is_disabled)
            .order_by(barred_users.c.until_ms)
            .limit(max(limit, 0))  # SQLite takes a negative one for no limit
        )
        statement = delete(barred_users).where(barred_users.c.user_id.in_(over), barred_users.c.until_ms <= now_ms)
        return self._database.write(lambda connection: connection.execute(statement).rowcount, one_statement=True)


def all_ids(connection: Connection, own_ids: Collection[str]) -> list[str]:
    """Return the store's ids, and those that APIs show instead."""
    shown = select(user_id_mappings.c.external_user_id).where(user_id_mappings.c.user_id.in_(own_ids))
    return list(dict.fromkeys([*own_ids, *connection.execute(shown).scalars()]))


def bar(connection: Connection, ids: Collection[str], until_ms: int | None) -> None:
    """
    Let ids have no sessions, until a moment or (None) until their user is enabled.

    A moment is for ids of deleted users and login methods: an enabled user of such an id has sessions.
    """
    connection.execute(delete(barred_users).where(barred_users.c.user_id.in_(ids)))
    connection.execute(insert(barred_users), [{"user_id": each, "until_ms": until_ms} for each in ids])


def forget_mappings(connection: Connection, own_ids: Collection[str]) -> None:
    """Delete the mappings of ids of the store."""
    connection.execute(delete(user_id_mappings).where(user_id_mappings.c.user_id.in_(own_ids)))


def columns_of_users(parts: Sequence[StorePart[object]]) -> list[Column[str]]:
    """Return the columns of all parts that hold ids of users or login methods."""
    return [column for part in parts for column in part.in_sql().of_users]


def columns_of_login_methods(parts: Sequence[StorePart[object]]) -> list[tuple[Column[str], Column[str]]]:
    """Return the pairs of columns of all parts that hold a user's id, and that of a login method."""
    return [pair for part in parts for pair in part.in_sql().of_login_methods]


def columns_of_memberships(parts: Sequence[StorePart[object]]) -> list[tuple[Column[str], Column[str]]]:
    """Return the pairs of columns of all parts that hold a tenant's id, and that of who is in it."""
    return [pair for part in parts for pair in part.in_sql().of_memberships]
