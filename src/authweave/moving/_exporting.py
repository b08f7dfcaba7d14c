"""Export users, as lines that can be imported again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeAlias

import attrs
from sqlalchemy import Connection, RowMapping, Select, exists, select

from authweave.recipe.totp.store import TOTPDevice
from authweave.security.hashes import UNUSABLE_HASH
from authweave.storage import json_object
from authweave.storage.sql import SQLStorage
from authweave.types import ConfigurationError

from ._fields import Line
from ._format import line_of
from ._tables import Tables, login_methods, users
from ._user import MovedDevice, MovedLogin, MovedPasskey, MovedUser

PAGE: Final = 1000

SecretOf: TypeAlias = Callable[[TOTPDevice], str]
"""Returns the secret of a device, in base32, which is sealed in the store."""


def export_users(
    storage: SQLStorage, secret_of: SecretOf | None = None, *, without_devices: bool = False
) -> Iterator[Line]:
    """
    Yield all users, sorted by id. Blocks.

    Whoever is added meanwhile, with an id that was passed already, is left out; nobody comes twice.

    Args:
        storage: where they are.
        secret_of: opens the secrets of TOTP devices.
        without_devices: leave TOTP devices out. Without it, and without what opens them, nobody is exported who has
            one: he would be asked for no second factor where he comes.

    Raises:
        authweave.types.ConfigurationError: there are devices whose secrets cannot be opened.
        authweave.storage.StorageError: the store could not be asked.
    """
    read = Pages(storage, secret_of, without_devices=without_devices).read
    after = ""
    while page := read(after):
        for user in page:
            yield line_of(user)
        after = page[-1].id


class Pages:
    """Reads users, a page of them at a time."""

    def __init__(self, storage: SQLStorage, secret_of: SecretOf | None, *, without_devices: bool) -> None:
        self._database = storage.database
        self._tables = Tables.of(storage.parts)
        self._secret_of = secret_of
        self._without_devices = without_devices

    def read(self, after: str) -> list[MovedUser]:
        """Return the users whose ids follow one."""
        with self._database.reading() as connection:
            has_login = exists().where(login_methods.c.user_id == users.c.user_id)
            statement = select(users).where(users.c.user_id > after, has_login).order_by(users.c.user_id).limit(PAGE)
            found = connection.execute(statement).mappings().all()
            return Page(connection, self._tables, found, self._moved).users() if found else []

    def _moved(self, device: TOTPDevice) -> MovedDevice | None:
        """Return a device with its secret; None for one that is left out. One that does not count is worth nothing."""
        if self._without_devices or not device.verified:
            return None
        if self._secret_of is None:
            raise ConfigurationError(
                f"The user {device.user_id!r} has a TOTP device, whose secret is sealed with that of the application: "
                "name it by --app; or leave all devices out by --without-totp-devices."
            )
        return MovedDevice(
            name=device.name,
            secret=self._secret_of(device),
            period_s=device.period_s,
            skew=device.skew,
            created_at_ms=device.created_at_ms,
        )


class Page:
    """Users, with what other tables have of them."""

    def __init__(
        self,
        connection: Connection,
        tables: Tables,
        found: Sequence[RowMapping],
        moved: Callable[[TOTPDevice], MovedDevice | None],
    ) -> None:
        self._connection = connection
        self._tables = tables
        self._found = found
        self._moved = moved
        self._ids = [row["user_id"] for row in found]

    def users(self) -> list[MovedUser]:
        """Return them."""
        methods = by(self._rows(select(login_methods).where(login_methods.c.user_id.in_(self._ids))), "user_id")
        ids = [row["recipe_user_id"] for rows in methods.values() for row in rows]
        places = by(self._of("authweave_login_tenants", ids), "recipe_user_id")
        passkeys = by(self._of("authweave_passkeys", ids, "recipe_user_id"), "recipe_user_id")
        hashes = {row["recipe_user_id"]: row["password_hash"] for row in self._of("authweave_passwords", ids)}
        external = {
            row["user_id"]: row["external_user_id"] for row in self._of("authweave_user_id_mappings", self._ids)
        }
        shown = [external.get(user_id, user_id) for user_id in self._ids]
        roles = by(self._of("authweave_user_roles", shown, "user_id"), "user_id")
        devices = by(self._of("authweave_totp_devices", shown), "user_id")
        metadata = {row["user_id"]: row["metadata"] for row in self._of("authweave_user_metadata", shown)}
        return [
            MovedUser(
                id=row["user_id"],
                external_id=external.get(row["user_id"]),
                disabled_at_ms=row.get("disabled_at_ms"),
                is_primary=row["is_primary_user"],
                roles=by_tenant(roles[name]),
                metadata=json_object(metadata.get(name, "{}")),
                devices=tuple(self._devices(devices[name])),
                logins=tuple(
                    login_of(each, places[each["recipe_user_id"]], passkeys[each["recipe_user_id"]], hashes)
                    for each in sorted(methods[row["user_id"]], key=age)
                ),
            )
            for row, name in zip(self._found, shown, strict=True)
        ]

    def _devices(self, rows: Sequence[RowMapping]) -> Iterator[MovedDevice]:
        """Yield the devices of a user that are moved along, the oldest first."""
        there = (TOTPDevice(**row) for row in rows)
        for device in sorted(there, key=lambda each: (each.created_at_ms, each.name)):
            if (moved := self._moved(device)) is not None:
                yield moved

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


def login_of(
    row: RowMapping, places: Sequence[RowMapping], passkeys: Sequence[RowMapping], hashes: dict[str, str]
) -> MovedLogin:
    """Return a login method, with the tenants that it is in."""
    made = (MovedPasskey(**{each.name: found[each.name] for each in attrs.fields(MovedPasskey)}) for found in passkeys)
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
        passkeys=tuple(sorted(made, key=lambda each: (each.created_at_ms, each.credential_id))),
        verified=row["verified"],
        time_joined_ms=row["time_joined_ms"],
    )
