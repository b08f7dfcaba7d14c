"""``authweave doctor``, and the page that lists what it checks."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Final, cast

import pytest
from typer.testing import CliRunner

from authweave import InputAppInfo, default_app, init
from authweave.app import set_default_app
from authweave.cli._doctor import print_table, summary
from authweave.cli._main import commands
from authweave.extending import Diagnosis, RecipeEntry
from authweave.recipe import session
from authweave.recipe._builtin import RECIPES
from authweave.recipe.passwordless import ContactEmailOnlyConfig
from authweave.types import ConfigurationError

PAGE: Final = Path(__file__).parents[3] / "docs" / "explanation" / "going-live.md"
ARGUMENTS: Final = {
    "emailverification": ("REQUIRED",),
    "passwordless": (ContactEmailOnlyConfig(), "USER_INPUT_CODE"),
}
"""What recipes have to be told."""

SECRET: Final = "correct-horse-battery-staple-0123456789"

MAIL: Final = (
    "EmailDeliveryConfig(SMTPService(SMTPSettings('mail.example.com', 587, SMTPSettingsFrom('Shop', 'a@example.com'))))"
)
SHOP: Final = """
import authweave
from authweave.ingredients.emaildelivery import EmailDeliveryConfig, SMTPService, SMTPSettings, SMTPSettingsFrom
from authweave.recipe import emailpassword, emailverification, multifactorauth, session, thirdparty, userroles
from authweave.recipe.emailpassword import PasswordResetFeature
from authweave.security import PasswordHasher
from tests.patience import PATIENCE_S, PATIENT

auth = authweave.init(
    authweave.InputAppInfo("shop", {domain!r}, website_domain={domain!r}),
    [emailpassword.init({password}), session.init({session}), {recipes}],
    storage={storage!r},
    storage_options=PATIENT,
    storage_wait_s=PATIENCE_S,
    {more}
)
"""


@pytest.fixture(autouse=True)
def _leave_no_app() -> Iterator[None]:
    """Close the default application that a test made, and forget it with its module."""
    before = set(sys.modules)
    set_default_app(None)
    yield
    with suppress(ConfigurationError):
        default_app().close()
    set_default_app(None)
    for name in set(sys.modules) - before:
        if name.startswith("shop"):
            del sys.modules[name]


def examined(*arguments: str) -> tuple[int, dict[str, dict[str, str]]]:
    """Run the command with ``--json``; return its status, and what it found by the check's id."""
    result = CliRunner().invoke(commands, ["doctor", *arguments, "--json"])
    assert isinstance(result.exception, SystemExit | None), result.output
    found = [json.loads(line) for line in result.stdout.splitlines()]
    return result.exit_code, {each["id"]: each for each in found}


def write_shop(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    domain: str = "https://shop.example.com",
    storage: str = "sqlite:///auth.db",
    session: str = "",
    password: str = "",
    recipes: str = "",
    mail: str = MAIL,
    more: str = f"secret={SECRET!r}, trusted_proxies=[]",
) -> None:
    """Write an application, as the module ``shop``, into the working directory."""
    text = SHOP.format(
        domain=domain,
        storage=storage,
        session=session,
        password=password,
        recipes=recipes,
        more=f"email_delivery={mail}, {more}",
    )
    (folder / "shop.py").write_text(text)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "path", [*sys.path])


def test_an_application_that_is_fit_for_people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no fault, the status is 0, and no secret is printed."""
    write_shop(tmp_path, monkeypatch, session="session_lifetime_s=86_400 * 30")
    code, found = examined("shop:auth")
    assert code == 0
    assert {each["severity"] for each in found.values()} <= {"ok", "note", "warning"}
    for check in ("https", "debug", "secret", "storage", "tables", "session.cookies", "attempts.limits", "proxies"):
        assert found[check]["severity"] == "ok", found[check]
    assert SECRET not in json.dumps(found)
    del sys.modules["shop"]
    shown = CliRunner().invoke(commands, ["doctor", "shop:auth"])
    assert shown.exit_code == 0
    assert "session.cookies" in shown.output
    assert "0 faults" in shown.output
    assert SECRET not in shown.output


@pytest.mark.parametrize(
    ("check", "severity", "settings"),
    [
        ("https", "fault", {"domain": "http://localhost:8000"}),
        ("https", "fault", {"domain": "http://shop.example.com"}),
        ("session.cookies", "fault", {"domain": "http://shop.example.com"}),
        ("session.cookies", "fault", {"session": "cookie_secure=False"}),
        ("session.cookies", "note", {"session": "cookie_domain='.example.com'"}),
        ("session.risks", "warning", {"session": "cookie_secure=False"}),
        ("session.risks", "ok", {"session": "cookie_secure=False, accept_risks={'insecure_cookies'}"}),
        ("session.accepted_risks", "warning", {"session": "cookie_secure=False, accept_risks={'insecure_cookies'}"}),
        ("session.accepted_risks", "note", {"session": "accept_risks={'insecure_cookies'}"}),
        ("session.lifetimes", "note", {}),
        ("emailpassword.reset", "ok", {}),
        ("emailpassword.reset", "warning", {"password": "password_reset=PasswordResetFeature(enabled=False)"}),
        ("emailpassword.reset", "warning", {"password": "password_reset=PasswordResetFeature(revoke_sessions=False)"}),
        ("emailpassword.breaches", "note", {}),
        ("emailpassword.verification", "warning", {}),
        ("emailpassword.verification", "ok", {"recipes": "emailverification.init('REQUIRED')"}),
        ("emailverification.mode", "ok", {"recipes": "emailverification.init('REQUIRED')"}),
        ("emailverification.mode", "note", {"recipes": "emailverification.init('OPTIONAL')"}),
        ("userroles.refresh", "ok", {"recipes": "userroles.init()"}),
        ("userroles.refresh", "warning", {"recipes": "userroles.init(refresh_claims=False)"}),
        ("thirdparty.providers", "note", {"recipes": "thirdparty.init()"}),
        ("multitenancy.first_factors", "fault", {"recipes": "multifactorauth.init(['otp-email'])"}),
        ("emailpassword.enumeration", "note", {}),
        ("emailpassword.enumeration", "ok", {"password": "sign_up_api=False, email_exists_api=False"}),
        ("mail", "ok", {}),
        ("mail", "fault", {"mail": "None"}),
        ("mail", "fault", {"domain": "http://localhost:8000", "mail": "None"}),
        ("storage", "fault", {"storage": "sqlite://"}),
        ("processes", "fault", {"storage": "sqlite://"}),
        ("processes", "note", {}),
        ("backups", "note", {}),
        ("secret", "fault", {"storage": "sqlite://", "more": ""}),
        ("secret", "note", {"more": ""}),
        ("secret", "fault", {"more": f"secret={'x' * 40!r}"}),
        ("secret", "fault", {"more": f"secret={'change-me-please-0123456789-abcdef'!r}"}),
        ("proxies", "warning", {"more": ""}),
        ("proxies", "ok", {"more": "trusted_proxies=['10.0.0.7', 'unix']"}),
        ("attempts.addresses", "warning", {"more": ""}),
        ("debug", "fault", {"more": "debug=True"}),
        ("events", "warning", {"more": "event_retention_s=None"}),
        ("passwords", "fault", {"more": "passwords=PasswordHasher(memory_kib=8, time_cost=1)"}),
        ("passwords", "fault", {"more": "passwords=PasswordHasher(memory_kib=19_455, time_cost=2)"}),
        ("passwords", "ok", {"more": "passwords=PasswordHasher(memory_kib=7_168, time_cost=5)"}),
        ("purge", "note", {"more": "purge_interval_s=None"}),
    ],
)
def test_what_is_wrong_is_found(
    check: str, severity: str, settings: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each setting that matters, with what to do where that is anything; a fault decides the status."""
    write_shop(tmp_path, monkeypatch, **settings)
    code, found = examined("shop:auth")
    assert found[check]["severity"] == severity, found[check]
    assert bool(found[check]["advice"]) == (severity != "ok")
    assert code == any(each["severity"] == "fault" for each in found.values())


def test_an_application_that_cannot_be_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `init` says is the one fault; the URL's password is not in it."""
    write_shop(tmp_path, monkeypatch, storage="postgresql://me:hunter22@localhost/x", more="")
    code, found = examined("shop:auth")
    assert code == 1
    assert list(found) == ["init"]
    assert "secret= is needed" in found["init"]["found"]
    assert "hunter22" not in json.dumps(found)


def test_tables_of_another_release_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that somebody dropped since the start."""
    write_shop(tmp_path, monkeypatch)
    more = (
        "import sqlite3\nconnection = sqlite3.connect('auth.db')\nconnection.execute('DROP TABLE authweave_passwords')"
    )
    (tmp_path / "shop.py").write_text(f"{(tmp_path / 'shop.py').read_text()}\n{more}\nconnection.close()\n")
    code, found = examined("shop:auth")
    assert code == 1
    assert found["tables"]["severity"] == "fault"
    assert "db upgrade" in found["tables"]["advice"]


def test_a_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgresql_url: str) -> None:
    """PostgreSQL: shared by any number of processes, spoken to by libpq; no password of its URL is printed."""
    write_shop(tmp_path, monkeypatch, storage=postgresql_url)
    found = examined("shop:auth")[1]
    for check in ("storage", "tables", "processes", "secret", "libpq"):
        assert found[check]["severity"] == "ok", found[check]
    assert "sqlite" not in found
    assert postgresql_url not in json.dumps(found)


def test_the_page_lists_every_check() -> None:
    """Ids on the page are those of an application with all recipes of the library, and the other way round."""
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ☐")]
    commands_of = [row.split(" | ")[2] for row in rows]
    assert all("`" in command for command in commands_of), "each line has a command"
    listed = [
        found
        for command in commands_of
        for found in re.findall(r"`authweave doctor(?: --connect)? main:app`: `([\w.]+)`", command)
    ]
    entries = [
        cast("RecipeEntry", import_module(f"authweave.recipe.{each}").init(*ARGUMENTS.get(each, ())))
        for each in RECIPES
    ]
    app = init(
        InputAppInfo("all", "https://example.com", website_domain="https://example.com"),
        entries,
        storage="sqlite://",
        default=False,
    )
    try:
        there = [check_id for check_id, _ in app.checks()]
    finally:
        app.close()
    assert sorted(listed) == sorted(["init", "libpq", *there])


def test_a_check_that_fails_is_a_fault_and_the_others_go_on() -> None:
    """Whatever it raises; what is not an error of the library's may hold a secret, and is not shown."""
    app = init(
        InputAppInfo("a", "https://example.com", website_domain="https://example.com"),
        [session.init()],
        storage="sqlite://",
        default=False,
    )
    app.services.storage.close()
    found = {each.id: each for each in app.run_blocking(app.diagnose())}
    app.close()
    assert found["storage"].severity == "fault"
    assert found["session.cookies"].severity == "ok"


def test_whole_lines_for_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    """What a program reads is not broken at 80 columns, and one of a kind is not many."""
    told = Diagnosis("mail.smtp", "Mails go out", "warning", "word " * 40 + "end", "do " * 60 + "it")
    print_table([told])
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert any(told.found in line for line in lines)
    assert any(told.advice in line for line in lines)
    assert summary([told]) == "1 check: 0 faults, 1 warning, 0 notes."
