"""How a part of the store is kept in SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Generic

import attrs
from sqlalchemy import Column, MetaData, Select, Table
from typing_extensions import TypeVar

from authweave.storage._ahead import version_table_of

from ._database import Database

StoreT_co = TypeVar("StoreT_co", covariant=True)


@attrs.frozen(kw_only=True)
class SQLPart(Generic[StoreT_co]):
    """
    How a part of the store is kept in SQL.

    Attributes:
        metadata: its tables, made with `new_metadata`. Foreign keys may refer to the tables of the core.
        migrations: the folder of its Alembic revisions, and of nothing else: ``env.py`` is the library's.
        revision: the newest of them: a database that stands at it needs none.
        store: makes the store of the part over the database that all parts share.
        at_start: what is asked at a start, by name: for `Ahead.statements`.
        sealed: the tables whose rows are worth nothing without the server's secret, by what people call these rows
            (``{"sessions": sessions}``): ``authweave db forget-keys`` deletes them.
        of_users: the columns that hold the id of a user or of a login method. `UserStore.delete_user` deletes the rows
            where one of them does. A column without a foreign key holds the id that APIs show: it follows where that
            changes (`UserStore.create_user_id_mapping`). Each is to be indexed.
        of_login_methods: pairs of columns, a user's and a login method's: the rows that go with one login method of a
            user who keeps others.
        of_memberships: pairs of columns, a tenant's and that of an id of a user or of a login method: the rows that go
            when the id leaves the tenant (`LinkStore.remove_from_tenant`), or all of a tenant that is deleted.
        of_enabled_users: the columns, of those of ``of_users``, whose rows end as well when the user is disabled.
        passkeys: the columns of a login method's id, as the store has it, and of the id of a passkey that it has: they
            are read with users who have a login method of the recipe ``webauthn``. Both are to be indexed.

    .. versionadded:: 0.1.0
    """

    metadata: MetaData
    migrations: Path
    revision: str
    store: Callable[[Database], StoreT_co]
    at_start: Mapping[str, Select[*tuple[Any, ...]]] = attrs.field(  # Any: rows have no static type
        factory=dict[str, "Select[*tuple[Any, ...]]"]  # Any: likewise
    )
    sealed: Mapping[str, Table] = attrs.field(factory=dict[str, Table])
    of_users: Sequence[Column[str]] = ()
    of_login_methods: Sequence[tuple[Column[str], Column[str]]] = ()
    of_memberships: Sequence[tuple[Column[str], Column[str]]] = ()
    of_enabled_users: Sequence[Column[str]] = ()
    passkeys: tuple[Column[str], Column[str]] | None = None

    def tables(self, name: str) -> tuple[str, ...]:
        """Return the names of all tables of the part that has this name, that of its revision too."""
        return (*self.metadata.tables, version_table_of(name))
