"""``authweave user import`` and ``export`` of TOTP devices and passkeys."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from pyotp.totp import TOTP

from authweave import UserContext
from authweave.recipe.totp import TOTPRecipe, VerifyTOTPOkResult
from tests.authenticator import base64url, cose_key

from .moved_users import line, rows, run, write

WITH_DEVICES = """
from authweave import InputAppInfo, init
from authweave.recipe import emailpassword, multifactorauth, session, totp


def new():
    return init(
        InputAppInfo("Moving", "http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init(), multifactorauth.init(), totp.init()],
        storage="sqlite:///auth.db",
        secret="s" * 32,
        default=False,
    )


auth = new()
"""


def test_devices_come_along_with_the_secret_of_their_application(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their codes are right then; a database alone cannot seal them, and who has some does not come without."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    (tmp_path / "application_with_devices.py").write_text(WITH_DEVICES)
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    write(tmp_path / "users.jsonl", line(1, totp_devices=[{"name": "phone", "secret": secret.lower()}]), line(2))
    refused = run("import", "users.jsonl", "--storage", "sqlite:///other.db")
    assert (refused.exit_code, "sealed with the application's secret: name it by --app" in refused.output) == (3, True)
    result = run("import", "users.jsonl", "--app", "application_with_devices:auth")
    assert result.exit_code == 0, result.output
    assert secret not in str(rows(tmp_path / "auth.db", "SELECT * FROM authweave_totp_devices"))
    assert is_right("application_with_devices", "user-1", secret)


def test_devices_are_exported_with_the_secret_of_their_application(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They go to an application with another one, whose codes are right; none is lost without a word."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    for name in ("moving_from", "moving_to"):
        source = WITH_DEVICES.replace("auth.db", f"{name}.db").replace('"s" * 32', f'"{name}" * 4')
        (tmp_path / f"{name}.py").write_text(source)
    here, secret = ("--storage", "sqlite:///moving_from.db"), "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    device = {"name": "phone", "secret": secret, "period_s": 30, "skew": 1, "created_at_ms": 5}
    run("import", write(tmp_path / "all.jsonl", line(0, roles={"public": ["admin"]})), *here)
    moved = write(tmp_path / "moved.jsonl", line(1, totp_devices=[device], external_id="customer-1"))
    assert run("import", moved, "--app", "moving_from:auth").exit_code == 0
    with closing(sqlite3.connect("moving_from.db")) as connection, connection:  # one of which no code was shown yet
        copied = "SELECT user_id, 'tablet', secret, 30, 1, 0, 6 FROM authweave_totp_devices"
        connection.execute(f"INSERT INTO authweave_totp_devices {copied}")
    refused = run("export", "out.jsonl", *here)
    assert (refused.exit_code, Path("out.jsonl").exists()) == (1, False)
    assert "'customer-1' has a TOTP device" in refused.output
    assert "by --without-totp-devices." in " ".join(refused.output.split())
    left_out = run("export", "-", *here, "--without-totp-devices")
    assert (left_out.exit_code, "customer-1" in left_out.stdout, "totp" in left_out.stdout) == (0, True, False)
    monkeypatch.delitem(sys.modules, "moving_from")  # as another process would import it
    exported = run("export", "out.jsonl", "--app", "moving_from:auth")
    assert exported.exit_code == 0, exported.output
    assert Path("out.jsonl").stat().st_mode & 0o777 == 0o600
    first, second = (json.loads(each) for each in Path("out.jsonl").read_text().splitlines())
    assert first["roles"] == {"public": ["admin"]}  # of which the application lists no recipe
    assert (second["external_id"], second["totp_devices"]) == ("customer-1", [device])
    (tmp_path / "moving_otherwise.py").write_text((tmp_path / "moving_from.py").read_text().replace("* 4", "* 5"))
    closed = run("export", "other.jsonl", "--app", "moving_otherwise:auth")
    assert (closed.exit_code, Path("other.jsonl").exists()) == (1, False)
    assert "with another secret" in " ".join(closed.output.split())
    Path("second.jsonl").write_text(json.dumps(second))
    assert run("import", "second.jsonl", "--app", "moving_to:auth").exit_code == 0
    assert secret not in str(rows(tmp_path / "moving_to.db", "SELECT * FROM authweave_totp_devices"))
    assert is_right("moving_to", "customer-1", secret)


def is_right(module: str, user_id: str, secret: str) -> bool:
    """Return whether the code of a device is right in an application."""
    with closing(import_module(module).new()) as app:
        functions = app.recipe(TOTPRecipe).functions
        code = TOTP(secret).at(app.services.clock() // 1000)
        shown = asyncio.run(functions.verify_totp("public", user_id, code, UserContext()))
    return isinstance(shown, VerifyTOTPOkResult)


def test_devices_that_are_there_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of somebody who was no user yet: those that count; one that does not is in the way of none that does."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    (tmp_path / "with_older_devices.py").write_text(WITH_DEVICES)
    import_module("with_older_devices")
    with closing(sqlite3.connect("auth.db")) as connection, connection:
        older = [("user-1", "phone", "older", 30, 1, True, 1), ("user-1", "tablet", "begun", 30, 1, False, 1)]
        connection.executemany("INSERT INTO authweave_totp_devices VALUES (?, ?, ?, ?, ?, ?, ?)", older)
    given = [{"name": each, "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"} for each in ("phone", "tablet")]
    write(tmp_path / "users.jsonl", line(1, totp_devices=given))
    result = run("import", "users.jsonl", "--app", "with_older_devices:auth")
    assert "1 users imported, 0 were there already, 0 lines passed over" in result.output
    found = rows(tmp_path / "auth.db", "SELECT name, secret = 'older', verified FROM authweave_totp_devices ORDER BY 1")
    assert found == [("phone", 1, 1), ("tablet", 0, 1)]


def by_passkey(number: int) -> dict[str, Any]:  # Any: as JSON is
    """Return a user with a passkey, which is always the same."""
    public_key = base64url(cose_key(ec.derive_private_key(7, ec.SECP256R1())))
    passkey = {"credential_id": "c29tZXRoaW5n", "relying_party_id": "example.com", "public_key": public_key}
    login = {"recipe": "webauthn", "email": f"user-{number}@example.com", "passkeys": [passkey]}
    return line(number, logins=[login])


def test_passkeys_want_their_recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An application without it has nowhere to keep them: whoever has one is passed over."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    (tmp_path / "without_passkeys.py").write_text(WITH_DEVICES)
    write(tmp_path / "users.jsonl", line(1), by_passkey(2))
    result = run("import", "users.jsonl", "--app", "without_passkeys:auth")
    assert (result.exit_code, "1 users imported" in result.output) == (3, True)
    assert "line 2: the store keeps no passkeys: add webauthn.init() to the application's recipe_list" in result.output


def test_a_passkey_is_one_users(tmp_path: Path) -> None:
    """Of two who have it, in one batch or in two, the first keeps it; and the other is told of, without its id."""
    url = f"sqlite:///{tmp_path}/auth.db"
    run("import", write(tmp_path / "both.jsonl", by_passkey(1), by_passkey(2)), "--storage", url)
    result = run("import", write(tmp_path / "third.jsonl", by_passkey(3)), "--storage", url)
    assert (result.exit_code, "line 1: a passkey of it is another user's" in result.output) == (3, True)
    assert "c29tZXRoaW5n" not in result.output
    found = rows(tmp_path / "auth.db", "SELECT user_id FROM authweave_users")
    assert found == rows(tmp_path / "auth.db", "SELECT recipe_user_id FROM authweave_passkeys") == [("user-1",)]
