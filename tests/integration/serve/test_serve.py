"""The real command: what it serves, what it logs, how it ends."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any, Final

import httpx2
import pytest

from tests.patience import PATIENCE_S

from .running import KEY, Running, blocks, command, environment, serving, write_config

pytestmark = [pytest.mark.processes, pytest.mark.sockets]

PAGE: Final = Path(__file__).parents[3] / "docs" / "how-to" / "serve.md"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Running]:
    """Serve for the tests of a module that leave it as it is."""
    folder = tmp_path_factory.mktemp("serve")
    with serving(folder, write_config(folder), "serve.toml") as running:
        yield running


def sign_up(url: str, email: str) -> httpx2.Response:
    """Sign somebody up, as a frontend does."""
    fields = [{"id": "email", "value": email}, {"id": "password", "value": "correct horse 1"}]
    return httpx2.post(
        f"{url}/auth/signup",
        json={"formFields": fields},
        headers={"st-auth-mode": "header", "origin": "http://localhost:3000"},
        timeout=PATIENCE_S,
    )


def test_a_program_looks_after_sessions_and_users(server: Running) -> None:
    """A user who signed up is found, given a role and a session; revoked, disabled and deleted, with what belongs."""
    user_id = sign_up(server.url, "grace@example.com").json()["user"]["id"]
    with server.client() as client:
        found = client.get("/users", params={"email": "grace@example.com"}).json()
        assert [each["id"] for each in found["users"]] == [user_id]
        assert client.post("/role/create", json={"role": "editor", "permissions": ["write"]}).json()["status"] == "OK"
        assert client.post("/user/roles/add", json={"userId": user_id, "role": "editor"}).json() == {
            "status": "OK",
            "didUserAlreadyHaveRole": False,
        }
        made = client.post("/session/create", json={"userId": user_id, "sessionData": {"device": "phone"}}).json()
        assert made["session"]["accessTokenPayload"]["st-role"]["v"] == ["editor"]
        tokens, handle = made["tokens"], made["session"]["sessionHandle"]
        verified = client.post("/session/verify", json={"accessToken": tokens["accessToken"]}).json()
        assert (verified["status"], verified["session"]["userId"]) == ("OK", user_id)
        known = client.get("/session", params={"sessionHandle": handle}).json()
        assert known["session"]["sessionData"] == {"device": "phone"}
        renewed = client.post("/session/refresh", json={"refreshToken": tokens["refreshToken"]}).json()
        assert (renewed["status"], renewed["session"]["sessionHandle"]) == ("OK", handle)
        assert handle in client.get("/sessions", params={"userId": user_id}).json()["sessionHandles"]
        assert client.post("/session/revoke", json={"sessionHandles": [handle]}).json()["revoked"] == [handle]
        token = {"accessToken": renewed["tokens"]["accessToken"], "checkDatabase": True}
        assert client.post("/session/verify", json=token).json()["status"] == "UNAUTHORISED"
        update = {"userId": user_id, "metadata": {"plan": "free"}}
        assert client.post("/user/metadata", json=update).json()["metadata"] == {"plan": "free"}
        assert client.post("/user/disable", json={"userId": user_id}).json() == {"status": "OK"}
        assert client.post("/session/create", json={"userId": user_id}).json()["status"] == "SESSION_REFUSED"
        assert client.post("/user/enable", json={"userId": user_id}).json() == {"status": "OK"}
        assert client.post("/user/delete", json={"userId": user_id}).json() == {"status": "OK"}
        assert client.get("/user", params={"userId": user_id}).json() == {"status": "UNKNOWN_USER_ERROR"}


def test_a_website_asks_with_cookies_and_another_one_may_not(server: Running) -> None:
    """The preflight of the configured website is granted, with what the frontends send; that of another is not."""
    for origin, status in (("http://localhost:3000", 200), ("https://evil.example", 400)):
        asked = {"origin": origin, "access-control-request-method": "POST", "access-control-request-headers": "rid"}
        answer = httpx2.options(f"{server.url}/auth/signin", headers=asked)
        assert answer.status_code == status
        assert (answer.headers.get("access-control-allow-origin") == origin) is (status == 200)
    answer = sign_up(server.url, "origin@example.com")
    assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert "st-access-token" in answer.headers["access-control-expose-headers"]


def test_every_line_of_the_log_is_json_without_secrets(server: Running) -> None:
    """Each request has a line with the id that its answer has; tokens, keys, passwords and queries are in none."""
    answer = sign_up(server.url, "log@example.com")
    token = answer.headers["st-access-token"]
    httpx2.get(f"{server.url}/auth/jwt/jwks.json?token={token}", headers={"x-request-id": "from-the-proxy-1"})
    own = httpx2.get(f"{server.url}/nothing", headers={"x-request-id": "short"})
    records = {each.get("request_id"): each for each in server.records() if each.get("event") == "request"}
    assert records["from-the-proxy-1"]["path"] == "/auth/jwt/jwks.json"
    assert records[answer.headers["x-request-id"]]["status"] == 200
    assert records[own.headers["x-request-id"]]["status"] == 404
    text = server.log.read_text()
    for secret in (token, answer.headers["st-refresh-token"], "correct horse", KEY):
        assert secret not in text


def test_the_status_is_for_who_runs_it(server: Running) -> None:
    """This machine sees a page, or JSON; who comes past a proxy, or by another name, sees that there is nothing."""
    page = httpx2.get(f"{server.url}/status", headers={"accept": "text/html"})
    assert "POST /auth/api/session/create" in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    told = httpx2.get(f"{server.url}/status").json()
    assert (told["storage"], told["workers"]) == ("sqlite", 1)
    assert KEY not in page.text
    assert "auth.db" not in page.text
    for headers in ({"x-forwarded-for": "203.0.113.7"}, {"host": "rebound.example"}):
        assert httpx2.get(f"{server.url}/status", headers=headers).status_code == 404
        with_key = {**headers, "authorization": f"Bearer {KEY}"}
        assert httpx2.get(f"{server.url}/status", headers=with_key).status_code == 200


def load(url: str, stopped: Event, number: int) -> Counter[str]:
    """Sign people up, one after the other, until the server takes no more; return what came of them."""
    seen: Counter[str] = Counter()
    while not stopped.is_set():
        try:
            answer = sign_up(url, f"{number}-{seen.total()}@example.com")
        except httpx2.ConnectError:
            return seen
        except httpx2.TransportError as error:
            seen[type(error).__name__] += 1
            return seen
        seen[str(answer.status_code)] += 1
    return seen


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_sigterm_under_load_answers_what_has_begun_and_ends_with_0(tmp_path: Path, workers: int) -> None:
    """Who was being signed up is told so, and nobody else is in the database."""
    with serving(tmp_path, write_config(tmp_path, workers=workers), "serve.toml") as running:
        stopped = Event()
        with ThreadPoolExecutor(4) as clients:
            loads = [clients.submit(load, running.url, stopped, number) for number in range(4)]
            with running.client() as client:
                while client.get("/users/count").json()["count"] < 4:
                    pass
            status = running.stop()
            stopped.set()
        seen = sum((each.result() for each in loads), Counter[str]())
    assert status == 0
    # A connection that was accepted by the system and not yet by the server is closed without an answer.
    assert set(seen) <= {"200", "ReadError", "RemoteProtocolError"}
    ended = [each for each in running.records() if each.get("event") == "ended"]
    assert len(ended) == 1
    answered = seen["200"]
    logged = [each for each in running.records() if each.get("path") == "/auth/signup"]
    assert [each["status"] for each in logged] == [200] * answered
    with closing(sqlite3.connect(tmp_path / "auth.db")) as database:
        assert database.execute("SELECT count(*) FROM authweave_users").fetchone() == (answered,)


@pytest.mark.slow
def test_two_workers_know_the_same_sessions(tmp_path: Path) -> None:
    """A session that one made, any of them verifies: each request has a connection of its own."""
    with serving(tmp_path, write_config(tmp_path, workers=2), "serve.toml") as running:
        user_id = sign_up(running.url, "ada@example.com").json()["user"]["id"]
        for _ in range(8):
            with running.client() as client:
                made = client.post("/session/create", json={"userId": user_id}).json()
            with running.client() as client:
                token = {"accessToken": made["tokens"]["accessToken"], "checkDatabase": True}
                answer = client.post("/session/verify", json=token).json()
                assert answer["status"] == "OK", answer
        started = {each["message"] for each in running.records() if "Started server process" in str(each["message"])}
        assert len(started) == 2
        assert running.stop() == 0


def test_the_environment_alone_configures_it(tmp_path: Path) -> None:
    """Without a file, variables say all; a secret comes from a file that one names."""
    port = write_config(tmp_path)
    variables = {
        "AUTHWEAVE_SERVE_APP_NAME": "Test",
        "AUTHWEAVE_SERVE_APP_API_DOMAIN": f"http://localhost:{port}",
        "AUTHWEAVE_SERVE_APP_WEBSITE_DOMAIN": "http://localhost:3000",
        "AUTHWEAVE_SERVE_SERVER_PORT": str(port),
        "AUTHWEAVE_SERVE_STORAGE_URL": "sqlite:///auth.db",
        "AUTHWEAVE_SERVE_API_KEYS_FILE": str(tmp_path / "api.key"),
        "AUTHWEAVE_SERVE_EMAILPASSWORD_SIGN_UP_API": "true",
    }
    with serving(tmp_path, port, **variables) as running:
        assert sign_up(running.url, "ada@example.com").json()["status"] == "OK"
        with running.client() as client:
            assert client.get("/users/count").json() == {"status": "OK", "count": 1}


def run_to_its_end(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command until it ends."""
    return subprocess.run(  # noqa: S603  this interpreter
        command(*arguments), capture_output=True, text=True, check=False, cwd=folder, env=environment()
    )


def test_a_wrong_configuration_ends_the_command_with_all_faults(tmp_path: Path) -> None:
    """Each is told with its line, values are not shown, and there is no traceback."""
    write_config(tmp_path)
    (tmp_path / "serve.toml").write_text(
        '[app]\nname = 1\n[api]\nkeys = ["too short"]\n[storage]\nurl = "hunter2://"\n'
    )
    for arguments in (("serve.toml",), ("serve.toml", "--check")):
        ended = run_to_its_end(tmp_path, *arguments)
        assert ended.returncode == 1
        said = " ".join(ended.stderr.split())
        for line in ("serve.toml:1: app.api_domain", "serve.toml:2: app.name", "serve.toml:4: api.keys"):
            assert line in said
        assert "Traceback" not in said
        assert "too short" not in said


def test_a_port_that_is_taken_is_told(tmp_path: Path, server: Running) -> None:
    """The command ends with 1, and says which settings to change."""
    write_config(tmp_path)
    file = tmp_path / "serve.toml"
    taken = server.url.rpartition(":")[2]
    lines = [f"port = {taken}" if each.startswith("port = ") else each for each in file.read_text().splitlines()]
    file.write_text("\n".join(lines))
    ended = run_to_its_end(tmp_path, "serve.toml")
    assert ended.returncode == 1
    assert "server.port" in ended.stderr
    assert "Traceback" not in ended.stderr


BREAKS_WHAT_THE_WORKERS_READ: Final = """
from pathlib import Path
from authweave.serving import _server
_server.announce = lambda *_: Path("serve.toml").write_text("[app]")
_server.run(Path("serve.toml"))
"""


def test_a_worker_that_cannot_start_ends_the_server_with_the_reason(tmp_path: Path) -> None:
    """It is not started again and again: the command ends with 1, and the log says what is wrong."""
    write_config(tmp_path, workers=2)
    ended = subprocess.run(  # noqa: S603  this interpreter
        [sys.executable, "-c", BREAKS_WHAT_THE_WORKERS_READ],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=environment(),
        timeout=PATIENCE_S,
    )
    assert ended.returncode == 1
    failed = [each for each in map(json.loads, ended.stdout.splitlines()) if each.get("event") == "worker_failed"]
    assert "app.api_domain" in failed[0]["message"]


def test_the_lines_of_the_page_work(tmp_path: Path) -> None:
    """The page's configuration is served, and its curl lines answer what the page says."""
    page, port = PAGE.read_text(), str(write_config(tmp_path))
    (tmp_path / "serve.toml").write_text(blocks(page, "toml")[0].replace("3567", port))
    for_shell = [each.replace("3567", port) for each in blocks(page, "sh")[1:]]  # it is installed
    prepare = [line for line in for_shell[0].splitlines() if line != "authweave serve serve.toml"]
    assert len(prepare) == 2
    run_lines(tmp_path, prepare[0])
    assert run_to_its_end(tmp_path, "serve.toml", "--check").returncode == 0
    with serving(tmp_path, int(port), "serve.toml"):
        said = run_lines(tmp_path, "\n".join(for_shell[1:]))
    answers = decoded(said)
    assert [each["status"] for each in answers if "status" in each] == ["OK"] * 6
    assert answers[0]["user"]["emails"] == ["ada@example.com"]
    assert answers[4]["count"] == 1


def run_lines(folder: Path, lines: str) -> str:
    """Run lines of a shell, and return what they print."""
    run = subprocess.run(  # noqa: S603  lines of our own page
        ["/bin/sh", "-ec", lines], capture_output=True, text=True, check=True, cwd=folder, env=environment()
    )
    return run.stdout


def decoded(text: str) -> list[dict[str, Any]]:  # Any: JSON
    """Return the JSON objects that stand one after the other in a text."""
    decoder = json.JSONDecoder()
    found: list[dict[str, Any]] = []  # Any: as above
    while text := text.lstrip():
        value, end = decoder.raw_decode(text)
        found.append(value)
        text = text[end:]
    return found
