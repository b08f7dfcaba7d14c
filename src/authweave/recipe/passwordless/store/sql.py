"""Browsers that asked for codes, and the hashes of these, in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, Literal

import attrs
from sqlalchemy import (
    BigInteger,
    Connection,
    and_,
    bindparam,
    case,
    delete,
    exists,
    insert,
    select,
    update,
)
from typing_extensions import override

from authweave.storage import StorageError, check_text
from authweave.storage.sql import Change, ConstraintError, Database, Query, SQLPart, insert_unless_there

from .protocol import PasswordlessCodeStore
from .records import Code, Contact, Device, Right, Tried, Wrong, check_code, check_contact, check_device
from .sql_logins import SQLPasswordlessLogins
from .tables import codes, devices, metadata

device_key: Final = devices.c.pre_auth_session_id
ALL: Final = 2**31 - 1

OF_KEY: Final = (device_key == bindparam("key"), devices.c.tenant_id == bindparam("tenant_id"))
OF_CONTACT: Final = (
    devices.c.tenant_id == bindparam("tenant_id"),
    devices.c.kind == bindparam("kind"),
    devices.c.value == bindparam("value"),
)
asked: Final = devices.alias("asked")
LOCK: Final = (
    select(devices)
    .join_from(
        asked,
        devices,
        and_(
            devices.c.tenant_id == asked.c.tenant_id,
            devices.c.kind == asked.c.kind,
            devices.c.value == asked.c.value,
        ),
    )
    .where(asked.c.pre_auth_session_id == bindparam("key"), asked.c.tenant_id == bindparam("tenant_id"))
    .order_by(device_key)
    .with_for_update(of=devices)
)
"""
All devices of the contact of one, locked in one order: of two who use codes of one contact at once, the later waits,
and finds that the earlier has deleted all of them. SQLite has one writer.
"""

EXPIRES: Final = select(codes.c.expires_at_ms).where(
    codes.c.pre_auth_session_id == bindparam("key"), codes.c.code_hash == bindparam("code_hash")
)
COUNT: Final = update(devices).where(device_key == bindparam("key")).values(failures=bindparam("counted"))
DELETE: Final = delete(devices).where(device_key == bindparam("key"))
DELETE_ALL: Final = delete(devices).where(*OF_CONTACT)
USE: Final = DELETE_ALL.where(
    exists().where(
        codes.c.pre_auth_session_id == bindparam("key"),
        codes.c.code_hash == bindparam("code_hash"),
        codes.c.expires_at_ms > bindparam("now_ms", type_=BigInteger),
    )
)
"""All devices of a contact, if a code is right: whose is locked, the codes of that do not change meanwhile."""
OF_CLIENT: Final = delete(devices).where(*OF_CONTACT, devices.c.client == bindparam("client"))
NAMED: Final = select(device_key).where(device_key == bindparam("key"))
CODE_NAMES: Final = ("code_id", "code_hash", "created_at_ms", "code_expires_at_ms")
NAMES: Final = tuple(each.name for each in devices.columns)
WITH_CODES: Final = (
    select(
        devices,
        codes.c.code_id,
        codes.c.code_hash,
        codes.c.created_at_ms,
        codes.c.expires_at_ms.label("code_expires_at_ms"),
    )
    .join_from(devices, codes)
    .order_by(device_key, codes.c.created_at_ms, codes.c.code_id)
)
TRIM: Final = delete(codes).where(
    codes.c.code_id.in_(
        select(codes.c.code_id)
        .where(codes.c.pre_auth_session_id == bindparam("key"))
        .order_by(
            (codes.c.code_id == bindparam("newest")).desc(),  # it is, whatever the clock says
            codes.c.created_at_ms.desc(),
            codes.c.code_id.desc(),
        )
        .limit(ALL)  # SQLite wants one
        .offset(bindparam("at_most"))
    )
)
until_ms: Final = bindparam("until_ms", type_=BigInteger)
PROLONG: Final = (
    update(devices)
    .where(device_key == bindparam("key"))
    .values(expires_at_ms=case((devices.c.expires_at_ms < until_ms, until_ms), else_=devices.c.expires_at_ms))
)
OF_CODE: Final = (
    select(device_key)
    .join_from(devices, codes)
    .where(codes.c.code_id == bindparam("code_id"), devices.c.tenant_id == bindparam("tenant_id"))
    .with_for_update(of=devices)
)
DELETE_EMPTY: Final = delete(devices).where(
    device_key == bindparam("key"), ~exists().where(codes.c.pre_auth_session_id == device_key)
)


class SQLPasswordlessCodes(SQLPasswordlessLogins):
    """Browsers that asked for codes, and the hashes of these."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._lock = Query(database, LOCK)
        self._expires = Query(database, EXPIRES)
        self._of_key = Query(database, WITH_CODES.where(*OF_KEY))
        self._of_contact = Query(database, WITH_CODES.where(*OF_CONTACT))
        self._count = Change(database, COUNT)
        self._delete = Change(database, DELETE)
        self._use = Change(database, USE)

    @override
    def add_device(self, device: Device, code: Code) -> None:
        check_device(device)
        check_code(code)
        row = {
            "pre_auth_session_id": device.pre_auth_session_id,
            "tenant_id": device.tenant_id,
            "kind": device.contact.kind,
            "value": device.contact.value,
            "client": device.client,
            "failures": device.failures,
            "expires_at_ms": code.expires_at_ms,
        }
        of_client = {**of_contact(device.tenant_id, device.contact), "client": device.client}
        refused = "The device was not added: its id and that of the code have to be new, and its tenant has to exist."

        def add(connection: Connection) -> None:
            # The client's device of before is in the way. Of requests at once each waits for the one before.
            while not insert_unless_there(connection, devices, row):
                if connection.execute(NAMED, {"key": device.pre_auth_session_id}).first() is not None:
                    raise StorageError(refused)
                connection.execute(OF_CLIENT, of_client)
            connection.execute(insert(codes), attrs.asdict(code))

        try:
            self._database.write(add)
        except ConstraintError as error:
            raise StorageError(refused) from error

    @override
    def add_code(self, tenant_id: str, code: Code, *, at_most: int) -> Literal["added", "taken"] | None:
        check_text(tenant_id, "tenant_id")
        check_code(code)
        of_key = {"key": code.pre_auth_session_id, "tenant_id": tenant_id}
        lock = select(device_key).where(*OF_KEY).with_for_update()

        def add(connection: Connection) -> Literal["added", "taken"] | None:
            if connection.execute(lock, of_key).first() is None:
                return None
            if connection.execute(EXPIRES, {**of_key, "code_hash": code.code_hash}).first() is not None:
                return "taken"
            connection.execute(insert(codes), attrs.asdict(code))
            of_device = {"key": code.pre_auth_session_id}
            connection.execute(TRIM, {**of_device, "newest": code.code_id, "at_most": at_most})
            connection.execute(PROLONG, {**of_device, "until_ms": code.expires_at_ms})
            return "added"

        try:
            return self._database.write(add)
        except ConstraintError as error:
            raise StorageError("The code was not added: its id has to be new.") from error

    @override
    def try_code(
        self, tenant_id: str, pre_auth_session_id: str, code_hash: str, now_ms: int, *, max_failures: int | None
    ) -> Tried:
        return self._try(tenant_id, pre_auth_session_id, code_hash, now_ms, max_failures, uses=False)

    @override
    def use_code(
        self, tenant_id: str, pre_auth_session_id: str, code_hash: str, now_ms: int, *, max_failures: int | None
    ) -> Tried:
        return self._try(tenant_id, pre_auth_session_id, code_hash, now_ms, max_failures, uses=True)

    def _try(
        self,
        tenant_id: str,
        pre_auth_session_id: str,
        code_hash: str,
        now_ms: int,
        max_failures: int | None,
        *,
        uses: bool,
    ) -> Tried:
        for name, text in (("tenant_id", tenant_id), ("pre_auth_session_id", pre_auth_session_id)):
            check_text(text, name)
        check_text(code_hash, "code_hash")
        of_key = {"key": pre_auth_session_id}

        def attempt(connection: Connection) -> Tried:
            locked = self._lock.run(connection, {**of_key, "tenant_id": tenant_id})
            rows = (dict(zip(NAMES, each, strict=True)) for each in locked)
            row = next((each for each in rows if each["pre_auth_session_id"] == pre_auth_session_id), None)
            if row is None:
                return None
            device = device_of(row)
            of_code: dict[str, str | int | None] = {**of_key, "code_hash": code_hash}
            of_all = of_contact(tenant_id, device.contact)
            if uses and self._use.run(connection, {**of_code, **of_all, "now_ms": now_ms}):
                return Right(device)
            found = self._expires.run(connection, of_code)
            expires_at_ms: int | None = found[0][0] if found else None
            if not uses and expires_at_ms is not None and expires_at_ms > now_ms:
                return Right(device)
            if max_failures is None:
                return None
            failures = device.failures + 1
            if failures >= max_failures:
                self._delete.run(connection, of_key)
                return None
            self._count.run(connection, {**of_key, "counted": failures})
            return Wrong(failures, is_expired=expires_at_ms is not None)

        # One of them changes something: within a transaction it needs no part of its own.
        return self._database.write(attempt, one_statement=self._database.running_transaction() is not None)

    @override
    def find_device(self, tenant_id: str, pre_auth_session_id: str) -> Device | None:
        check_text(tenant_id, "tenant_id")
        check_text(pre_auth_session_id, "pre_auth_session_id")
        rows = self._of_key.all({"key": pre_auth_session_id, "tenant_id": tenant_id})
        return next(iter(devices_of(rows)), None)

    @override
    def find_devices(self, tenant_id: str, contact: Contact) -> tuple[Device, ...]:
        check_text(tenant_id, "tenant_id")
        check_contact(contact)
        return devices_of(self._of_contact.all(of_contact(tenant_id, contact)))

    @override
    def revoke_codes(self, tenant_id: str, contact: Contact) -> int:
        check_text(tenant_id, "tenant_id")
        check_contact(contact)
        values = of_contact(tenant_id, contact)
        lock = select(device_key).where(*OF_CONTACT).order_by(device_key).with_for_update()

        def revoke(connection: Connection) -> int:
            connection.execute(lock, values).all()  # in the order of all others
            return connection.execute(DELETE_ALL, values).rowcount

        return self._database.write(revoke)

    @override
    def delete_code(self, tenant_id: str, code_id: str) -> bool:
        check_text(tenant_id, "tenant_id")
        check_text(code_id, "code_id")

        def revoke(connection: Connection) -> bool:
            key = connection.execute(OF_CODE, {"code_id": code_id, "tenant_id": tenant_id}).scalar()
            if key is None:
                return False
            was_there = connection.execute(delete(codes).where(codes.c.code_id == code_id)).rowcount == 1
            connection.execute(DELETE_EMPTY, {"key": key})
            return was_there

        return self._database.write(revoke)

    @override
    def purge_expired_codes(self, now_ms: int, limit: int) -> int:
        expired = (
            select(device_key)
            .where(devices.c.expires_at_ms <= now_ms)
            .order_by(devices.c.expires_at_ms)
            .limit(max(limit, 0))  # SQLite takes a negative one for no limit
        )
        statement = delete(devices).where(device_key.in_(expired))
        return self._database.write(lambda connection: connection.execute(statement).rowcount, one_statement=True)


def of_contact(tenant_id: str, contact: Contact) -> Mapping[str, str]:
    """Return what devices of an address or number are found by."""
    return {"tenant_id": tenant_id, "kind": contact.kind, "value": contact.value}


def device_of(row: Mapping[str, Any], of_device: tuple[Code, ...] = ()) -> Device:  # Any: a row has no static type
    """Return the device of a row of its table."""
    return Device(
        pre_auth_session_id=row["pre_auth_session_id"],
        tenant_id=row["tenant_id"],
        contact=Contact(row["kind"], row["value"]),
        client=row["client"],
        failures=row["failures"],
        codes=of_device,
    )


def devices_of(rows: Sequence[Sequence[Any]]) -> tuple[Device, ...]:  # Any: rows have no static type
    """Return the devices of rows of `WITH_CODES`."""
    found: list[Device] = []
    named = (dict(zip((*NAMES, *CODE_NAMES), row, strict=True)) for row in rows)
    for _, of_one in groupby(named, itemgetter("pre_auth_session_id")):
        mine = list(of_one)
        found.append(device_of(mine[0], tuple(code_of(each) for each in mine)))
    return tuple(found)


def code_of(row: Mapping[str, Any]) -> Code:  # Any: rows have no static type
    """Return the code of a row of `WITH_CODES`."""
    return Code(
        code_id=row["code_id"],
        pre_auth_session_id=row["pre_auth_session_id"],
        code_hash=row["code_hash"],
        created_at_ms=row["created_at_ms"],
        expires_at_ms=row["code_expires_at_ms"],
    )


IN_SQL: Final[SQLPart[PasswordlessCodeStore]] = SQLPart(
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    revision="0001",
    store=SQLPasswordlessCodes,
)
