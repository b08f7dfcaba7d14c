"""The second application of the tutorial, as the page has it: served by uvicorn, with its mails on a real server."""

from __future__ import annotations

import json
import os
import re
import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

import attrs
import httpx2
import pytest

from tests.e2e.programs import Program, running
from tests.e2e.tutorial_page import SMALL_SAAS, program_of
from tests.integration.http.serving import COOKIES, bearer, form
from tests.mailserver import MailServer, mail_server
from tests.patience import PATIENCE_S

ADA: Final = "ada@example.com"
ROOT: Final = "root@example.com"
FIRST: Final = "correct horse 1"
SECOND: Final = "battery staple 2"
THIRD: Final = "tears in rain 3"
LINK: Final = re.compile(r"https?://\S+")
DEVELOPMENT_FAULTS: Final = {"https", "mail", "session.cookies"}
"""What a development machine cannot have, as the page says."""


@attrs.frozen
class Served:
    """The application, and where its mails arrive."""

    client: httpx2.Client
    mails: MailServer
    folder: Path

    def link(self, page: str) -> str:
        """Wait for the next mail; return the token of its link, which has to lead to a page of the website."""
        mail = self.mails.wait()
        assert mail.recipients == [ADA]
        (link,) = set(LINK.findall(mail.text))
        parts = urlsplit(str(link))
        assert (parts.scheme, parts.netloc, parts.path) == ("http", "localhost:3000", f"/auth/{page}")
        return parse_qs(parts.query)["token"][0]

    def sign_in(self, password: str, mode: dict[str, str], email: str = ADA) -> httpx2.Response:
        """Sign in."""
        return self.client.post("/auth/signin", json=form(email, password), headers=mode)

    def command(self, *arguments: str) -> str:
        """Run ``authweave`` where the application is."""
        return run(self.folder, *arguments, AUTHWEAVE_STORAGE=f"sqlite:///{self.folder / 'auth.db'}").stdout


def run(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run ``authweave`` in a folder, with more variables."""
    known = {key: value for key, value in os.environ.items() if not key.startswith(("AUTHWEAVE_", "SMTP_"))}
    command = [sys.executable, "-m", "authweave.cli", *arguments]
    return subprocess.run(  # noqa: S603  our own program
        command, cwd=folder, env={**known, **settings}, capture_output=True, text=True, check=False
    )


def plans(folder: Path, user_id: str) -> list[str]:
    """Return what the application's own table holds of a user."""
    with closing(sqlite3.connect(folder / "auth.db")) as database:
        return [plan for (plan,) in database.execute("SELECT plan FROM profiles WHERE user_id = ?", [user_id])]


def with_program(folder: Path) -> Path:
    """Put the page's program into a folder."""
    (folder / "main.py").write_text(program_of(SMALL_SAAS.read_text("utf-8")), "utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the page's program in it."""
    return with_program(tmp_path)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the page's program."""
    folder = with_program(tmp_path_factory.mktemp("saas"))
    with mail_server() as mails:
        settings = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(mails.port)}
        with (
            running(Program("small saas", "main:app", folder), folder, **settings) as application,
            httpx2.Client(base_url=application.url, timeout=PATIENCE_S, trust_env=False) as client,
        ):
            yield Served(client, mails, folder)


def test_an_account_from_its_first_to_its_last_day(served: Served) -> None:
    """Signing up, verifying, resetting, changing and deleting: each as the page says, with the mails that it takes."""
    client = served.client
    signed_up = client.post("/auth/signup", json=form(ADA, FIRST))
    mine = bearer(signed_up)
    user_id = signed_up.json()["user"]["id"]
    assert plans(served.folder, user_id) == ["free"]
    assert client.get("/account", headers=mine).json()["message"] == "invalid claim"

    assert client.post("/auth/user/email/verify/token", headers=mine).json() == {"status": "OK"}
    proof = {"method": "token", "token": served.link("verify-email")}
    verified = client.post("/auth/user/email/verify", json=proof, headers=mine)
    assert verified.json() == {"status": "OK"}
    assert client.get("/account", headers=bearer(verified)).json() == {"plan": "free"}

    who = {"formFields": [{"id": "email", "value": ADA}]}
    assert client.post("/auth/user/password/reset/token", json=who).json() == {"status": "OK"}
    wanted = {"formFields": [{"id": "password", "value": SECOND}], "method": "token"}
    reset = client.post("/auth/user/password/reset", json={**wanted, "token": served.link("reset-password")})
    assert reset.json()["status"] == "OK"
    assert served.sign_in(FIRST, {}).json()["status"] == "WRONG_CREDENTIALS_ERROR"
    refresh = client.post("/auth/session/refresh", headers=bearer(signed_up, "st-refresh-token"))
    assert refresh.status_code == 401

    mine = bearer(served.sign_in(SECOND, {}))
    wrong = {"password": FIRST, "new_password": THIRD}
    assert client.post("/account/password", json=wrong, headers=mine).json() == {"detail": "The password is wrong."}
    weak = {"password": SECOND, "new_password": "short"}
    assert "8 characters" in client.post("/account/password", json=weak, headers=mine).json()["detail"]
    right = {"password": SECOND, "new_password": THIRD}
    assert client.post("/account/password", json=right, headers=mine).json() == {"status": "OK"}

    signed_in = served.sign_in(THIRD, COOKIES)
    assert signed_in.json()["status"] == "OK"
    assert client.post("/account/delete", json={"password": SECOND}).status_code == 422
    deleted = client.post("/account/delete", json={"password": THIRD})
    assert (deleted.status_code, deleted.json()) == (200, {"status": "OK"})
    assert dict(client.cookies) == {}
    assert plans(served.folder, user_id) == []
    assert served.sign_in(THIRD, {}).json()["status"] == "WRONG_CREDENTIALS_ERROR"
    assert served.mails.all() == []


def test_the_first_administrator(served: Served) -> None:
    """The command gives the role, which opens the page; without it there is none."""
    client = served.client
    client.post("/auth/signup", json=form(ROOT, FIRST))
    served.command("user", "verify-email", ROOT, "--app", "main:auth")
    served.sign_in(FIRST, COOKIES, ROOT)
    assert client.get("/auth/admin").status_code == 403
    assert "admin" in served.command("user", "roles", ROOT, "--add", "admin", "--app", "main:auth")
    page = client.get("/auth/admin")
    assert page.status_code == 200
    assert ROOT in page.text


def test_the_website_may_ask(served: Served) -> None:
    """Pages of the website's origin get answers that a browser lets them read."""
    origin = "http://localhost:3000"
    asked = {"origin": origin, "access-control-request-method": "POST", "access-control-request-headers": "rid"}
    allowed = served.client.options("/account/password", headers=asked)
    assert allowed.headers["access-control-allow-origin"] == origin
    assert allowed.headers["access-control-allow-credentials"] == "true"


def faults(folder: Path, **settings: str) -> tuple[int, set[str]]:
    """Run the doctor; return its status, and the checks that found a fault."""
    result = run(folder, "doctor", "main:app", "--json", **settings)
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(found) > 20, result.stderr
    return result.returncode, {each["id"] for each in found if each["severity"] == "fault"}


def test_the_doctor_finds_what_a_development_machine_cannot_have(folder: Path) -> None:
    """With the defaults there are the faults that the page names, and no others."""
    text = SMALL_SAAS.read_text("utf-8")
    assert all(f"`{each}` (" in text for each in DEVELOPMENT_FAULTS)
    assert faults(folder) == (1, DEVELOPMENT_FAULTS)


def test_the_doctor_finds_no_fault_with_the_settings_of_a_server(folder: Path) -> None:
    """With the variables that the page sets, nothing stands in the way of people."""
    exports = re.findall(r"^export (.*)$", SMALL_SAAS.read_text("utf-8"), re.MULTILINE)
    settings = re.findall(r"(\w+)=(\S+)", " ".join(exports))
    environment = dict(settings) | {
        "AUTHWEAVE_STORAGE": f"sqlite:///{folder / 'auth.db'}",
        "AUTHWEAVE_SECRET": secrets.token_urlsafe(),
    }
    assert {"API", "WEBSITE", "PROXIES", "SMTP_HOST", "SMTP_PASSWORD", "MAIL_FROM"} <= set(environment)
    assert faults(folder, **environment) == (0, set())


def test_the_page_counts_its_lines() -> None:
    """What it says of the program's length is so."""
    page = SMALL_SAAS.read_text("utf-8")
    lines = [line for line in program_of(page).splitlines() if line.strip()]
    assert f"The whole of `main.py` has {len(lines)} lines of code." in page
