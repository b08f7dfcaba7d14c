"""Signing keys, in SQL. The columns of the table are the attributes of the record."""

from __future__ import annotations

from typing import Final

import attrs
from sqlalchemy import bindparam, delete, insert, select
from typing_extensions import override

from authweave.storage._errors import ConstraintError, StorageError
from authweave.storage._limits import check_signing_key, check_text
from authweave.storage._protocols import KeyStore
from authweave.storage._records import KeyRecord

from ._core_reads import KeyReads
from ._database import Database
from ._lookup import Query
from ._over_database import OverDatabase
from ._schema import signing_keys

BY_SLOT: Final = select(signing_keys).where(signing_keys.c.slot == bindparam("slot"))
NEWEST_FIRST: Final = select(*(signing_keys.c[each.name] for each in attrs.fields(KeyRecord))).order_by(
    signing_keys.c.created_at_ms.desc(), signing_keys.c.kid
)


class SQLKeys(KeyReads, OverDatabase, KeyStore):
    """Signing keys."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._keys = Query(database, NEWEST_FIRST)

    @override
    def add_signing_key(self, key: KeyRecord) -> KeyRecord:
        check_signing_key(key)
        try:
            self._database.write(
                lambda connection: connection.execute(insert(signing_keys), attrs.asdict(key)), one_statement=True
            )
        except ConstraintError as error:
            with self._database.reading() as connection:
                row = connection.execute(BY_SLOT, {"slot": key.slot}).mappings().one_or_none()
            if row is None:
                raise StorageError(
                    f"A signing key {key.kid!r} exists already in another slot: key ids have to be new."
                ) from error
            return KeyRecord(**row)
        return key

    @override
    def remove_signing_key(self, kid: str) -> bool:
        check_text(kid, "kid")
        statement = delete(signing_keys).where(signing_keys.c.kid == kid)
        return self._database.write(lambda connection: connection.execute(statement).rowcount, one_statement=True) == 1
