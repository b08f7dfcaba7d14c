"""What the number of users and sessions changes, on PostgreSQL."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from hashlib import md5

import attrs
import psycopg
from measure import interleaved, timed, verdict

from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.session.store import SESSIONS, SessionRecord
from authweave.storage import Storage
from authweave.storage.sql import open_storage
from tests.postgresql import private_server

CALLS = 40
COLUMNS = (
    "handle, user_id, recipe_user_id, tenant_id, generation, refresh_hash, previous_hash, confirmed_at_ms, "
    "anti_csrf_token, payload, data, created_at_ms, expires_at_ms, expires_day"
)
BAR = 1.5

# Ids and handles in no order, as they are.
USERS = """
INSERT INTO authweave_users SELECT md5('user' || n), false FROM generate_series(1, {users}) n;
INSERT INTO authweave_login_methods (recipe_user_id, user_id, recipe_id, tenant_id, email, verified, time_joined_ms)
SELECT md5('user' || n), md5('user' || n), 'emailpassword', 'public', 'user-' || n || '@example.com', false, n
FROM generate_series(1, {users}) n;
INSERT INTO authweave_login_tenants (recipe_user_id, tenant_id, user_id, recipe_id, email, email_domain,
    user_time_joined_ms)
SELECT md5('user' || n), 'public', md5('user' || n), 'emailpassword', 'user-' || n || '@example.com', 'example.com', n
FROM generate_series(1, {users}) n;
INSERT INTO authweave_passwords SELECT md5('user' || n), repeat('x', 97) FROM generate_series(1, {users}) n;
"""
SESSION_ROWS = """
COPY (SELECT md5('session' || n), md5('user' || (n % {users} + 1)), md5('user' || (n % {users} + 1)), 'public', 0,
    encode(sha256(n::text::bytea), 'hex'), NULL, 1700000000000 + n, NULL, '{{"iss":"http://127.0.0.1/auth"}}', '{{}}',
    1700000000000 + n, 4000000000000 + n, 4000000000000 / 86400000 FROM generate_series(1, {sessions}) n) TO STDOUT
"""

INDEXES = """
SELECT format('ALTER TABLE %s DROP CONSTRAINT %s', conrelid::regclass, conname),
    format('ALTER TABLE %s ADD CONSTRAINT %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE conrelid = 'authweave_sessions'::regclass
UNION ALL
SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
FROM pg_index WHERE indrelid = 'authweave_sessions'::regclass AND NOT indisprimary
"""


def measure_size(rounds: int, few: int, users: int, sessions: int) -> None:
    """Print what signing in and refreshing take among few and among many."""
    with ExitStack() as stack:
        server = stack.enter_context(private_server(durable=True))
        cases: dict[str, Callable[[], int]] = {}
        for user_count, session_count in ((few, few), (users, sessions)):
            url = server.new_store()
            fill(url, user_count, session_count)
            storage = stack.enter_context(closing(open_storage(url, parts=[PASSWORDS, SESSIONS])))
            work = Work(storage, user_count, session_count)
            for name, call in {"sign-in": work.sign_in, "refresh": work.refresh}.items():
                cases[f"{name}, {user_count:,} users, {session_count:,} sessions"] = timed(call, CALLS)
        found = interleaved(cases, rounds=rounds)
    for name, result in found.items():
        print(f"  {name:<50} {result.median_ns / CALLS / 1000:8.1f} us")
    few_in, few_refresh, many_in, many_refresh = found.values()
    of = f"with {users:,} users and {sessions:,} sessions, against {few:,}"
    print(verdict(f"sign-in (no hash) {of}", many_in.ratio_to(few_in), BAR))
    print(verdict(f"refresh {of}", many_refresh.ratio_to(few_refresh), BAR))


def fill(url: str, users: int, sessions: int) -> None:
    """Put so many users and sessions into a database."""
    started = time.monotonic()
    with psycopg.connect(url, autocommit=True) as connection, psycopg.connect(url) as source:
        made = connection.execute(INDEXES).fetchall()
        for drop, _ in made:  # made anew afterwards, which is much quicker
            connection.execute(drop.encode())
        connection.execute("SET maintenance_work_mem = '1GB'")
        connection.execute(USERS.format(users=users).encode())
        into = connection.cursor().copy(f"COPY authweave_sessions ({COLUMNS}) FROM STDIN")
        with into as target, source.cursor().copy(SESSION_ROWS.format(users=users, sessions=sessions).encode()) as rows:
            for block in rows:
                target.write(block)
        for _, make in reversed(made):
            connection.execute(make.encode())
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
    print(f"  filled with {users:,} users and {sessions:,} sessions in {time.monotonic() - started:.0f} s", flush=True)


@attrs.define
class Work:
    """What the store does for users drawn at random."""

    storage: Storage
    users: int
    sessions: int
    chance: random.Random = attrs.field(factory=lambda: random.Random(1))  # noqa: S311 (chooses users)
    made: int = 0

    def sign_in(self) -> None:
        """Look a user up by the address, and add a session."""
        email = f"user-{self.chance.randint(1, self.users)}@example.com"
        login = self.storage.part(PASSWORDS).find_password_login("public", email)
        assert login is not None
        assert self.storage.find_user(login.user_id) is not None
        self.made += 1
        self.storage.part(SESSIONS).create_session(
            SessionRecord(
                handle=f"{self.chance.getrandbits(128):032x}",
                user_id=login.user_id,
                recipe_user_id=login.recipe_user_id,
                tenant_id="public",
                refresh_hash=f"{self.chance.getrandbits(256):064x}",
                confirmed_at_ms=1,
                payload={"iss": "http://127.0.0.1/auth"},
                data={},
                created_at_ms=1,
                expires_at_ms=4_100_000_000_000 + self.made,
            )
        )

    def refresh(self) -> None:
        """Look a session up, and store its progress."""
        number = self.chance.randint(1, self.sessions)
        session = self.storage.part(SESSIONS).find_session(
            md5(f"session{number}".encode(), usedforsecurity=False).hexdigest()
        )
        assert session is not None
        assert self.storage.part(SESSIONS).advance_session(
            attrs.evolve(
                session,
                generation=session.generation + 1,
                refresh_hash=f"{self.chance.getrandbits(256):064x}",
                previous_hash=session.refresh_hash,
                confirmed_at_ms=session.confirmed_at_ms + 1,
                expires_at_ms=session.expires_at_ms + 3_600_000,
            ),
            from_generation=session.generation,
        )
