"""Users written into a store, a batch at a time, each batch in one transaction with what is noted of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Final

import attrs
from sqlalchemy import Connection, Table, delete, select

from authweave.security.hashes import UNUSABLE_HASH
from authweave.storage import StorageError, json_text, route_segments, tenant_fault
from authweave.storage.sql import ConstraintError, Database, SQLStorage, address_values, barred_users, insert_rows
from authweave.types import PUBLIC_TENANT, Clock

from ._tables import Tables, login_methods, login_tenants, primary_contacts, tenants, users
from ._taken import Seen, ids_of, is_among, tenants_of, texts
from ._user import MovedDevice, MovedLogin, MovedPasskey, MovedUser

ATTEMPTS: Final = 5
"""How often a batch is looked through again, where somebody else was faster with an address."""


@attrs.define
class Written:
    """
    What became of a batch.

    Attributes:
        added: the users that are new.
        known: how many were there already.
        faults: why others were not added, by their places in the batch.
    """

    added: list[MovedUser] = attrs.field(factory=list[MovedUser])
    known: int = 0
    faults: dict[int, str] = attrs.field(factory=dict[int, str])


class Writer:
    """
    Writes users.

    Args:
        storage: where.
        clock: tells the time.
        create_tenants: whether tenants that there are not are made.
        on_created: is told the id of each user that is added, in the transaction. If it raises, that user is not added.
        seal: seals the secrets of TOTP devices; None where the server's secret is not known, and devices are refused.
    """

    def __init__(
        self,
        storage: SQLStorage,
        clock: Clock,
        *,
        create_tenants: bool = False,
        on_created: Callable[[str], None] | None = None,
        seal: Callable[[str], str] | None = None,
    ) -> None:
        tables = Tables.of(storage.parts)
        self._storage = storage
        self._database: Database = storage.database
        self._on_created = on_created
        self._seal = seal
        self._clock = clock
        self._create_tenants = create_tenants
        self._passwords = tables.get("authweave_passwords")
        self._roles = tables.get("authweave_roles")
        self._roles_of_users = tables.get("authweave_user_roles")
        self._metadata = tables.get("authweave_user_metadata")
        self._devices = tables.get("authweave_totp_devices")
        self._passkeys = tables.get("authweave_passkeys")
        self._mappings = tables.by_name["authweave_user_id_mappings"]
        self._verified = tables.get("authweave_verified_emails")
        self._segments = route_segments(storage.parts)

    def write(
        self,
        batch: Sequence[MovedUser],
        then: Callable[[Connection, Written], None],
        *,
        dry_run: bool = False,
    ) -> Written:
        """
        Add those who are new, in one transaction. Blocks.

        Args:
            batch: the users.
            then: is called in the transaction, once the rows are there.
            dry_run: look who would be added, and add nobody.

        Raises:
            authweave.storage.StorageError: nothing was written.
        """
        for attempt in range(ATTEMPTS):
            try:
                if dry_run:
                    with self._database.reading() as connection:
                        return self._sort(connection, batch)
                if self._on_created is not None:
                    return self._storage.transact(partial(self._write_each, batch, then, self._on_created))
                return self._database.write(lambda connection: self._write(connection, batch, then))
            except ConstraintError:
                if attempt == ATTEMPTS - 1:
                    raise
        raise AssertionError  # pragma: no cover  the loop returns or raises

    def _write(
        self, connection: Connection, batch: Sequence[MovedUser], then: Callable[[Connection, Written], None]
    ) -> Written:
        written = self._sort(connection, batch)
        if written.added:
            self._insert(connection, written.added)
        then(connection, written)
        return written

    def _write_each(
        self,
        batch: Sequence[MovedUser],
        then: Callable[[Connection, Written], None],
        on_created: Callable[[str], None],
    ) -> Written:
        """Write users one by one, each with what is done as it is created, or not at all."""
        both = Written()
        for place, user in enumerate(batch):
            try:
                with self._storage.transaction():
                    one = self._database.write(partial(self._write, batch=[user], then=nothing))
                    if one.added:
                        on_created(user.id)
            except (StorageError, KeyboardInterrupt):
                raise
            except Exception as error:  # noqa: BLE001  whatever the application's functions raise
                both.faults[place] = f"a hook raised {type(error).__name__}"
            else:
                both.added += one.added
                both.known += one.known
                if one.faults:
                    both.faults[place] = one.faults[0]
        self._database.write(lambda connection: then(connection, both))
        return both

    def _sort(self, connection: Connection, batch: Sequence[MovedUser]) -> Written:
        """Tell those who are new from those who are there, and from those who cannot be added."""
        written = Written()
        seen = Seen(connection, batch, self._mappings, self._passkeys)
        for place, user in enumerate(batch):
            if user.id in seen.users:
                written.known += 1
                continue
            fault = self._missing(user) or seen.fault(user) or self._tenant_fault(user, seen)
            if fault:
                written.faults[place] = fault
            else:
                seen.add(user)
                written.added.append(user)
        return written

    def _missing(self, user: MovedUser) -> str | None:
        """Say what the store has no table for."""
        has_password = any(each.recipe_id == "emailpassword" for each in user.logins)
        needed = {
            "roles": (user.roles, self._roles_of_users, "userroles"),
            "metadata": (user.metadata, self._metadata, "usermetadata"),
            "logins of emailpassword": (has_password, self._passwords, "emailpassword"),
            "TOTP devices": (user.devices, self._devices, "totp"),
            "passkeys": (user.passkey_ids, self._passkeys, "webauthn"),
        }
        lacking = {name: recipe for name, (value, table, recipe) in needed.items() if value and table is None}
        if not lacking:
            is_sealed = not user.devices or self._seal is not None
            return None if is_sealed else "its TOTP devices are sealed with the application's secret: name it by --app"
        recipes = ", ".join(f"{recipe}.init()" for recipe in lacking.values())
        return f"the store keeps no {', '.join(lacking)}: add {recipes} to the application's recipe_list"

    def _tenant_fault(self, user: MovedUser, seen: Seen) -> str | None:
        """Say which tenant of a user there is not, or cannot be."""
        for tenant_id in tenants_of(user) - seen.tenants:
            if not self._create_tenants:
                return "there is no such tenant: create it first, or pass --create-tenants"
            if tenant_id.lower() in seen.tenants_in_lower_case:
                return "a tenant has the id of its own in another case"
            if fault := tenant_fault(tenant_id, self._segments):
                return f"a tenant's id {fault}"
        return None

    def _insert(self, connection: Connection, added: Sequence[MovedUser]) -> None:
        """Write the rows of users, table after table."""
        both = [(user, login) for user in added for login in user.logins]
        if self._create_tenants:
            insert_missing(connection, tenants, "tenant_id", {each for user in added for each in tenants_of(user)})
        self._insert_users(connection, added)
        self._insert_logins(connection, both)
        if self._passwords is not None:
            hashes = (
                (login.id, login.password_hash or UNUSABLE_HASH)
                for _, login in both
                if login.recipe_id == "emailpassword"
            )
            insert_rows(connection, self._passwords, ("recipe_user_id", "password_hash"), hashes)
        if self._passkeys is not None:
            made = [(login.id, *attrs.astuple(each)) for _, login in both for each in login.passkeys]
            if made:
                insert_rows(connection, self._passkeys, PASSKEY_COLUMNS, made)
        if self._verified is not None:
            now_ms = self._clock()
            seen = [(login.id, login.email, now_ms) for _, login in both if login.verified and login.email is not None]
            insert_new(connection, self._verified, ("recipe_user_id", "email", "verified_at_ms"), seen)
        self._insert_extras(connection, added)

    def _insert_users(self, connection: Connection, added: Sequence[MovedUser]) -> None:
        rows = ((user.id, user.is_primary, user.disabled_at_ms) for user in added)
        insert_rows(connection, users, ("user_id", "is_primary_user", "disabled_at_ms"), rows)
        # Ids of deleted users are barred for a while; here they are somebody's again.
        ids = {each for user in added for each in ids_of(user)}
        connection.execute(delete(barred_users).where(is_among(connection, barred_users.c.user_id, ids)))
        barred = [(each,) for user in added if user.disabled_at_ms is not None for each in sorted(ids_of(user))]
        if barred:
            insert_rows(connection, barred_users, ("user_id",), barred)
        shown = [(user.id, user.external_id) for user in added if user.external_id is not None]
        if shown:
            insert_rows(connection, self._mappings, ("user_id", "external_user_id"), shown)

    def _insert_logins(self, connection: Connection, both: Sequence[tuple[MovedUser, MovedLogin]]) -> None:
        joined = {user.id: user.time_joined_ms for user, _ in both}
        rows = (login_row(login, user.id) for user, login in both)
        insert_rows(connection, login_methods, LOGIN_COLUMNS, rows)
        places = (
            place_row(login, tenant_id, user.id, joined[user.id])
            for user, login in both
            for tenant_id in login.tenant_ids
        )
        insert_rows(connection, login_tenants, PLACE_COLUMNS, places)
        reserved = {user.id: user.contacts for user, _ in both if user.is_primary}
        contacts = ((*key, user_id) for user_id, keys in reserved.items() for key in sorted(keys))
        insert_rows(connection, primary_contacts, CONTACT_COLUMNS, contacts)

    def _insert_extras(self, connection: Connection, added: Sequence[MovedUser]) -> None:
        """Write roles, metadata and devices, by the ids that applications see."""
        if self._roles is not None and self._roles_of_users is not None:
            given = [
                (user.external_id or user.id, tenant_id, role)
                for user in added
                for tenant_id, names in user.roles.items()
                for role in names
            ]
            insert_missing(connection, self._roles, "role", {role for _, _, role in given})
            insert_new(connection, self._roles_of_users, ("user_id", "tenant_id", "role"), given)
        if self._metadata is not None:
            kept = [
                (user.external_id or user.id, json_text(user.metadata, "metadata")) for user in added if user.metadata
            ]
            insert_new(connection, self._metadata, ("user_id", "metadata"), kept)
        if self._devices is not None and self._seal is not None:
            made = [
                (user.external_id or user.id, each.name, self._seal(each.secret), *numbers_of(each))
                for user in added
                for each in user.devices
            ]
            insert_devices(connection, self._devices, made)


DEVICE_COLUMNS: Final = ("user_id", "name", "secret", "period_s", "skew", "verified", "created_at_ms")


def numbers_of(device: MovedDevice) -> tuple[int, int, bool, int]:
    """Return the rest of the row of a device, which counts already."""
    return device.period_s, device.skew, True, device.created_at_ms


PASSKEY_COLUMNS: Final = ("recipe_user_id", *(each.name for each in attrs.fields(MovedPasskey)))


def insert_devices(connection: Connection, devices: Table, made: Sequence[tuple[str | int, ...]]) -> None:
    """Insert devices. One that the store has of an id already stays if it counts, and else goes."""
    if made:
        ids = {str(row[0]) for row in made}
        connection.execute(delete(devices).where(is_among(connection, devices.c.user_id, ids), ~devices.c.verified))
        insert_new(connection, devices, DEVICE_COLUMNS, made)


def nothing(_connection: Connection, _written: Written) -> None:
    """Do nothing."""


LOGIN_COLUMNS: Final = (
    "recipe_user_id",
    "user_id",
    "recipe_id",
    "tenant_id",
    "email",
    "phone_number",
    "provider_id",
    "issuer",
    "subject",
    "verified",
    "time_joined_ms",
)
PLACE_COLUMNS: Final = (
    "recipe_user_id",
    "tenant_id",
    "user_id",
    "recipe_id",
    "email",
    "email_domain",
    "phone_number",
    "provider_id",
    "issuer",
    "subject",
    "user_time_joined_ms",
)
CONTACT_COLUMNS: Final = ("tenant_id", "kind", "value", "user_id")


def login_row(login: MovedLogin, user_id: str) -> tuple[object, ...]:
    """Return the row of a login method, in the order of `LOGIN_COLUMNS`."""
    return (
        login.id,
        user_id,
        login.recipe_id,
        PUBLIC_TENANT if PUBLIC_TENANT in login.tenant_ids else next(iter(login.tenant_ids), None),
        login.email,
        login.phone_number,
        login.provider_id,
        login.issuer,
        login.subject,
        login.verified,
        login.time_joined_ms,
    )


def place_row(login: MovedLogin, tenant_id: str, user_id: str, user_time_joined_ms: int) -> tuple[object, ...]:
    """Return the row of a login method in a tenant, in the order of `PLACE_COLUMNS`."""
    return (
        login.id,
        tenant_id,
        user_id,
        login.recipe_id,
        login.email,
        address_values(login.email)["email_domain"],
        login.phone_number,
        login.provider_id,
        login.issuer,
        login.subject,
        user_time_joined_ms,
    )


def insert_missing(connection: Connection, table: Table, column: str, wanted: Iterable[str]) -> None:
    """Add rows of one text each, but those that are there."""
    missing = set(wanted) - texts(connection, table.c[column], set(wanted))
    if missing:
        insert_rows(connection, table, (column,), [(each,) for each in sorted(missing)])


def insert_new(
    connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[tuple[str | int, ...]]
) -> None:
    """
    Insert rows, but those of a key that is there.

    What an application keeps with an id may be older than the user: whoever signed in by a route of its own had one.
    """
    if not rows:
        return
    key = list(table.primary_key.columns)
    places = [columns.index(column.name) for column in key]
    there = select(*key).where(is_among(connection, key[0], {str(row[places[0]]) for row in rows}))
    found: set[tuple[Any, ...]] = {tuple(row) for row in connection.execute(there)}  # Any: of each column its own
    new = [row for row in rows if tuple(row[place] for place in places) not in found]
    insert_rows(connection, table, columns, new)
