from __future__ import annotations

import asyncio
import errno
import importlib.util
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib.machinery import ModuleSpec
from pathlib import Path

import attrs
import httpx2
import pytest
import uvicorn
from fastapi import HTTPException
from typer.testing import CliRunner, Result

from authweave import App, InputAppInfo, init
from authweave.cli._main import commands
from authweave.cli.demo import PREFERRED_PORT, Step, demo_app, listen, origin_of
from authweave.cli.demo._check import Visitor, scenario, serve_demo, until_failure
from authweave.cli.demo._journals import Journals
from authweave.cli.demo._web import FORMS
from authweave.cli.demo.forms.as_a_call import DemoContext
from authweave.recipe import emailpassword, session
from authweave.types import JSON
from tests.patience import PATIENCE_S
from tests.unit.cli.demo_journal import journal, lines

COOKIES = {"st-auth-mode": "cookie", "rid": "anti-csrf"}


@pytest.fixture
def client() -> Iterator[httpx2.Client]:
    """Return a client of a demo that runs."""
    with (
        serve_demo() as origin,
        httpx2.Client(base_url=origin, trust_env=False, headers=COOKIES, timeout=PATIENCE_S) as client,
    ):
        yield client


def demo(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(commands, ["demo", *arguments])


def form(password: str = "analytical1") -> dict[str, JSON]:
    """Return the body of a sign-up or sign-in."""
    return {"formFields": [{"id": "email", "value": "ada@example.com"}, {"id": "password", "value": password}]}


def test_check_prints_each_step_and_ends_well() -> None:
    """The check tells each step in both modes, and exits 0."""
    result = demo("--check")
    assert result.exit_code == 0, result.output
    said = result.stdout.splitlines()
    for mode in ("cookie", "header"):
        assert f"ok      {mode}  sign up: 200 OK, sets no session cookie or header" in said
        assert (
            f"ok      {mode}  protected route with the old token: 401 unauthorised, sets no session cookie or header"
            in said
        )
    assert "ok      cookie  sign in: 200 OK, sets front-token, sAccessToken, sRefreshToken" in said
    assert "ok      header  refresh: 200, sets front-token, st-access-token, st-refresh-token" in said
    assert said[-1] == "All steps went as they should."


def test_check_fails_where_a_sign_up_gives_a_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its overrides the demo fails its own check, which says what came and what should have."""

    def plain_app(origin: str, storage: str) -> App[DemoContext]:
        return init(
            InputAppInfo("x", origin, website_domain=origin),
            [emailpassword.init(), session.init()],
            storage=storage,
            default=False,
        )

    monkeypatch.setattr("authweave.cli.demo._check.demo_app", plain_app)
    result = demo("--check")
    assert result.exit_code == 1
    assert "FAILED  cookie  sign up: 200 OK, sets front-token, sAccessToken" in result.stdout
    assert "it should be 200 OK, sets no session cookie or header" in result.stdout
    assert "cookie  sign in" not in result.stdout
    assert "FAILED  header  sign up" in result.stdout


def first_step(transport: httpx2.MockTransport) -> Step:
    """Return the one step that the check takes where it goes wrong at once."""
    with httpx2.Client(base_url="http://demo", transport=transport) as client:
        (step,) = until_failure("cookie", scenario(Visitor(client, "cookie")))
    return step


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (httpx2.Response(500, text="Internal Server Error"), "500 Internal Server Error, sets"),
        (httpx2.Response(200, json=["OK"]), '200 ["OK"], sets'),
        (httpx2.Response(200, json={"status": "FIELD_ERROR"}), "200 FIELD_ERROR, sets"),
    ],
)
def test_check_tells_what_came_instead(answer: httpx2.Response, told: str) -> None:
    """An answer that is not the right one ends a mode and is told, whatever its body."""
    step = first_step(httpx2.MockTransport(lambda _: answer))
    assert not step.ok
    assert step.outcome.startswith(told)
    assert step.outcome.endswith("it should be 200 OK, sets no session cookie or header")


def test_check_tells_that_no_answer_came() -> None:
    """A server that does not answer is a failed step, not a traceback."""

    def refuse(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused", request=request)

    assert first_step(httpx2.MockTransport(refuse)) == Step(
        "cookie", "no answer", ok=False, outcome="ConnectError: refused"
    )


def test_says_where_it_is_and_where_the_data_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it serves, the demo names its address and its data; Ctrl-C ends it with status 0."""

    def pressed_ctrl_c(server: uvicorn.Server, sockets: list[socket.socket]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(uvicorn.Server, "run", pressed_ctrl_c)
    monkeypatch.chdir(tmp_path)
    result = demo("--port=0")
    assert result.exit_code == 0, result.output
    assert "Open  http://localhost:" in result.stdout
    assert f"Data  {tmp_path / 'authweave-demo.db'}" in result.stdout
    assert f"Its data stays in {tmp_path / 'authweave-demo.db'}." in result.stdout
    assert "is taken" not in result.stdout


def test_says_how_to_install_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the demo's extra, the command names the missing packages and the line that installs them."""
    find_spec = importlib.util.find_spec

    def find_some(name: str) -> ModuleSpec | None:
        return None if name in {"fastapi", "httpx2"} else find_spec(name)

    monkeypatch.setattr("importlib.util.find_spec", find_some)
    result = demo()
    assert result.exit_code == 1
    assert "needs fastapi and httpx2, which are not installed" in result.stderr
    assert "python -m pip install '/path/to/the/clone[demo]'" in result.stderr


def test_a_port_of_ones_own_that_is_taken() -> None:
    """A port that was asked for and is taken is an error that says what to do."""
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        result = demo(f"--port={port}")
    assert result.exit_code == 1
    assert f"Cannot listen on 127.0.0.1, port {port}, which is in use: choose another --port" in result.stderr


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("nosuch.invalid", "There is no host 'nosuch.invalid' that this machine knows"),
        ("", "There is no host ''"),
        (f"{'a' * 80}.example", "There is no host 'aaa"),
        ("192.0.2.1", "192.0.2.1 is not an address of this machine"),
    ],
)
def test_a_host_that_cannot_be(host: str, told: str) -> None:
    """Where the host is at fault, the message names it and its option, and says nothing of ports."""
    result = demo(f"--host={host}")
    assert result.exit_code == 1
    assert told in result.stderr
    assert "correct --host, or leave it out for 127.0.0.1" in result.stderr
    assert "--port" not in result.stderr


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "choose a --port of 1024 or more"),
        (OSError(errno.ENOBUFS, "No buffer space available"), "on 127.0.0.1, port 80: No buffer space available."),
    ],
)
def test_a_port_that_may_not_be_listened_on(monkeypatch: pytest.MonkeyPatch, error: OSError, told: str) -> None:
    """A port that is not everybody's is answered with those that are; anything else in the system's own words."""

    def refuse(host: str, port: int | None) -> socket.socket:
        raise error

    monkeypatch.setattr("authweave.cli.demo.listen", refuse)
    result = demo("--port=80")
    assert result.exit_code == 1
    assert told in result.stderr


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nowhere/demo.db", "There is no directory"),
        ("nowhere/", "nowhere: make it, and name a file in it, --data="),
        ("", "is a directory: name a file in it, --data="),
        ("a?b.db", "without a question mark"),
        ("not_a_database", "is damaged, or is not an SQLite database: name another file by --data"),
        ("damaged.db", "is damaged, or is not an SQLite database: name another file by --data"),
    ],
)
def test_a_data_file_that_cannot_be(tmp_path: Path, name: str, told: str) -> None:
    """A data file that cannot be one is an error that says so, and nothing is written elsewhere."""
    (tmp_path / "not_a_database").write_text("x" * 5000)
    damage_users(tmp_path / "damaged.db")
    result = demo("--port=0", f"--data={tmp_path}/{name}")
    assert result.exit_code == 1
    assert told in result.stderr
    assert not (tmp_path / "a").exists()
    assert not (tmp_path / "nowhere").exists()


def damage_users(file: Path) -> None:
    """Write a database of the demo, with noise where its users are: it can be opened, and not be read."""
    demo_app("http://localhost", f"sqlite:///{file}").close()
    with closing(sqlite3.connect(file)) as database:
        (page,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'authweave_users'").fetchone()
        (size,) = database.execute("PRAGMA page_size").fetchone()
    with file.open("r+b") as opened:
        opened.seek((page - 1) * size)
        opened.write(b"noise" * (size // 5))


def test_listens_elsewhere_where_the_preferred_port_is_taken() -> None:
    """Only where no port was asked for, a taken port gives way to a free one."""
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with listen("127.0.0.1", preferred=port) as other:
            assert other.getsockname()[1] not in {0, port}
        with pytest.raises(OSError, match="in use"):
            listen("127.0.0.1", port)
    assert PREFERRED_PORT == 3567


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("127.0.0.1", "http://localhost:{}"),
        ("127.0.0.2", "http://127.0.0.2:{}"),
        ("0.0.0.0", "http://localhost:{}"),  # noqa: S104  to see what is said of it
        ("::1", "http://localhost:{}"),
    ],
)
def test_the_origin_is_what_a_browser_here_can_open(host: str, origin: str) -> None:
    """Every address that can be listened on is told as one that a browser can open, with passkeys where it may be."""
    try:
        listener = listen(host, 0)
    except OSError:
        if ":" not in host:
            raise
        pytest.skip("no IPv6 here")
    with listener:
        assert origin_of(listener) == origin.format(listener.getsockname()[1])


def test_the_journal_tells_why_a_sign_up_gives_no_session(client: httpx2.Client) -> None:
    """The journal names the overrides in order, the key that one set, and what the other did not call."""
    signed_up = client.post("/auth/signup", json=form())
    assert list(lines(journal(client, signed_up))) == [
        "RecipeImplementation.get_tenant_id",
        "note_sign_up +isSignUp",
        "  APIImplementation.sign_up_post",
        "    RecipeImplementation.get_tenant",
        "    RecipeImplementation.list_users_by_account_info",
        "    RecipeImplementation.sign_up",
        "      RecipeImplementation.create_new_recipe_user",
        "      RecipeImplementation.list_users_by_account_info",
        "    RecipeImplementation.record_attempt",
        "    RecipeImplementation.is_email_verified",
        "    no_session_after_sign_up",
        "      not RecipeImplementation.create_new_session",
    ]
    signed_in = client.post("/auth/signin", json=form())
    assert list(lines(journal(client, signed_in))) == [
        "RecipeImplementation.get_tenant_id",
        "APIImplementation.sign_in_post",
        "  RecipeImplementation.verify_credentials",
        "    RecipeImplementation.allow_attempt",
        "    RecipeImplementation.record_attempt",
        "  RecipeImplementation.get_tenant",
        "  RecipeImplementation.list_users_by_account_info",
        "  RecipeImplementation.sign_in",
        "    RecipeImplementation.list_users_by_account_info",
        "  RecipeImplementation.is_email_verified",
        "  no_session_after_sign_up",
        "    RecipeImplementation.create_new_session",
        "  RecipeImplementation.mark_factor_as_complete_in_session",
        "    RecipeImplementation.get_tenant",
        "    ask_who_has_an_app",
        "      RecipeImplementation.get_factors_setup_for_user",
        "      RecipeImplementation.get_mfa_requirements_for_auth",
        "        RecipeImplementation.get_required_secondary_factors_for_user",
        "          RecipeImplementation.get_user_metadata",
        "    RecipeImplementation.regenerate_access_token",
    ]


def test_a_sign_up_that_creates_nobody_asks_for_no_session(client: httpx2.Client) -> None:
    """Where the address is taken, there is nobody to make a session for."""
    client.post("/auth/signup", json=form())
    again = client.post("/auth/signup", json=form())
    assert again.json()["status"] == "FIELD_ERROR"
    assert "session" not in str(journal(client, again))


def test_the_journal_has_names_and_no_values(client: httpx2.Client) -> None:
    """Nothing that a client sent, and no token, is in what the page is told."""
    for path in ("/auth/signup", "/auth/signin"):
        response = client.post(path, json=form())
        told = client.get(f"/demo/journal/{response.headers['x-demo-journal']}").text
        assert "ada@example.com" not in told
        assert "analytical1" not in told
        assert all(cookie.value and cookie.value not in told for cookie in client.cookies.jar)


def test_a_call_that_raised_is_told_so(client: httpx2.Client) -> None:
    """A call that ended with an exception is told apart from one that returned."""
    refused = client.get("/demo/protected")
    assert refused.status_code == 401
    outermost = journal(client, refused)[0]
    assert outermost["function"] == "verify_session"
    assert outermost["outcome"] == "raise"


def test_only_the_last_journals_are_kept() -> None:
    """A new journal makes the demo forget the oldest."""
    app = demo_app("http://localhost", "sqlite://")
    journals = Journals(app, keep_last=1)
    first, second = journals.keep(()), journals.keep(())
    assert asyncio.run(journals.show(second)) == {"calls": []}
    with pytest.raises(HTTPException, match="only the last 1 are kept"):
        asyncio.run(journals.show(first))
    app.close()


def test_an_answer_for_which_nothing_ran_has_no_journal(client: httpx2.Client) -> None:
    """The page itself has no journal; asking for one that never was is a 404."""
    assert "x-demo-journal" not in client.get("/").headers
    assert client.get("/demo/journal/none").status_code == 404


def test_the_page_loads_nothing_from_elsewhere(client: httpx2.Client) -> None:
    """All that the page consists of is shipped, and it forbids the browser to load anything else."""
    page = client.get("/")
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["content-security-policy"].startswith("default-src 'self';")
    for name in FORMS:
        assert f'data-form="{name}"' in page.text
        assert "DemoContext" in client.get(f"/forms/{name}.py").text
    for path in ("/page.js", "/page.css", "/icon.svg", "/overrides.py"):
        assert f'"{path}"' in page.text
        assert client.get(path).status_code == 200
    assert "http" not in page.text


def test_a_visitor_repr_holds_no_token() -> None:
    """The check's own objects show no tokens."""
    with httpx2.Client(timeout=PATIENCE_S) as client:
        assert "secret" not in repr(attrs.evolve(Visitor(client, "header"), tokens={"st-access-token": "secret"}))
