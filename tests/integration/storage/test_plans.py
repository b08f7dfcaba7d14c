"""How the databases find rows: each query that the store asks goes through an index, so that it does not grow."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import psycopg
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry
from typing_extensions import override

from authweave.events.store import EVENTS, EventQuery, EventStore
from authweave.events.store.contract import an_event
from authweave.one_time_tokens import ONE_TIME_TOKENS, OneTimeTokenStore
from authweave.one_time_tokens.store.contract import a_token
from authweave.recipe.attempts.store import ATTEMPTS, AttemptStore
from authweave.recipe.emailpassword.store import PASSWORDS, PasswordStore
from authweave.recipe.emailpassword.store.contract import a_login
from authweave.recipe.emailverification.store import VERIFIED_EMAILS, VerifiedEmailStore
from authweave.recipe.passwordless.store import PASSWORDLESS_CODES, PasswordlessCodeStore
from authweave.recipe.passwordless.store.contract import ANN, BOB, a_code
from authweave.recipe.passwordless.store.contract import a_device as a_browser
from authweave.recipe.passwordless.store.contract import a_login as a_login_by_code
from authweave.recipe.session.store import SESSIONS, SessionStore
from authweave.recipe.session.store.contract import a_session
from authweave.recipe.thirdparty.store import THIRD_PARTIES, ThirdPartyStore
from authweave.recipe.thirdparty.store.contract import a_tenant_provider, a_third_party_login, provider_tokens_of
from authweave.recipe.totp.store import TOTP_DEVICES, TOTPStore
from authweave.recipe.totp.store.contract import NOW_MS, a_device, a_use
from authweave.recipe.webauthn.store import WEBAUTHN, PasskeyStore
from authweave.recipe.webauthn.store.contract import a_passkey, a_passkey_login, some_options
from authweave.storage import (
    AccountInfo,
    Place,
    Storage,
    StorageOptions,
    UserIdMapping,
    UserListing,
    UserSearch,
)
from authweave.storage.sql._database import Database
from authweave.storage.sql._history import histories_of
from authweave.storage.sql._migrate import make_ready
from authweave.storage.sql._storage import SQLStorage, backend_for
from authweave.storage.sql._url import parse_url
from authweave.testing.storage_contract import a_key
from tests.stores import PARTS

ASK_NOTHING = {"close", "part", "parts", "running_transaction", "transact", "transaction"}
"""Of a store's methods."""

READ_WHOLE = {"signing_keys"}
"""A handful of rows, of which all are wanted."""

SELDOM = {"delete_tenant"}
"""An index by tenant would cost every session, and a tenant goes once."""

SCANNED_ON_SQLITE = {"create_tenant", "find_tenant", "tenant_ids"}
"""
All tenants are wanted. Or ids are compared without case: tenants are made seldom, and looked for so only where none is
written as asked. PostgreSQL scans the index of their ids.
"""


def add_tokens(store: OneTimeTokenStore) -> None:
    """Add one-time tokens, so many that the first go."""
    for number in range(4):
        store.add_token(a_token(number), at_most=2)


def add_devices(totp: TOTPStore, passwordless: PasswordlessCodeStore) -> None:
    """Add devices that make codes, of one name, and those that codes were sent for."""
    for _ in range(2):
        totp.add_device(a_device(1))
    for number in range(4):
        passwordless.add_device(a_browser(number, client=f"client-{number % 3}"), a_code(1, device=number))


def add_options(store: PasskeyStore) -> None:
    """Add options of passkeys, so many that the first go."""
    for number in range(4):
        store.add_options(some_options(number, client="a"), at_most=2)


SEARCHES = (
    UserSearch(),
    UserSearch(emails=("ada", "bob@")),
    UserSearch(phone_numbers=("+49",), providers=("google",)),
    UserSearch(providers=("google",)),
)

CALLS: Mapping[str, Callable[[Storage], object]] = {
    "create_tenant": lambda storage: storage.create_tenant("other"),
    "find_tenant": lambda storage: storage.find_tenant("OTHER"),
    "tenant_exists": lambda storage: storage.tenant_exists("other"),
    "create_user_with_password": lambda storage: storage.part(PASSWORDS).create_user_with_password(a_login(1)),
    "find_password_login": lambda storage: storage.part(PASSWORDS).find_password_login("public", "user-1@example.com"),
    "find_password_user": lambda storage: storage.part(PASSWORDS).find_password_user("public", "user-1@example.com"),
    "has_password_hash": lambda storage: storage.part(PASSWORDS).has_password_hash(a_login(1)),
    "find_password_login_by_id": lambda storage: storage.part(PASSWORDS).find_password_login_by_id("method-1"),
    "find_login_method": lambda storage: storage.find_login_method("method-1"),
    "find_user": lambda storage: (storage.find_user("user-1"), storage.find_user("method-1")),
    "update_password_login": lambda storage: storage.part(PASSWORDS).update_password_login(
        "method-1", email="new@example.com", password_hash="new", from_hash="hash-1"
    ),
    "sign_in_or_up": lambda storage: [
        *(
            storage.part(THIRD_PARTIES).sign_in_or_up(a_third_party_login(2, verified=verified))
            for verified in (True, True, False)
        ),
        *(
            storage.part(PASSWORDLESS_CODES).sign_in_or_up(a_login_by_code(number, contact), contact)
            for number, contact in ((7, ANN), (8, BOB), (9, ANN))
        ),
    ],
    "find_passwordless_login": lambda storage: [
        storage.part(PASSWORDLESS_CODES).find_passwordless_login("public", contact) for contact in (ANN, BOB)
    ],
    "find_passwordless_login_by_id": lambda storage: storage.part(PASSWORDLESS_CODES).find_passwordless_login_by_id(
        "user-7"
    ),
    "update_passwordless_login": lambda storage: [
        storage.part(PASSWORDLESS_CODES).update_passwordless_login(
            "user-7", email="ann@example.com", phone_number="+49301", verified=verified
        )
        for verified in (False, True)
    ],
    "find_third_party_login": lambda storage: storage.part(THIRD_PARTIES).find_third_party_login(
        "public", "provider", "", "subject-1"
    ),
    "set_tenant_provider": lambda storage: [
        storage.part(THIRD_PARTIES).set_tenant_provider(a_tenant_provider("provider")) for _ in "12"
    ],
    "tenant_providers": lambda storage: storage.part(THIRD_PARTIES).tenant_providers("public"),
    "find_third_party_login_by_id": lambda storage: storage.part(THIRD_PARTIES).find_third_party_login_by_id(
        "method-2"
    ),
    "keep_provider_tokens": lambda storage: [
        storage.part(THIRD_PARTIES).keep_provider_tokens(provider_tokens_of(2, refresh_token=refresh_token))
        for refresh_token in ("refresh", "refresh", None)
    ],
    "find_provider_tokens": lambda storage: [
        storage.part(THIRD_PARTIES).find_provider_tokens("user-2", "provider", recipe_user_id)
        for recipe_user_id in (None, "method-2")
    ],
    "lease_provider_tokens": lambda storage: storage.part(THIRD_PARTIES).lease_provider_tokens(
        provider_tokens_of(2), 1, 2
    ),
    "end_lease_of_provider_tokens": lambda storage: storage.part(THIRD_PARTIES).end_lease_of_provider_tokens(
        provider_tokens_of(2), 2
    ),
    "renew_provider_tokens": lambda storage: storage.part(THIRD_PARTIES).renew_provider_tokens(
        provider_tokens_of(2), "access", "refresh"
    ),
    "withdraw_provider_tokens": lambda storage: storage.part(THIRD_PARTIES).withdraw_provider_tokens(
        provider_tokens_of(2)
    ),
    "add_weights": lambda storage: storage.part(ATTEMPTS).add_weights({"a": 1, "b": 1, "c": 1}, 1, longest_ms=9),
    "set_moments": lambda storage: storage.part(ATTEMPTS).set_moments({"a": 1, "d": 1}),
    "moments": lambda storage: storage.part(ATTEMPTS).moments(["a", "b", "c", "d"]),
    "purge_expired_attempts": lambda storage: storage.part(ATTEMPTS).purge_expired_attempts(2, 10),
    "create_session": lambda storage: [
        storage.part(SESSIONS).create_session(a_session(number), at_most=at_most)
        for number, at_most in ((2, None), (3, 1), (1, 2))
    ],
    "find_session": lambda storage: storage.part(SESSIONS).find_session("handle-1"),
    "advance_session": lambda storage: storage.part(SESSIONS).advance_session(a_session(1), from_generation=0),
    "change_session_payload": lambda storage: storage.part(SESSIONS).change_session_payload("handle-1", dict),
    "update_session_data": lambda storage: storage.part(SESSIONS).update_session_data("handle-1", {}),
    "session_handles_of_user": lambda storage: [
        storage.part(SESSIONS).session_handles_of_user("user-1", tenant_id, 0) for tenant_id in (None, "public")
    ],
    "purge_expired_sessions": lambda storage: storage.part(SESSIONS).purge_expired_sessions(1, 10),
    "revoke_session": lambda storage: storage.part(SESSIONS).revoke_session("handle-1"),
    "revoke_sessions_of_user": lambda storage: [
        storage.part(SESSIONS).revoke_sessions_of_user("user-1", tenant_id) for tenant_id in (None, "public")
    ],
    "add_signing_key": lambda storage: [storage.add_signing_key(a_key("static", kid)) for kid in ("s-1", "s-2")],
    "signing_keys": lambda storage: storage.signing_keys(),
    "remove_signing_key": lambda storage: storage.remove_signing_key("s-1"),
    "list_users": lambda storage: [
        storage.list_users(
            UserListing(tenant_id="public", limit=2, newest_first=newest_first, start=start, search=search)
        )
        for newest_first in (False, True)
        for start in (None, Place(1, "user-1"))
        for search in SEARCHES
    ],
    "find_users": lambda storage: [
        storage.find_users("public", AccountInfo(email="e", phone_number="p", identity=("t", "s")), union=union)
        for union in (False, True)
    ],
    "count_users": lambda storage: [storage.count_users("public", each) for each in (None, frozenset({"thirdparty"}))],
    "create_primary_user": lambda storage: storage.create_primary_user("method-1"),
    "link_accounts": lambda storage: storage.link_accounts("method-2", "user-1"),
    "add_to_tenant": lambda storage: [storage.add_to_tenant(each, "other") for each in ("method-1", "method-2")],
    "remove_from_tenant": lambda storage: storage.remove_from_tenant("method-2", "other"),
    "unlink_account": lambda storage: storage.unlink_account("method-2", now_ms=1),
    "set_disabled": lambda storage: [storage.set_disabled("user-1", at_ms) for at_ms in (1, None)],
    "create_user_id_mapping": lambda storage: storage.create_user_id_mapping(
        UserIdMapping(user_id="user-1", external_user_id="mine")
    ),
    "find_user_id_mapping": lambda storage: storage.find_user_id_mapping("mine"),
    "set_user_id_mapping_info": lambda storage: storage.set_user_id_mapping_info("mine", "ANY", "noted"),
    "delete_user_id_mapping": lambda storage: storage.delete_user_id_mapping("mine"),
    "delete_user": lambda storage: storage.delete_user("user-1", now_ms=1),
    "purge_barred_users": lambda storage: storage.purge_barred_users(1, 10),
    "add_events": lambda storage: storage.part(EVENTS).add_events([an_event(1)], 1),
    "find_events": lambda storage: [
        storage.part(EVENTS).find_events(query, 0) for query in (EventQuery(), EventQuery(user_id="u", kind="sign_in"))
    ],
    "purge_expired_events": lambda storage: storage.part(EVENTS).purge_expired_events(1, 10),
    "mark_verified": lambda storage: [
        storage.part(VERIFIED_EMAILS).mark_verified("method-1", email, 1)
        for email in ("new@example.com", "a@example.com")
    ],
    "is_verified": lambda storage: storage.part(VERIFIED_EMAILS).is_verified("method-1", "a@example.com"),
    "settle": lambda storage: storage.part(VERIFIED_EMAILS).settle("method-1", 1),
    "unverify": lambda storage: storage.part(VERIFIED_EMAILS).unverify("method-1", "a@example.com"),
    "add_token": lambda storage: add_tokens(storage.part(ONE_TIME_TOKENS)),
    "find_token": lambda storage: storage.part(ONE_TIME_TOKENS).find_token("reset", "public", "hash-2"),
    "consume_token": lambda storage: [
        storage.part(ONE_TIME_TOKENS).consume_token("reset", "public", f"hash-{number}", 2_002, voids="address")
        for number in (2, 3)
    ],
    "revoke_tokens": lambda storage: [
        storage.part(ONE_TIME_TOKENS).revoke_tokens("reset", "user-1", email) for email in ("a@example.com", None)
    ],
    "purge_expired_tokens": lambda storage: storage.part(ONE_TIME_TOKENS).purge_expired_tokens(1, 10),
    "add_device": lambda storage: add_devices(storage.part(TOTP_DEVICES), storage.part(PASSWORDLESS_CODES)),
    "add_code": lambda storage: [
        storage.part(PASSWORDLESS_CODES).add_code("public", a_code(number), at_most=2) for number in (2, 2, 3)
    ],
    "find_device": lambda storage: storage.part(PASSWORDLESS_CODES).find_device("public", "device-1"),
    "find_devices": lambda storage: storage.part(PASSWORDLESS_CODES).find_devices("public", ANN),
    "try_code": lambda storage: [
        storage.part(PASSWORDLESS_CODES).try_code("public", "device-1", f"hash-{number}", 1, max_failures=2)
        for number in (3, 0, 0)
    ],
    "delete_code": lambda storage: storage.part(PASSWORDLESS_CODES).delete_code("public", "code-2-1"),
    "create_user_with_passkey": lambda storage: storage.part(WEBAUTHN).create_user_with_passkey(
        a_passkey_login(70), a_passkey(70)
    ),
    "add_passkey": lambda storage: storage.part(WEBAUTHN).add_passkey(a_passkey(71, of=70)),
    "find_passkey": lambda storage: storage.part(WEBAUTHN).find_passkey("passkey-70"),
    "note_use": lambda storage: storage.part(WEBAUTHN).note_use("passkey-70", 1),
    "list_passkeys": lambda storage: storage.part(WEBAUTHN).list_passkeys("user-70"),
    "find_passkey_login": lambda storage: storage.part(WEBAUTHN).find_passkey_login("public", "user-70@example.com"),
    "is_passkey_login": lambda storage: storage.part(WEBAUTHN).is_passkey_login("user-70"),
    "update_passkey_email": lambda storage: storage.part(WEBAUTHN).update_passkey_email("user-70", "new-70@x.com"),
    "remove_passkey": lambda storage: storage.part(WEBAUTHN).remove_passkey("user-70", "passkey-71"),
    "remove_other_passkeys": lambda storage: storage.part(WEBAUTHN).remove_other_passkeys("user-70", "passkey-70"),
    "add_options": lambda storage: add_options(storage.part(WEBAUTHN)),
    "find_options": lambda storage: storage.part(WEBAUTHN).find_options("options-3"),
    "use_options": lambda storage: storage.part(WEBAUTHN).use_options("options-3", "registration", NOW_MS),
    "remove_options": lambda storage: storage.part(WEBAUTHN).remove_options("public", "options-2"),
    "purge_expired_options": lambda storage: storage.part(WEBAUTHN).purge_expired_options(1, 10),
    "devices_of_user": lambda storage: storage.part(TOTP_DEVICES).devices_of_user("user-1"),
    "lock_devices": lambda storage: storage.part(TOTP_DEVICES).lock_devices("user-1"),
    "rename_device": lambda storage: storage.part(TOTP_DEVICES).rename_device("user-1", "device-1", "new"),
    "begin_attempt": lambda storage: [
        storage.part(TOTP_DEVICES).begin_attempt("user-1", "public", NOW_MS) for _ in range(6)
    ],
    "use_code": lambda storage: [
        storage.part(TOTP_DEVICES).use_code(a_use(a_device(1)), NOW_MS),
        storage.part(PASSWORDLESS_CODES).use_code("public", "device-3", "hash-1", 1, max_failures=2),
    ],
    "revoke_codes": lambda storage: storage.part(PASSWORDLESS_CODES).revoke_codes("public", ANN),
    "purge_expired_codes": lambda storage: storage.part(PASSWORDLESS_CODES).purge_expired_codes(1, 10),
    "replace_recovery_codes": lambda storage: storage.part(TOTP_DEVICES).replace_recovery_codes("user-1", ["a"]),
    "recovery_codes_left": lambda storage: storage.part(TOTP_DEVICES).recovery_codes_left("user-1"),
    "use_recovery_code": lambda storage: storage.part(TOTP_DEVICES).use_recovery_code("user-1", "public", "a"),
    "purge_used_codes": lambda storage: storage.part(TOTP_DEVICES).purge_used_codes(1, 10),
    "purge_totp_attempts": lambda storage: storage.part(TOTP_DEVICES).purge_totp_attempts(1, 10),
    "remove_device": lambda storage: storage.part(TOTP_DEVICES).remove_device("user-1", "new"),
    "remove_tenant_provider": lambda storage: storage.part(THIRD_PARTIES).remove_tenant_provider("public", "provider"),
    "tenant_ids": lambda storage: storage.tenant_ids(),
    "delete_tenant": lambda storage: storage.delete_tenant("other"),
}
"""Each method of a store, called so that it asks all its queries; in an order in which they find something."""

Asked = list[tuple[str, Any]]  # Any: parameters, as the driver has them


def test_every_method_of_a_store_is_called() -> None:
    """A new one has to be entered above."""
    stores = (
        Storage,
        SessionStore,
        PasswordStore,
        ThirdPartyStore,
        AttemptStore,
        EventStore,
        OneTimeTokenStore,
        VerifiedEmailStore,
        PasswordlessCodeStore,
        TOTPStore,
        PasskeyStore,
    )
    methods = {name for store in stores for name in dir(store) if not name.startswith("_")}
    assert methods - ASK_NOTHING == set(CALLS)


def recorded(url: str, watch: Callable[[Any, Asked], None]) -> dict[str, Asked]:  # Any: a driver's connection
    """Call each method, and return the statements that each has made the driver execute."""
    backend = backend_for(parse_url(url), StorageOptions())
    asked: Asked = []

    def connected(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        watch(connection, asked)

    event.listen(backend.engine, "connect", connected)
    backend.before_first_use()
    make_ready(backend, histories_of(PARTS), migrate=True)
    storage = SQLStorage(Database(backend), PARTS)
    by_method: dict[str, Asked] = {}
    for name, call in CALLS.items():
        asked.clear()
        call(storage)
        by_method[name] = list(asked)
    storage.close()
    return by_method


def asks(sql: str) -> bool:
    """Return whether a statement looks for rows."""
    return sql.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE"))


def test_sqlite_uses_an_index_for_each_query(tmp_path: Path) -> None:
    """No step of a plan reads a whole table."""
    url = f"sqlite:///{tmp_path}/auth.db"

    def watch(connection: sqlite3.Connection, asked: Asked) -> None:
        connection.set_trace_callback(lambda sql: asked.append((sql, ())))

    by_method = recorded(url, watch)
    connection = sqlite3.connect(tmp_path / "auth.db")
    scans = {
        name: [step for sql, _ in asked if asks(sql) for step in sqlite_plan(connection, sql) if is_scan(step)]
        for name, asked in by_method.items()
    }
    connection.close()
    assert all(by_method.values())
    assert {name for name, steps in scans.items() if steps} == READ_WHOLE | SELDOM | SCANNED_ON_SQLITE


def is_scan(step: str) -> bool:
    """Return whether a step of SQLite's reads a whole table; one row, and what a subquery has found, are none."""
    return step.startswith("SCAN") and step != "SCAN CONSTANT ROW" and not step.startswith("SCAN anon_")


def sqlite_plan(connection: sqlite3.Connection, sql: str) -> list[str]:
    """Return the steps of a plan."""
    steps = [str(step[-1]) for step in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert steps
    return steps


def test_postgresql_uses_an_index_for_each_query(postgresql_url: str) -> None:
    """No node of a plan reads a whole table, where the planner is told that that would be dear."""

    def watch(connection: psycopg.Connection, asked: Asked) -> None:
        class Recording(psycopg.Cursor[Any]):  # Any: a row
            @override
            def execute(self, query: Any, params: Any = None, **options: Any) -> Recording:
                asked.append((query.decode() if isinstance(query, bytes) else query, params))
                return super().execute(query, params, **options)

        connection.cursor_factory = Recording

    by_method = recorded(postgresql_url, watch)
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("SET enable_seqscan = off")
        scans = {
            name: [
                node
                for sql, parameters in asked
                if asks(sql)
                for node in postgresql_plan(connection, sql, parameters)
                if node["Node Type"] == "Seq Scan"
            ]
            for name, asked in by_method.items()
        }
    assert all(by_method.values())
    assert {name for name, nodes in scans.items() if nodes} == READ_WHOLE | SELDOM


def postgresql_plan(connection: psycopg.Connection, sql: str, parameters: object) -> Iterator[dict[str, Any]]:
    """Return the nodes of a plan."""
    explained = f"EXPLAIN (FORMAT JSON) {sql}".encode()
    (row,) = connection.execute(explained, cast("Any", parameters)).fetchall()  # as SQLAlchemy hands them over
    waiting: list[dict[str, Any]] = [row[0][0]["Plan"]]
    while waiting:
        node = waiting.pop()
        waiting += node.get("Plans", [])
        yield node


def test_a_missing_index_would_be_seen(postgresql_url: str, tmp_path: Path) -> None:
    """Without the index on users both plans read the whole table."""
    sql = "SELECT handle FROM authweave_sessions WHERE user_id = 'x'"
    with psycopg.connect(postgresql_url, autocommit=True) as server:
        server.execute("SET enable_seqscan = off")
        server.execute("DROP INDEX ix_authweave_sessions_user_id")
        assert "Seq Scan" in [node["Node Type"] for node in postgresql_plan(server, sql, None)]
    file = sqlite3.connect(tmp_path / "auth.db")
    file.execute("CREATE TABLE authweave_sessions (handle TEXT PRIMARY KEY, user_id TEXT)")
    assert any(is_scan(step) for step in sqlite_plan(file, sql))
    file.close()
