"""``authweave user import --from``: tables and files that other systems have made."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from typer.testing import CliRunner

from authweave.cli._main import commands
from authweave.moving.readers._asked import Asked
from authweave.moving.readers._supertokens import open_supertokens
from authweave.security import PasswordHasher
from tests.authenticator import base64url, cose_key
from tests.postgresql import Server

from .elsewhere import RECORDED, restored

VECTORS: dict[str, Any] = json.loads(  # Any: as JSON is
    (Path(__file__).parents[2] / "unit" / "security" / "hashes" / "vectors.json").read_bytes()
)
PASSWORD = "pässword 1"
DEVICE = {"name": "phone", "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "period_s": 30, "skew": 1}
PASSKEY = {
    "credential_id": "AAECAwQFBgcICQoLDA0ODw",
    "relying_party_id": "localhost",
    "public_key": base64url(cose_key(ec.derive_private_key(7, ec.SECP256R1()))),
    "sign_count": 5,
    "created_at_ms": 1_700_000_000_009,
}

Users = dict[str, dict[str, Any]]  # Any: as JSON is


@pytest.fixture
def elsewhere(postgresql: Server) -> Iterator[Callable[[str], str]]:
    """Return what makes a database of what was recorded of a system, and returns its URL."""
    with ExitStack() as stack:
        yield lambda name: stack.enter_context(restored(name, postgresql))


def import_from(system: str, source: str, store: Path, *options: str) -> tuple[int, Users, dict[int, str]]:
    """Import with the command, twice; return the exit status, the users and the faults."""
    runner, url, report = CliRunner(), f"sqlite:///{store}", store.with_suffix(".report")
    arguments = ["user", "import", source, "--from", system, "--storage", url, "--report", str(report), *options]
    first = runner.invoke(commands, arguments)
    assert first.exit_code in {0, 3}, first.output
    again = runner.invoke(commands, arguments)
    assert "0 users imported" in again.output
    assert again.exit_code == first.exit_code
    exported = runner.invoke(commands, ["user", "export", "-", "--storage", url])
    assert exported.exit_code == 0, exported.output
    lines = [json.loads(line) for line in exported.stdout.splitlines()]
    faults = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    return first.exit_code, {line["id"]: line for line in lines}, {each["line"]: each["reason"] for each in faults}


def matches(login: Mapping[str, Any], password: str, signer_key: str | None = None) -> bool:  # Any: as JSON is
    """Return whether the hash of a login is that of a password."""
    hasher = PasswordHasher(memory_kib=8, time_cost=1, firebase_signer_key=signer_key)
    try:
        return asyncio.run(hasher.verify(login["password_hash"], password))
    finally:
        hasher.close()


def login(users: Users, user_id: str, recipe: str, number: int = 0) -> dict[str, Any]:  # Any: as JSON is
    """Return a login of a user."""
    logins: list[dict[str, Any]] = users[user_id]["logins"]  # Any: as JSON is
    return [each for each in logins if each["recipe"] == recipe][number]


def test_django_and_allauth(elsewhere: Callable[[str], str], tmp_path: Path) -> None:
    """Hashes, groups, verified addresses, social accounts and who is inactive; md5 and no address are faults."""
    status, users, faults = import_from("django", elsewhere("django"), tmp_path / "auth.db")
    assert status == 3
    assert sorted(users) == ["1", "2"]
    ada = login(users, "1", "emailpassword")
    assert (ada["id"], ada["email"], ada["verified"]) == ("1", "ada@example.com", True)
    assert matches(ada, PASSWORD)
    assert users["1"]["roles"] == {"public": ["editors"]}
    assert users["1"]["metadata"] == {"username": "ada", "first_name": "Ada", "last_name": "Lovelace"}
    assert ada["time_joined_ms"] == 1795821421846
    assert "password_hash" not in login(users, "2", "emailpassword")
    google, github = login(users, "2", "thirdparty", 0), login(users, "2", "thirdparty", 1)
    assert (google["provider"], google["subject"], google["email"]) == ("google", "1089", "bob@gmail.com")
    assert (google["issuer"], google["verified"]) == ("https://accounts.google.com", True)
    assert (github["provider"], github["issuer"], github["verified"]) == ("github", "", False)
    assert "disabled_at_ms" in users["2"]
    assert "it has no login" in faults[3]
    assert "cannot be verified" in faults[4]
    assert "14c38e2e" not in faults[4]


def test_a_user_whose_hash_is_of_no_use_can_come_without_a_password(
    elsewhere: Callable[[str], str], tmp_path: Path
) -> None:
    """With the option the user is there, and sets a password by a reset."""
    _, users, faults = import_from("django", elsewhere("django"), tmp_path / "auth.db", "--without-unknown-hashes")
    assert "password_hash" not in login(users, "4", "emailpassword")
    assert list(faults) == [3]


def test_fastapi_users(elsewhere: Callable[[str], str], tmp_path: Path) -> None:
    """Ids as text, hashes, accounts at providers, and who is inactive or superuser."""
    status, users, _ = import_from("fastapi-users", elsewhere("fastapi-users"), tmp_path / "auth.db")
    one, two = (f"00000000-0000-0000-0000-00000000000{number}" for number in (1, 2))
    assert (status, sorted(users)) == (0, [one, two])
    assert matches(login(users, one, "emailpassword"), PASSWORD)
    assert login(users, one, "emailpassword")["verified"]
    assert login(users, two, "emailpassword")["email"] == "bob@example.com"
    assert login(users, two, "thirdparty")["subject"] == "1089"
    assert users[two]["disabled_at_ms"] > 0
    assert users[two]["metadata"] == {"is_superuser": True}


def test_better_auth(elsewhere: Callable[[str], str], tmp_path: Path) -> None:
    """Hashes of scrypt over NFKC, accounts, roles and bans."""
    status, users, _ = import_from("better-auth", elsewhere("better-auth"), tmp_path / "auth.db")
    assert status == 0
    ada, bob = "AGSfOluIhUyWoE1CMThl8VfPkGwn8U8O", "WjnuR3vz5xN213edFuhoiYWbqcLawMXq"
    assert matches(login(users, ada, "emailpassword"), "pässword fi 1")  # typed without the ligature
    assert users[ada]["metadata"] == {"name": "Ada"}
    assert users[bob]["roles"] == {"public": ["admin", "user"]}
    assert (login(users, bob, "thirdparty")["subject"], login(users, bob, "emailpassword")["verified"]) == (
        "1089",
        True,
    )
    assert "disabled_at_ms" in users[bob]


def test_a_supertokens_core(elsewhere: Callable[[str], str], tmp_path: Path) -> None:
    """Linked logins, tenants, mapped ids, verified addresses, roles, metadata and passkeys; no other application."""
    url = elsewhere("supertokens")
    status, users, faults = import_from("supertokens", url, tmp_path / "auth.db", "--create-tenants")
    one, two, three, four = (f"{digit * 8}-{digit * 4}-4{digit * 3}-8{digit * 3}-{digit * 12}" for digit in "1234")
    assert (status, sorted(users)) == (3, [one, three, four])
    assert list(faults) == [4]
    assert faults[4].startswith("logins[0]: passkeys[0]: 'public_key' has to be the COSE key")
    ada = users[one]
    assert (ada.get("external_id", "external-1"), ada["is_primary"]) == ("external-1", True)
    assert ada["roles"] == {"public": ["admin"], "second": ["editor"]}
    assert ada["metadata"] == {"plan": "pro"}
    first = login(users, one, "emailpassword")
    assert (first["id"], first["tenants"], first["verified"]) == (one, ["public", "second"], True)
    assert [each["recipe"] for each in ada["logins"]].count("emailpassword") == 1
    assert matches(first, VECTORS["password"])
    assert (login(users, one, "thirdparty")["id"], login(users, one, "thirdparty")["verified"]) == (two, True)
    assert login(users, three, "passwordless")["phone_number"] == "+4915112345678"
    assert login(users, four, "webauthn")["passkeys"] == [PASSKEY]
    # A device that counts has to be sealed, for which the application is named: nobody comes without it.
    _, others, faults = import_from("supertokens", url, tmp_path / "other.db", "--set", "app=other")
    assert (others, "--app" in faults[1]) == ({}, True)
    asked = Asked("public", {"app": "other"})
    (item,) = open_supertokens(url, asked).items(None)
    other = cast("dict[str, Any]", item.value)  # Any: as JSON is
    assert other["logins"][0]["email"] == "other@example.com"
    assert other["totp_devices"] == [{**DEVICE, "created_at_ms": 1_700_000_000_006}]


def test_auth0(tmp_path: Path) -> None:
    """An export of users with that of the hashes; identities, who is blocked, metadata."""
    hashes = f"hashes={RECORDED / 'auth0-hashes.jsonl'}"
    status, users, faults = import_from("auth0", str(RECORDED / "auth0.jsonl"), tmp_path / "auth.db", "--set", hashes)
    ada = "auth0|507f1f77bcf86cd799439011"
    assert (status, sorted(users), list(faults)) == (3, [ada, "google-oauth2|2000"], [3])
    assert matches(login(users, ada, "emailpassword"), VECTORS["password"])
    assert login(users, ada, "emailpassword")["time_joined_ms"] == 1704164645678
    assert login(users, ada, "thirdparty")["email"] == "ada@gmail.com"
    assert users[ada]["metadata"] == {"colour": "blue", "app_metadata": {"plan": "pro"}}
    assert users["google-oauth2|2000"]["disabled_at_ms"] == 1704164645000
    assert login(users, "google-oauth2|2000", "thirdparty")["id"] == "google-oauth2|2000"
    _, alone, _ = import_from("auth0", str(RECORDED / "auth0-hashes.jsonl"), tmp_path / "alone.db")
    assert matches(login(alone, ada, "emailpassword"), VECTORS["password"])


def test_firebase(tmp_path: Path) -> None:
    """Hashes of the project, accounts, phone numbers, claims; who is anonymous cannot sign in."""
    status, users, faults = import_from("firebase", str(RECORDED / "firebase.json"), tmp_path / "auth.db")
    assert (status, sorted(users), list(faults)) == (3, ["0xFB1", "0xFB2"], [3])
    assert matches(login(users, "0xFB1", "emailpassword"), VECTORS["password"], VECTORS["firebase signer key"])
    assert login(users, "0xFB1", "thirdparty")["provider"] == "google"
    assert users["0xFB1"]["metadata"] == {"name": "Ada", "claims": {"plan": "pro"}}
    assert login(users, "0xFB2", "passwordless")["phone_number"] == "+4915112345678"
    assert users["0xFB2"]["disabled_at_ms"] == 1700000000001


def test_keycloak(tmp_path: Path) -> None:
    """PBKDF2 of each digest, Argon2, and the form of old releases; roles, identities, attributes."""
    status, users, faults = import_from("keycloak", str(RECORDED / "keycloak.json"), tmp_path / "auth.db")
    ids = [f"{number}0000000-0000-4000-8000-000000000000" for number in range(1, 6)]
    assert (status, sorted(users), sorted(faults)) == (3, ids, [6, 7])
    for user_id in ids[:4]:
        assert matches(login(users, user_id, "emailpassword"), PASSWORD)
        assert users[user_id]["roles"] == {"public": ["editor"]}
    assert login(users, ids[4], "thirdparty")["subject"] == "1089"
    assert users[ids[4]]["roles"] == {"public": ["editor", "shop:buyer"]}
    assert users[ids[4]]["metadata"]["attributes"] == {"plan": ["pro"]}
    assert "not known" in faults[7]


@pytest.mark.parametrize(
    ("system", "source", "said"),
    [
        ("django", "not a url", "the URL of its database"),
        ("django", "sqlite:///{folder}/empty.db", "no table 'auth_user'"),
        ("django", "sqlite:///{folder}/none.db", "there is no such database"),
        ("django", "postgresql://nobody:secret@127.0.0.1:1/none", "cannot be read"),
        ("auth0", "{folder}/none.json", "there is no file"),
        ("firebase", "{folder}/broken.json", "no JSON document with a list"),
        ("keycloak", "{folder}/other.json", "no list 'users'"),
        ("keycloak", "{folder}/cut.json", "ends in the middle"),
        ("cognito", "users.json", "is none of"),
    ],
)
def test_a_source_that_is_none_is_a_clear_error(system: str, source: str, said: str, tmp_path: Path) -> None:
    """One line, without a password in it, and nothing is written."""
    (tmp_path / "empty.db").touch()
    (tmp_path / "broken.json").write_text("not json")
    (tmp_path / "other.json").write_text('{"roles": {"a": [1, 2]}}')
    (tmp_path / "cut.json").write_text('{"users": [')
    arguments = ["user", "import", source.format(folder=tmp_path), "--from", system]
    result = CliRunner().invoke(commands, [*arguments, "--storage", f"sqlite:///{tmp_path}/auth.db"])
    assert result.exit_code == 1
    assert said in " ".join(result.output.split())
    assert "secret" not in result.output
    assert result.output.startswith("Error: ")
