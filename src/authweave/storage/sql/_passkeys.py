"""The passkeys of login methods, which a part of the store keeps: see `SQLPart.passkeys`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from sqlalchemy import Column, Connection, RowMapping, Select, bindparam, select

from authweave.storage._records import PASSKEYS

from ._database import Database
from ._lookup import Query

Row: TypeAlias = RowMapping | Mapping[str, Any]  # Any: a database's row has no static type

CredentialIds: TypeAlias = Mapping[str, Sequence[str]]
"""The ids of passkeys, by the store's ids of the login methods that have some."""

NO_PASSKEYS: Final[CredentialIds] = {}


class Passkeys:
    """
    Reads which passkeys login methods have.

    Args:
        database: where.
        of_method: the column of the store's id of the login method.
        credential_id: that of the passkey's id.
    """

    def __init__(self, database: Database, of_method: Column[str], credential_id: Column[str]) -> None:
        self._database = database
        self._of_method = of_method
        self._credential_id = credential_id
        self._found = select(of_method, credential_id).order_by(credential_id)
        self._of_one = Query(database, self._found.where(of_method == bindparam("id")))

    def of(self, recipe_user_ids: Sequence[str], connection: Connection | None) -> CredentialIds:
        """
        Return the passkeys of some login methods.

        Args:
            recipe_user_ids: the store's ids of them.
            connection: that of the transaction which asks (`Database.write`); None outside of one.
        """
        found: dict[str, list[str]] = {}
        for recipe_user_id, credential_id in self._rows(recipe_user_ids, connection):
            found.setdefault(recipe_user_id, []).append(credential_id)
        return found

    def _rows(self, ids: Sequence[str], connection: Connection | None) -> Iterable[Sequence[Any]]:  # Any: as for a row
        if connection is None and len(ids) == 1:  # as whoever signs in has mostly
            return self._of_one.all({"id": ids[0]})
        if connection is None:
            with self._database.reading() as reading:
                return self._rows(ids, reading)
        return connection.execute(self._found.where(self._of_method.in_(ids))).all()

    def owners(self, credential_id: str) -> Select[str]:
        """Return the question for the store's id of the login method that has a passkey, by the name of its value."""
        return select(self._of_method).where(self._credential_id == bindparam(credential_id))


def passkeys_of(rows: Iterable[Row], database: Database, connection: Connection | None = None) -> CredentialIds:
    """
    Return the passkeys of the login methods of some rows of `METHODS`. Who has no such login method costs nothing.

    Args:
        rows: of any users.
        database: where they were read.
        connection: that of the transaction which read them (`Database.write`); None outside of one.

    Raises:
        authweave.storage.StorageError: the database refused.
    """
    ids = list(dict.fromkeys([row["recipe_user_id"] for row in rows if row["recipe_id"] == PASSKEYS]))
    return database.passkeys.of(ids, connection) if ids and database.passkeys is not None else NO_PASSKEYS
