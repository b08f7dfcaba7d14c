"""Export users, as lines that can be imported again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, Select, exists, select

from authweave.security.hashes import UNUSABLE_HASH
from authweave.storage import json_object
from authweave.storage.sql import Database, SQLStorage

from ._format import Line, line_of
from ._tables import Tables, login_methods, users
from ._user import MovedLogin, MovedUser

PAGE: Final = 1000


def export_users(storage: SQLStorage) -> Iterator[Line]:
    """
    Yield all users, sorted by id. Blocks.

    Whoever is added meanwhile, with an id that was passed already, is left out; nobody comes twice.

    Raises:
        authweave.storage.StorageError: the store could not be asked.
    """
    tables = Tables.of(storage.parts)
    after = ""
    while page := read_page(storage.database, tables, after):
        for user in page:
            yield line_of(user)
        after = page[-1].id


def read_page(database: Database, tables: Tables, after: str) -> list[MovedUser]:
    """Return the users whose ids follow one."""
    with database.reading() as connection:
        has_login = exists().where(login_methods.c.user_id == users.c.user_id)
        statement = select(users).where(users.c.user_id > after, has_login).order_by(users.c.user_id).limit(PAGE)
        found = connection.execute(statement).mappings().all()
        return Page(connection, tables, found).users() if found else []


class Page:
    """Users, with what other tables have of them."""

    def __init__(self, connection: Connection, tables: Tables, found: Sequence[RowMapping]) -> None:
        self._connection = connection
        self._tables = tables
        self._found = found
        self._ids = [row["user_id"] for row in found]

    def users(self) -> list[MovedUser]:
        """Return them."""
        methods = by(self._rows(select(login_methods).where(login_methods.c.user_id.in_(self._ids))), "user_id")
        ids = [row["recipe_user_id"] for rows in methods.values() for row in rows]
        places = by(self._of("authweave_login_tenants", ids), "recipe_user_id")
        hashes = {row["recipe_user_id"]: row["password_hash"] for row in self._of("authweave_passwords", ids)}
        external = {
            row["user_id"]: row["external_user_id"] for row in self._of("authweave_user_id_mappings", self._ids)
        }
        shown = [external.get(user_id, user_id) for user_id in self._ids]
        roles = by(self._of("authweave_user_roles", shown, "user_id"), "user_id")
        metadata = {row["user_id"]: row["metadata"] for row in self._of("authweave_user_metadata", shown)}
        return [
            MovedUser(
                id=row["user_id"],
                external_id=external.get(row["user_id"]),
                disabled_at_ms=row.get("disabled_at_ms"),
                is_primary=row["is_primary_user"],
                roles=by_tenant(roles[external.get(row["user_id"], row["user_id"])]),
                metadata=json_object(metadata.get(external.get(row["user_id"], row["user_id"]), "{}")),
                logins=tuple(
                    login_of(each, places[each["recipe_user_id"]], hashes)
                    for each in sorted(methods[row["user_id"]], key=age)
                ),
            )
            for row in self._found
        ]

    def _of(self, name: str, ids: Sequence[str], column: str | None = None) -> Sequence[RowMapping]:
        """Return the rows of a recipe's table for some ids; none where the store was opened without the recipe."""
        table = self._tables.get(name)
        if table is None:
            return ()
        key = next(iter(table.primary_key.columns)) if column is None else table.c[column]
        return self._rows(select(table).where(key.in_(ids)))

    def _rows(self, statement: Select[Any]) -> Sequence[RowMapping]:  # Any: of whatever columns
        return self._connection.execute(statement).mappings().all()


def by(rows: Sequence[RowMapping], name: str) -> defaultdict[str, list[RowMapping]]:
    """Return rows by what they have in a column."""
    found: defaultdict[str, list[RowMapping]] = defaultdict(list)
    for row in rows:
        found[row[name]].append(row)
    return found


def by_tenant(rows: Sequence[RowMapping]) -> dict[str, tuple[str, ...]]:
    """Return roles by tenant, sorted."""
    names = {row["tenant_id"]: () for row in rows}
    return {
        tenant_id: tuple(sorted(row["role"] for row in rows if row["tenant_id"] == tenant_id))
        for tenant_id in sorted(names)
    }


def age(row: RowMapping) -> tuple[int, str]:
    """Sort login methods: the oldest first."""
    return row["time_joined_ms"], row["recipe_user_id"]


def login_of(row: RowMapping, places: Sequence[RowMapping], hashes: dict[str, str]) -> MovedLogin:
    """Return a login method, with the tenants that it is in."""
    password_hash = hashes.get(row["recipe_user_id"])
    return MovedLogin(
        id=row["recipe_user_id"],
        recipe_id=row["recipe_id"],
        tenant_ids=tuple(sorted(each["tenant_id"] for each in places)),
        email=row["email"],
        phone_number=row["phone_number"],
        password_hash=None if password_hash == UNUSABLE_HASH else password_hash,
        provider_id=row["provider_id"],
        issuer=row["issuer"],
        subject=row["subject"],
        verified=row["verified"],
        time_joined_ms=row["time_joined_ms"],
    )
