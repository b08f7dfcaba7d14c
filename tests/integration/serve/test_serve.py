"""The real command: what it serves, what it logs, how it ends."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.integration.http.serving import jwt_part
from tests.patience import PATIENCE_S
from tests.ports import kept_port

from .running import (
    KEY,
    PAGE,
    PASSWORD,
    SECRET,
    SERVICE,
    Running,
    blocks,
    command,
    environment,
    run_lines,
    send_form,
    serving,
    sign_up,
    write_config,
)

pytestmark = [pytest.mark.processes, pytest.mark.sockets]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Running]:
    """Serve for the tests of a module that leave it as it is."""
    folder = tmp_path_factory.mktemp("serve")
    with kept_port() as port:
        write_config(folder, port)
        with serving(folder, port, "serve.toml") as running:
            yield running


def test_a_website_asks_with_cookies_and_another_one_may_not(server: Running) -> None:
    """The preflight of the configured website is granted, with what the frontends send; that of another is not."""
    for origin, status in (("http://localhost:3000", 200), ("https://evil.example", 400)):
        asked = {"origin": origin, "access-control-request-method": "POST", "access-control-request-headers": "rid"}
        answer = httpx2.options(f"{server.url}/auth/signin", headers=asked, timeout=PATIENCE_S)
        assert answer.status_code == status
        assert (answer.headers.get("access-control-allow-origin") == origin) is (status == 200)
    answer = sign_up(server.url, "origin@example.com")
    assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert "st-access-token" in answer.headers["access-control-expose-headers"]


def test_every_line_of_the_log_is_json_without_secrets(server: Running) -> None:
    """Each request has a line with the id that its answer has; tokens, keys, passwords and queries are in none."""
    answer = sign_up(server.url, "log@example.com")
    token = answer.headers["st-access-token"]
    httpx2.get(
        f"{server.url}/auth/jwt/jwks.json?token={token}",
        headers={"x-request-id": "from-the-proxy-1"},
        timeout=PATIENCE_S,
    )
    own = httpx2.get(f"{server.url}/nothing", headers={"x-request-id": "short"}, timeout=PATIENCE_S)
    assert server.logged(event="request", request_id="from-the-proxy-1")["path"] == "/auth/jwt/jwks.json"
    assert server.logged(event="request", request_id=answer.headers["x-request-id"])["status"] == 200
    assert server.logged(event="request", request_id=own.headers["x-request-id"])["status"] == 404
    text = server.log.read_text()
    for secret in (token, answer.headers["st-refresh-token"], PASSWORD, KEY, SECRET):
        assert secret not in text


def test_the_status_is_for_who_runs_it(server: Running) -> None:
    """This machine sees a page, or JSON; who comes past a proxy, or by another name, sees that there is nothing."""
    page = httpx2.get(f"{server.url}/status", headers={"accept": "text/html"}, timeout=PATIENCE_S)
    assert "POST /auth/api/session/create" in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    told = httpx2.get(f"{server.url}/status", timeout=PATIENCE_S).json()
    assert (told["storage"], told["workers"]) == ("sqlite", 1)
    assert KEY not in page.text
    assert "auth.db" not in page.text
    for headers in ({"x-forwarded-for": "203.0.113.7"}, {"x-forwarded-proto": "https"}, {"host": "rebound.example"}):
        assert httpx2.get(f"{server.url}/status", headers=headers, timeout=PATIENCE_S).status_code == 404
        with_key = {**headers, "authorization": f"Bearer {KEY}"}
        assert httpx2.get(f"{server.url}/status", headers=with_key, timeout=PATIENCE_S).status_code == 200


def test_the_environment_alone_configures_it(tmp_path: Path, port: int) -> None:
    """Without a file, variables say all; a secret comes from a file that one names."""
    write_config(tmp_path, port)
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


def test_a_database_keeps_its_algorithm(tmp_path: Path, port: int) -> None:
    """One that began with RS256 goes on with it when nothing says so any more, and the sessions go on too."""
    write_config(tmp_path, port)
    name = "AUTHWEAVE_SERVE_SESSION_ACCESS_TOKEN_SIGNING_ALGORITHM"
    with serving(tmp_path, port, "serve.toml", **{name: "RS256"}) as server:
        tokens = [sign_up(server.url, "ada@example.com").headers["st-access-token"]]
        assert server.stop() == 0
    with serving(tmp_path, port, "serve.toml") as server, server.client() as client:
        tokens.append(send_form(server.url, "signin", "ada@example.com").headers["st-access-token"])
        for each in tokens:
            assert jwt_part(each, 0)["alg"] == "RS256"
            answer = client.post("/session/verify", json={"accessToken": each, "doAntiCsrfCheck": False})
            assert answer.json()["status"] == "OK"


def test_a_wrong_configuration_ends_the_command_with_all_faults(tmp_path: Path, port: int) -> None:
    """Each is told with its line, values are not shown, and there is no traceback."""
    write_config(tmp_path, port)
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


def test_a_port_that_is_taken_is_told(tmp_path: Path, port: int, server: Running) -> None:
    """The command ends with 1, and says which settings to change."""
    write_config(tmp_path, port)
    file = tmp_path / "serve.toml"
    taken = server.url.rpartition(":")[2]
    lines = [f"port = {taken}" if each.startswith("port = ") else each for each in file.read_text().splitlines()]
    file.write_text("\n".join(lines))
    ended = run_to_its_end(tmp_path, "serve.toml")
    assert ended.returncode == 1
    assert "server.port" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_lines_of_the_page_work(tmp_path: Path, port: int) -> None:
    """The page's configuration is served, and its curl lines answer what the page says."""
    page = PAGE.read_text()
    write_config(tmp_path, port)
    (tmp_path / "serve.toml").write_text(blocks(page, "toml")[0].replace("3567", str(port)))
    for_shell = [each.replace("3567", str(port)) for each in blocks(page, "sh")[1:]]  # it is installed
    prepare = [line for line in for_shell[0].splitlines() if line != "authweave serve serve.toml"]
    assert len(prepare) == 2
    run_lines(tmp_path, prepare[0])
    assert run_to_its_end(tmp_path, "serve.toml", "--check").returncode == 0
    with serving(tmp_path, port, "serve.toml"):
        asked = "\n".join(for_shell[1:]).splitlines()
        said = run_lines(tmp_path, "\n".join(each for each in asked if SERVICE not in each))
    answers = decoded(said)
    assert [each["status"] for each in answers if "status" in each] == ["OK"] * 6
    assert answers[0]["user"]["emails"] == ["ada@example.com"]
    assert answers[4]["count"] == 1


def decoded(text: str) -> list[dict[str, Any]]:  # Any: JSON
    """Return the JSON objects that stand one after the other in a text."""
    decoder = json.JSONDecoder()
    found: list[dict[str, Any]] = []  # Any: as above
    while text := text.lstrip():
        value, end = decoder.raw_decode(text)
        found.append(value)
        text = text[end:]
    return found
