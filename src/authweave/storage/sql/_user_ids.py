"""Which id APIs show instead of the store's, in SQL."""

from __future__ import annotations

from functools import partial
from typing import Final

import attrs
from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select, update
from typing_extensions import override

from authweave.storage._limits import check_text
from authweave.storage._part import StorePart
from authweave.storage._protocols import UserStore
from authweave.storage._user_checks import check_info, check_mapping
from authweave.storage._user_records import MappingTaken, UserIdMapping, UserIdType
from authweave.types import BadInputError

from ._login_rows import is_known, locked_owner
from ._over_database import OverDatabase
from ._schema import barred_users, user_id_mappings, users
from ._user_changes import all_ids, bar, columns_of_login_methods, columns_of_users

mapped: Final = user_id_mappings.c


class SQLUserIds(OverDatabase, UserStore):
    """Mappings of ids."""

    _parts: tuple[StorePart[object], ...]

    @override
    def create_user_id_mapping(self, mapping: UserIdMapping, *, force: bool = False) -> bool | MappingTaken:
        check_mapping(mapping)
        return self._database.write(partial(self._create_mapping, mapping, force=force))

    def _create_mapping(self, mapping: UserIdMapping, connection: Connection, *, force: bool) -> bool | MappingTaken:
        own, external = mapping.user_id, mapping.external_user_id
        if not is_known(connection, own):
            return False
        there = connection.execute(
            select(mapped.user_id, mapped.external_user_id).where(
                or_(mapped.user_id == own, mapped.external_user_id == external)
            )
        ).all()
        if there:
            return MappingTaken(
                of_user_id=any(each.user_id == own for each in there),
                of_external_user_id=any(each.external_user_id == external for each in there),
            )
        if external != own and not force and is_known(connection, external):
            message = "external_user_id is the id of a user: choose another, or say force=True."
            raise BadInputError(message)
        owner = locked_owner(connection, own)
        connection.execute(insert(user_id_mappings), attrs.asdict(mapping))
        if not is_known(connection, external):  # what bars an id of the store goes on doing so
            connection.execute(delete(barred_users).where(barred_users.c.user_id == external))
            disabled = select(users.c.disabled_at_ms).where(users.c.user_id == owner)
            if connection.execute(disabled).scalar() is not None:
                bar(connection, [external], None)
        self._rename(connection, owner or own, own, external)
        return True

    def _rename(self, connection: Connection, owner: str, former: str, new: str) -> None:
        """Rewrite an id where the parts of the store keep the one that is shown."""
        for column in columns_of_users(self._parts):
            if not column.foreign_keys:
                connection.execute(update(column.table).where(column == former).values({column.name: new}))
        of_owner = all_ids(connection, [owner])
        for of_user, of_method in columns_of_login_methods(self._parts):
            of_both = (of_user.in_([*of_owner, new]), of_method == former)
            connection.execute(update(of_user.table).where(*of_both).values({of_method.name: new}))

    @override
    def find_user_id_mapping(self, user_id: str, kind: UserIdType = "ANY") -> UserIdMapping | None:
        check_text(user_id, "user_id")
        with self._database.reading() as connection:
            return found_mapping(connection, user_id, kind)

    @override
    def delete_user_id_mapping(self, user_id: str, kind: UserIdType = "ANY") -> bool:
        check_text(user_id, "user_id")
        return self._database.write(partial(self._delete_mapping, user_id, kind))

    def _delete_mapping(self, user_id: str, kind: UserIdType, connection: Connection) -> bool:
        mapping = found_mapping(connection, user_id, kind)
        if mapping is None:
            return False
        owner = locked_owner(connection, mapping.user_id)
        self._rename(connection, owner or mapping.user_id, mapping.external_user_id, mapping.user_id)
        connection.execute(delete(user_id_mappings).where(mapped.user_id == mapping.user_id))
        if not is_known(connection, mapping.external_user_id):
            connection.execute(delete(barred_users).where(barred_users.c.user_id == mapping.external_user_id))
        return True

    @override
    def set_user_id_mapping_info(self, user_id: str, kind: UserIdType, info: str | None) -> bool:
        check_text(user_id, "user_id")
        check_info(info)

        def change(connection: Connection) -> bool:
            mapping = found_mapping(connection, user_id, kind)
            if mapping is None:
                return False
            of_mapping = update(user_id_mappings).where(mapped.user_id == mapping.user_id)
            return connection.execute(of_mapping.values(external_user_info=info)).rowcount == 1

        return self._database.write(change)


def found_mapping(connection: Connection, user_id: str, kind: UserIdType) -> UserIdMapping | None:
    """Return the mapping of an id of a kind, or None."""
    conditions: dict[UserIdType, tuple[ColumnElement[bool], ...]] = {
        "SUPERTOKENS": (mapped.user_id == user_id,),
        "EXTERNAL": (mapped.external_user_id == user_id,),
        "ANY": (mapped.user_id == user_id, mapped.external_user_id == user_id),
    }
    for condition in conditions[kind]:
        row = connection.execute(select(user_id_mappings).where(condition)).mappings().one_or_none()
        if row is not None:
            return UserIdMapping(**row)
    return None
