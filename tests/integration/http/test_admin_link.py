"""The page as ``authweave admin`` serves it: on this machine, behind a link that is good once."""

from __future__ import annotations

import importlib.util
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import attrs
import httpx2
import pytest
from typer.testing import CliRunner

from authweave import App, InputAppInfo, init
from authweave.cli._admin_server import not_found
from authweave.cli._main import commands
from authweave.framework.asgi import Middleware
from authweave.recipe import admin, emailpassword, session
from authweave.recipe.admin import LocalAdmin, local_admin
from authweave.recipe.emailpassword import EmailPasswordRecipe
from authweave.recipe.emailpassword.interfaces import SignUpOkResult
from authweave.security import PasswordHasher
from authweave.types import ConfigurationError
from tests.patience import PATIENCE_S

from .serving import PASSWORD, serving
from .test_admin import MovableClock, form_of, is_protected, send

MINUTE_MS: Final = 60_000


@attrs.define
class Local:
    """
    An application without the recipe, and the page of the command for it.

    Attributes:
        app: it.
        clock: its clock.
        page: the page.
        address: of the server.
        client: a browser.
    """

    app: App
    clock: MovableClock
    page: LocalAdmin
    address: str
    client: httpx2.Client

    @property
    def home(self) -> str:
        """The path of the list."""
        return f"{self.page.app_info.api_base_path}/admin"

    def open(self, link: str | None = None) -> httpx2.Response:
        """Open a link, or a new one."""
        return self.client.get(link or self.page.new_link())


@pytest.fixture
def local() -> Iterator[Local]:
    """Serve the page for an application that does not list it."""
    clock = MovableClock()
    info = InputAppInfo("Shop", "https://shop.example.com", website_domain="https://shop.example.com")
    app = init(
        info,
        [emailpassword.init(), session.init()],
        storage="sqlite://",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        clock=clock,
        default=False,
    )
    page: list[LocalAdmin] = []

    async def web(scope: dict[str, object], receive: object, send: object) -> None:
        await Middleware(not_found, page[0])(scope, receive, send)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  ASGI, whose types differ by name

    with closing(app), serving(web) as address, httpx2.Client(base_url=address, timeout=PATIENCE_S) as client:  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  as above
        page.append(local_admin(app, app.services, address, "command line (me)"))
        yield Local(app, clock, page[0], address, client)


def test_the_link_opens_the_page_once(local: Local) -> None:
    """The list opens, for whoever came by the link, and the link is good for nothing any more."""
    link = local.page.new_link()
    opened = local.open(link)
    assert opened.status_code == 303
    is_protected(opened)
    cookie = opened.headers["set-cookie"]
    assert cookie.endswith(f"; Path={local.home}; HttpOnly; SameSite=Strict")
    page = local.client.get(opened.headers["location"])
    assert page.status_code == 200
    assert "command line (me)" in page.text
    is_protected(page)
    with httpx2.Client(base_url=local.address, timeout=PATIENCE_S) as other:
        assert other.get(link).status_code == 403
        assert other.get(local.home).status_code == 401
    (event,) = (each for each in local.app.run_blocking(local.app.list_events()) if each.kind == "admin_action")
    assert event.details == {"action": "signed_in", "by": "command line (me)"}


def test_a_wrong_token_opens_nothing_and_uses_nothing_up(local: Local) -> None:
    """Whoever guesses does not keep out whoever has the link."""
    link = local.page.new_link()
    for token in ("", "x", "é", "A" * 43):
        answer = local.client.get(f"{local.home}/start", params={"token": token})
        assert answer.status_code == 403
        is_protected(answer)
    assert local.open(link).status_code == 303


@pytest.mark.parametrize(("minutes", "status"), [(5, 303), (5.1, 403)])
def test_the_link_expires(local: Local, minutes: float, status: int) -> None:
    """After five minutes."""
    link = local.page.new_link()
    local.clock.now_ms += round(minutes * MINUTE_MS)
    assert local.open(link).status_code == status


@pytest.mark.parametrize(("minutes", "status"), [(60, 200), (60.1, 401)])
def test_the_session_expires(local: Local, minutes: float, status: int) -> None:
    """After an hour, whatever was done in it."""
    local.open()
    local.clock.now_ms += round(minutes * MINUTE_MS)
    assert local.client.get(local.home).status_code == status


def test_signing_out_ends_it(local: Local) -> None:
    """The cookie that the browser keeps is worth nothing then."""
    local.open()
    page = local.client.get(local.home)
    assert "Signed out" in send(local.client, form_of(page, "/sign-out")).text
    assert local.client.get(local.home).status_code == 401


def test_another_name_of_this_machine_is_refused(local: Local) -> None:
    """A site whose name was made to mean this machine (DNS rebinding) sees nothing, and does not use the link up."""
    link = local.page.new_link()
    for host in ("evil.example.com", "localhost.evil.example", ""):
        assert local.client.get(link, headers={"host": host}).status_code in {400, 421}
    local.open(link)
    assert local.client.get(local.home, headers={"host": "evil.example.com"}).status_code == 421
    assert local.client.get(local.home).status_code == 200


def test_it_does_what_the_mounted_page_does(local: Local) -> None:
    """Users are shown and deleted; who did it is the command, by the name of whoever started it."""
    functions = local.app.recipe(EmailPasswordRecipe).functions
    made = local.app.run_blocking(functions.create_new_recipe_user("ada@example.com", PASSWORD, "public", {}))
    assert isinstance(made, SignUpOkResult)
    local.open()
    assert "ada@example.com" in local.client.get(local.home).text
    user_page = local.client.get(f"{local.home}/user", params={"id": made.user.id})
    assert "Roles" not in user_page.text, "the application has no recipe for them"
    local.clock.now_ms += 1
    question = local.client.get(f"{local.home}/user/delete", params={"id": made.user.id})
    sent = form_of(question, "/user/delete")
    assert send(local.client, sent, token="A" * 88).status_code == 403
    assert send(local.client, sent).status_code == 303
    assert local.app.services.storage.find_user(made.user.id) is None
    events = [each for each in local.app.run_blocking(local.app.list_events()) if each.kind == "admin_action"]
    assert events[0].details == {"action": "deleted", "by": "command line (me)"}


def test_nothing_else_is_served(local: Local) -> None:
    """Neither the application's routes nor anything above the page's own path."""
    local.open()
    for path in ("/", "/auth/signup", local.page.app_info.api_base_path, f"{local.page.app_info.api_base_path}/signin"):
        assert local.client.get(path).status_code == 404
        assert local.client.post(path, json={}).status_code == 404


def test_without_the_extra_it_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command and the recipe name what is missing, and how it is installed."""
    there = importlib.util.find_spec

    def find_spec(name: str, package: str | None = None) -> ModuleSpec | None:
        return None if name == "jinja2" else there(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", find_spec)
    result = CliRunner().invoke(commands, ["admin", "shop:auth"])
    assert result.exit_code == 1
    assert "clone[admin]" in result.output
    info = InputAppInfo("Shop", "https://shop.example.com", website_domain="https://shop.example.com")
    with pytest.raises(ConfigurationError, match=r"clone\[admin\]"):
        init(info, [session.init(), admin.init(allowed=lambda _: True)], storage="sqlite://", default=False)


SHOP: Final = """
import authweave
from authweave.recipe import emailpassword, session

auth = authweave.init(
    authweave.InputAppInfo("Shop", "https://shop.example.com", website_domain="https://shop.example.com"),
    [emailpassword.init(), session.init()],
    storage="sqlite:///auth.db",
)
"""


@pytest.mark.processes
def test_the_command(tmp_path: Path) -> None:
    """It listens on this machine alone, prints the link, logs no token, and ends in good order."""
    (tmp_path / "shop.py").write_text(SHOP)
    command = [sys.executable, "-m", "authweave", "admin", "shop:auth"]
    with subprocess.Popen(  # noqa: S603  this interpreter, and a program written here
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/\S+", first)
        assert found is not None, first
        link = found[0]
        try:
            with httpx2.Client(timeout=PATIENCE_S, follow_redirects=True) as client:
                page = client.get(link)
                assert page.status_code == 200
                assert "There are no users yet." in page.text
                assert client.get(link).status_code == 403
        finally:
            process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, errors
    token = urlsplit(link).query.removeprefix("token=")
    assert token not in rest + errors
