"""What is exported and imported again is the same."""

from __future__ import annotations

import base64
import io
import json
import os
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from functools import cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeAlias

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from authweave.moving import ImportOptions, LinesFile, export_users, import_users
from authweave.recipe.totp.sealed_secrets import SealedSecrets
from authweave.security import ServerSecret
from authweave.storage import StorageOptions
from authweave.storage.sql import SQLStorage, open_storage
from tests.authenticator import base64url, cose_key
from tests.postgresql import Server
from tests.stores import PARTS

pytestmark = pytest.mark.property

Lines: TypeAlias = list[dict[str, Any]]  # Any: as JSON is

SECRETS: Final = SealedSecrets(ServerSecret(b"s" * 32), os.urandom)
ED25519: Final = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()
RSA: Final = rsa.RSAPublicNumbers(65537, (1 << 2047) + 1)
PUBLIC_KEYS: Final = (
    base64url(cose_key(ec.derive_private_key(7, ec.SECP256R1()))),
    base64url(
        cbor2.dumps(
            {1: 1, 3: -8, -1: 6, -2: Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()}
        )
    ),
    base64url(cbor2.dumps({1: 3, 3: -257, -1: RSA.n.to_bytes(256, "big"), -2: RSA.e.to_bytes(3, "big")})),
)
HASHES = ("$2b$04$" + "." * 53, "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$" + "A" * 43, None)

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
kept_values = json_values.filter(lambda value: value is not None)  # by which a key is removed
times = st.integers(0, 2_000_000_000_000)
binary = st.binary(min_size=1, max_size=64).map(base64url)
devices = st.fixed_dictionaries(
    {
        "name": texts,
        "secret": st.binary(min_size=14, max_size=64).map(lambda data: base64.b32encode(data).decode().rstrip("=")),
        "period_s": st.integers(1, 3600),
        "skew": st.integers(0, 10),
        "created_at_ms": times,
    }
)
passkeys = st.fixed_dictionaries(
    {
        "credential_id": binary,
        "relying_party_id": texts,
        "public_key": st.sampled_from(PUBLIC_KEYS),
        "sign_count": st.integers(0, 2**32 - 1),
        "created_at_ms": times,
    },
    optional={"user_handle": binary},
)


@st.composite
def logins(draw: st.DrawFn, number: int, made: Iterator[dict[str, Any]]) -> Lines:  # Any: as JSON is
    """Return the logins of a user, the oldest first; ``made`` are passkeys that nobody has yet."""
    found: Lines = []
    for place in range(draw(st.integers(1, 3))):
        shared: dict[str, Any] = {  # Any: as JSON is
            "id": f"{number}-{place}-" + draw(texts),
            "tenant": "public",
            "email": f"user-{number}-{place}@example.com",
            "verified": draw(st.booleans()),
            "time_joined_ms": draw(times),
        }
        recipe = draw(st.sampled_from(["emailpassword", "thirdparty", "passwordless", "webauthn"]))
        if recipe == "emailpassword":
            password_hash = draw(st.sampled_from(HASHES))
            shared |= {} if password_hash is None else {"password_hash": password_hash}
        elif recipe == "thirdparty":
            subject = f"{number}-{place}-" + draw(texts)
            shared |= {"provider": draw(texts), "issuer": draw(texts | st.just("")), "subject": subject}
        elif recipe == "webauthn" and (own := list(islice(made, draw(st.integers(0, 3))))):
            shared["passkeys"] = sorted(own, key=lambda each: (each["created_at_ms"], each["credential_id"]))
        found.append({"recipe": recipe, **shared})
    return sorted(found, key=lambda login: (login["time_joined_ms"], login["id"]))


@st.composite
def users(draw: st.DrawFn) -> Lines:
    """Return users that do not collide, as lines."""
    lines: Lines = []
    made = iter(draw(st.lists(passkeys, max_size=6, unique_by=lambda passkey: passkey["credential_id"])))
    for number in range(draw(st.integers(0, 4))):
        own_logins = draw(logins(number, made))
        # Who has several login methods is a primary user.
        is_primary = len(own_logins) > 1 or draw(st.booleans())
        line: dict[str, Any] = {"version": 1, "id": f"user-{number}-" + draw(texts), "is_primary": is_primary}
        if draw(st.booleans()):
            line["external_id"] = f"external-{number}-" + draw(texts)
        if draw(st.booleans()):
            line["disabled_at_ms"] = draw(times.filter(bool))
        if names := sorted(draw(st.sets(texts.map(str.strip).filter(bool), max_size=3))):
            line["roles"] = {"public": names}
        if metadata := draw(st.dictionaries(st.text(max_size=5), kept_values, max_size=3)):
            line["metadata"] = metadata
        if own := draw(st.lists(devices, max_size=3, unique_by=lambda device: device["name"])):
            line["totp_devices"] = sorted(own, key=lambda each: (each["created_at_ms"], each["name"]))
        lines.append({**line, "logins": own_logins})
    return lines


@cache
def empty_database() -> bytes:
    """Return a database that has the tables and nothing in them: migrations take longer than all the rest."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        open_storage(f"sqlite:///{file}", parts=PARTS).close()
        return file.read_bytes()


@contextmanager
def new_file() -> Generator[SQLStorage]:
    """Open a new store in a file."""
    with TemporaryDirectory() as folder:
        database = Path(folder) / "auth.db"
        database.write_bytes(empty_database())
        with closing(open_storage(f"sqlite:///{database}", StorageOptions(migrate=False), PARTS)) as storage:
            yield storage


def stored(lines: Lines, storage: SQLStorage) -> Lines:
    """Import lines into an empty store, and return what it exports."""
    file = io.BytesIO("".join(json.dumps(line) + "\n" for line in lines).encode())
    faults: list[tuple[int, str]] = []
    import_users(
        LinesFile(file, "test"),
        storage,
        storage.clock,
        ImportOptions(),
        on_begin=lambda _: None,
        on_fault=lambda line, reason: faults.append((line, reason)),
        on_progress=lambda _done, _counts: None,
        seal=SECRETS.seal,
    )
    assert not faults
    return [dict(line) for line in export_users(storage, SECRETS.secret_of)]


def in_order(lines: Lines) -> Lines:
    """Sort users by id."""
    return sorted(lines, key=lambda line: line["id"])


@settings(max_examples=25)
@given(users())
def test_a_round_trip_changes_nothing(lines: Lines) -> None:
    """Each user comes out as it went in, sorted by id, and goes in again."""
    with new_file() as storage:
        once = stored(lines, storage)
    assert in_order(once) == in_order(lines)
    with new_file() as storage:
        assert stored(once, storage) == once


def test_a_round_trip_on_postgresql_changes_nothing(postgresql: Server, postgresql_url: str) -> None:
    """The same there, in one database that is emptied again and again."""

    @settings(max_examples=8, deadline=None)
    @given(users())
    def check(lines: Lines) -> None:
        postgresql.empty(postgresql_url)
        assert in_order(stored(lines, storage)) == in_order(lines)

    with closing(open_storage(postgresql_url, StorageOptions(migrate=True), PARTS)) as storage:
        check()
