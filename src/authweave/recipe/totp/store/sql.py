"""Devices, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import attrs
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Integer,
    Table,
    Text,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import sqlite
from typing_extensions import override

from authweave.storage import check_text
from authweave.storage.sql import (
    ConstraintError,
    Database,
    Id,
    OverDatabase,
    SQLPart,
    is_barred,
    locked_owner,
    new_metadata,
)

from .protocol import (
    AHEAD_MS,
    FAILURES_COUNT_MS,
    MAX_FAILURES,
    CountedAttempt,
    DeviceAdded,
    DeviceRenamed,
    TOTPStore,
    UsedCode,
)
from .records import TOTPDevice, check_device, require_few

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.sql.dml import ReturningInsert

Upsert: TypeAlias = "sqlite.Insert | postgresql.Insert"

metadata: Final = new_metadata()

# The user is no foreign key: it is the id that APIs show, which may be the application's.
devices: Final = Table(
    "authweave_totp_devices",
    metadata,
    Column("user_id", Id, primary_key=True),
    Column("name", Id, primary_key=True),
    Column("secret", Text, nullable=False),
    Column("period_s", Integer, nullable=False),
    Column("skew", Integer, nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
)
recovery_codes: Final = Table(
    "authweave_totp_recovery_codes",
    metadata,
    Column("user_id", Id, primary_key=True),
    Column("code_hash", Id, primary_key=True),
)
used_codes: Final = Table(
    "authweave_totp_used_codes",
    metadata,
    Column("user_id", Id, primary_key=True),
    Column("code", Id, primary_key=True),
    Column("until_ms", BigInteger, nullable=False, index=True),
)
attempts: Final = Table(
    "authweave_totp_attempts",
    metadata,
    Column("user_id", Id, primary_key=True),
    Column("tenant_id", Id, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("until_ms", BigInteger, nullable=False, index=True),
)

OF_USER: Final = select(devices).where(devices.c.user_id == bindparam("of_user"))
IN_ORDER: Final = OF_USER.order_by(devices.c.created_at_ms, devices.c.name)
LOCKED: Final = OF_USER.order_by(devices.c.name).with_for_update()
"""In one order, so that two who change a user's devices wait for each other. SQLite has one writer."""

IS_BARRED: Final = select(is_barred(bindparam("of_user", type_=Id)))
IS_OVER: Final = ~attempts.c.until_ms.between(bindparam("now_ms") + 1, bindparam("now_ms") + AHEAD_MS)
"""Also where a clock that was ahead had written it."""


class SQLTOTP(OverDatabase, TOTPStore):
    """
    Devices, and what belongs to them.

    Who locks rows of several tables does so in one order: devices, recovery codes, codes that were used, failures.
    """

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._count = counting(database.dialect.name)
        self._use = using(database.dialect.name)

    @override
    def add_device(self, device: TOTPDevice) -> DeviceAdded:
        check_device(device)

        def add(connection: Connection) -> DeviceAdded:
            locked_owner(connection, device.user_id)  # who deletes him, or adds another device, is waited for
            if connection.execute(IS_BARRED, {"of_user": device.user_id}).scalar_one():
                return "nobody"
            there = {each.name: each for each in locked_devices(connection, device.user_id)}
            former = there.get(device.name)
            if former is not None and former.verified:
                return "taken"
            require_few(len({*there, device.name}))
            if former is not None:
                connection.execute(delete(devices).where(*is_device(device.user_id, device.name)))
            connection.execute(insert(devices), attrs.asdict(device))
            return "added"

        try:
            return self._database.write(add)
        except ConstraintError:  # of a user whom the store does not have, another one was added just now
            return "taken"

    @override
    def devices_of_user(self, user_id: str) -> tuple[TOTPDevice, ...]:
        check_text(user_id, "user_id")
        with self._database.reading() as connection:
            return tuple(TOTPDevice(**row) for row in connection.execute(IN_ORDER, {"of_user": user_id}).mappings())

    @override
    def rename_device(self, user_id: str, name: str, new_name: str) -> DeviceRenamed:
        for each, text in {"user_id": user_id, "device_name": name, "new_device_name": new_name}.items():
            check_text(text, each)
        renaming = update(devices).where(*is_device(user_id, name)).values(name=new_name)
        try:
            changed = self._database.write(lambda connection: connection.execute(renaming).rowcount, one_statement=True)
        except ConstraintError:
            return "taken"
        return "renamed" if changed else "unknown"

    @override
    def remove_device(self, user_id: str, name: str) -> TOTPDevice | None:
        check_text(user_id, "user_id")
        check_text(name, "device_name")

        def remove(connection: Connection) -> TOTPDevice | None:
            there = {each.name: each for each in locked_devices(connection, user_id)}
            removed = there.pop(name, None)
            if removed is None:
                return None
            connection.execute(delete(devices).where(*is_device(user_id, name)))
            if not any(each.verified for each in there.values()):
                connection.execute(delete(recovery_codes).where(recovery_codes.c.user_id == user_id))
            if not there:
                connection.execute(delete(used_codes).where(used_codes.c.user_id == user_id))
                connection.execute(delete(attempts).where(attempts.c.user_id == user_id))
            return removed

        return self._database.write(remove)

    @override
    def lock_devices(self, user_id: str) -> None:
        check_text(user_id, "user_id")

        def lock(connection: Connection) -> None:
            locked_owner(connection, user_id)  # as `add_device` does
            locked_devices(connection, user_id)

        self._database.write(lock)

    @override
    def begin_attempt(self, user_id: str, tenant_id: str, now_ms: int) -> CountedAttempt:
        check_text(user_id, "user_id")
        check_text(tenant_id, "tenant_id")
        until_ms = now_ms + FAILURES_COUNT_MS
        values = {"user_id": user_id, "tenant_id": tenant_id, "until_ms": until_ms, "now_ms": now_ms}

        def count(connection: Connection) -> CountedAttempt:
            while True:
                failures = connection.execute(self._count, values).scalar()
                if failures is not None:
                    return CountedAttempt(failures)
                row = connection.execute(select(attempts).where(*is_count(user_id, tenant_id))).first()
                if row is not None:  # else a code that was right has just made them forgotten
                    return CountedAttempt(row.failures, min(row.until_ms - now_ms, FAILURES_COUNT_MS))

        return self._database.write(count)

    @override
    def use_code(self, used: UsedCode, now_ms: int) -> bool:
        user_id = used.device.user_id
        check_text(used.tenant_id, "tenant_id")
        check_text(used.code, "code")
        values = {"user_id": user_id, "code": used.code, "until_ms": used.until_ms, "now_ms": now_ms}

        def use(connection: Connection) -> bool:
            there = locked_devices(connection, user_id)
            device = next((each for each in there if each.secret == used.device.secret), None)
            if device is None or connection.execute(self._use, values).first() is None:
                return False
            if not device.verified:
                connection.execute(update(devices).where(*is_device(user_id, device.name)).values(verified=True))
            connection.execute(delete(attempts).where(*is_count(user_id, used.tenant_id)))
            return True

        return self._database.write(use)

    @override
    def replace_recovery_codes(self, user_id: str, code_hashes: Sequence[str]) -> bool:
        check_text(user_id, "user_id")
        for each in code_hashes:
            check_text(each, "code_hash")

        def replace(connection: Connection) -> bool:
            if not any(each.verified for each in locked_devices(connection, user_id)):
                return False
            connection.execute(delete(recovery_codes).where(recovery_codes.c.user_id == user_id))
            rows = [{"user_id": user_id, "code_hash": each} for each in code_hashes]
            connection.execute(insert(recovery_codes), rows)
            return True

        return self._database.write(replace)

    @override
    def recovery_codes_left(self, user_id: str) -> int:
        check_text(user_id, "user_id")
        counted = select(func.count()).where(recovery_codes.c.user_id == user_id)
        with self._database.reading() as connection:
            return connection.execute(counted).scalar_one()

    @override
    def use_recovery_code(self, user_id: str, tenant_id: str, code_hash: str) -> bool:
        for name, text in {"user_id": user_id, "tenant_id": tenant_id, "code_hash": code_hash}.items():
            check_text(text, name)
        is_code = (recovery_codes.c.user_id == user_id) & (recovery_codes.c.code_hash == code_hash)

        def use(connection: Connection) -> bool:
            if connection.execute(delete(recovery_codes).where(is_code)).rowcount == 0:
                return False
            connection.execute(delete(attempts).where(*is_count(user_id, tenant_id)))
            return True

        return self._database.write(use)

    @override
    def purge_used_codes(self, now_ms: int, limit: int) -> int:
        return self._purge(used_codes, now_ms, limit)

    @override
    def purge_totp_attempts(self, now_ms: int, limit: int) -> int:
        return self._purge(attempts, now_ms, limit)

    def _purge(self, table: Table, now_ms: int, limit: int) -> int:
        """Delete at most so many rows whose time is over."""
        is_over = table.c.until_ms <= now_ms
        key = tuple_(*table.primary_key.columns)
        # SQLite takes a negative limit for none.
        over = select(*table.primary_key.columns).where(is_over).order_by(table.c.until_ms).limit(max(limit, 0))
        # Said twice: what was extended after the inner query looked is looked at again.
        statement = delete(table).where(key.in_(over), is_over)
        return self._database.write(lambda connection: connection.execute(statement).rowcount, one_statement=True)


def locked_devices(connection: Connection, user_id: str) -> list[TOTPDevice]:
    """Return a user's devices, which stay as they are until the transaction ends."""
    return [TOTPDevice(**row) for row in connection.execute(LOCKED, {"of_user": user_id}).mappings()]


def is_device(user_id: str, name: str) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for one device."""
    return devices.c.user_id == user_id, devices.c.name == name


def is_count(user_id: str, tenant_id: str) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for the failures of a user in a tenant."""
    return attempts.c.user_id == user_id, attempts.c.tenant_id == tenant_id


def insertion(dialect: str, table: Table) -> Upsert:
    """Return the insertion of a row, in the dialect of the database: only those say what is there already."""
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as on_postgresql  # noqa: PLC0415  not for SQLite's users

        return on_postgresql(table)
    return sqlite.insert(table)


def counting(dialect: str) -> ReturningInsert[Any]:  # Any: rows have no static type
    """Return what counts a failure, and says how many there are; nothing where there were as many as there may be."""
    statement = insertion(dialect, attempts).values(
        user_id=bindparam("user_id"), tenant_id=bindparam("tenant_id"), failures=1, until_ms=bindparam("until_ms")
    )
    return statement.on_conflict_do_update(
        index_elements=[attempts.c.user_id, attempts.c.tenant_id],
        set_={"failures": case((IS_OVER, 1), else_=attempts.c.failures + 1), "until_ms": statement.excluded.until_ms},
        where=IS_OVER | (attempts.c.failures < MAX_FAILURES),
    ).returning(attempts.c.failures)


def using(dialect: str) -> ReturningInsert[Any]:  # Any: rows have no static type
    """Return what uses a code up, and says so; nothing where it is used."""
    statement = insertion(dialect, used_codes).values(
        user_id=bindparam("user_id"), code=bindparam("code"), until_ms=bindparam("until_ms")
    )
    return statement.on_conflict_do_update(
        index_elements=[used_codes.c.user_id, used_codes.c.code],
        set_={"until_ms": statement.excluded.until_ms},
        where=used_codes.c.until_ms <= bindparam("now_ms"),
    ).returning(used_codes.c.code)


IN_SQL: Final[SQLPart[TOTPStore]] = SQLPart(
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    revision="0001",
    store=SQLTOTP,
    sealed={"TOTP devices": devices, "recovery codes": recovery_codes},
    of_users=(devices.c.user_id, recovery_codes.c.user_id, used_codes.c.user_id, attempts.c.user_id),
    of_memberships=((attempts.c.tenant_id, attempts.c.user_id),),
)
