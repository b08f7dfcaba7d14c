"""A program in Node or in Go beside ``authweave serve``: its webhooks of the configuration, its check of sessions."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2
import pytest

from tests.integration.http.serving import HEADERS, as_jwt_part, bearer, form, jwt_part
from tests.integration.webhooks.receiver import SECRET
from tests.integration.webhooks.test_programs import JOSE, ROOT, Language, running
from tests.patience import PATIENCE_S
from tests.ports import kept_port

from .running import PAGE, blocks, run_lines, serving, write_config

pytestmark = [pytest.mark.processes, pytest.mark.sockets]

WEBHOOKS = """
[[webhooks]]
function = "emailpassword.sign_up"
url = "{program}/webhooks"
secret_file = "webhook.secret"
when = "after"
timeout_s = 60

[[webhooks]]
function = "session.create_new_session"
url = "{program}/webhooks"
secret_file = "webhook.secret"
timeout_s = 60
"""


@pytest.mark.parametrize(
    "language", [pytest.param("node", marks=pytest.mark.node), pytest.param("go", marks=pytest.mark.go)]
)
def test_webhooks_of_the_configuration_and_sessions_by_jwks(language: Language, tmp_path: Path, port: int) -> None:
    """Signing up gives no session, signing in does; the program verifies its token, and refuses a forged one."""
    write_config(tmp_path, port)
    file, address = tmp_path / "serve.toml", f"http://localhost:{port}"
    (tmp_path / "webhook.secret").write_text(f"{SECRET}\n")
    with running(language, tmp_path, address, f"{address}/auth") as program:
        file.write_text(file.read_text() + WEBHOOKS.format(program=program))
        with serving(tmp_path, port, "serve.toml") as server, httpx2.Client(timeout=PATIENCE_S) as client:
            signed_up = client.post(f"{server.url}/auth/signup", json=form(), headers=HEADERS)
            assert signed_up.json()["status"] == "OK"
            assert "st-access-token" not in signed_up.headers
            signed_in = client.post(f"{server.url}/auth/signin", json=form(), headers=HEADERS)
            token = signed_in.headers["st-access-token"]
            mine = client.get(f"{program}/me", headers=bearer(signed_in))
            assert mine.json() == {"user": signed_up.json()["user"]["id"]}
            head, _, signature = token.split(".")
            forged = f"{head}.{as_jwt_part(jwt_part(token, 1) | {'sub': 'somebody'})}.{signature}"
            assert client.get(f"{program}/me", headers={"authorization": f"Bearer {forged}"}).status_code == 401
        assert SECRET not in server.log.read_text()


@contextmanager
def service(language: Language, folder: Path, port: int, server_port: int) -> Generator[None]:
    """Run the program of the page in a language, and wait until it answers."""
    (source,) = blocks(PAGE.read_text(), "js" if language == "node" else "go")
    source = source.replace("4000", str(port)).replace("3567", str(server_port))
    program = shutil.which(language)
    assert program is not None, f"install {language}, or leave the tests out with -m 'not {language}'"
    if language == "node":
        jose = Path(os.environ.get("AUTHWEAVE_NODE_MODULES", ROOT / "tests" / "node" / "node_modules")) / "jose" / JOSE
        (folder / "service.mjs").write_text(source.replace('from "jose"', f'from "{jose.as_uri()}"'))
        command = [program, "service.mjs"]
    else:
        (folder / "service.go").write_text(source)
        variables = os.environ | {"GOCACHE": str(folder / "cache"), "GO111MODULE": "off"}
        build = [program, "build", "-o", "service", "service.go"]
        subprocess.run(build, check=True, cwd=folder, env=variables)  # noqa: S603  our own
        command = [str(folder / "service")]
    with subprocess.Popen(command, cwd=folder) as process:  # noqa: S603  our own
        try:
            deadline = time.monotonic() + PATIENCE_S
            while time.monotonic() < deadline:
                assert process.poll() is None, "the program ended at once"
                with suppress(httpx2.TransportError):
                    assert httpx2.get(f"http://localhost:{port}/", timeout=PATIENCE_S).status_code == 401
                    break
                time.sleep(0.05)  # a program of theirs tells nobody when it begins to listen
            yield
        finally:
            process.kill()


@pytest.mark.parametrize(
    "language", [pytest.param("node", marks=pytest.mark.node), pytest.param("go", marks=pytest.mark.go)]
)
def test_the_services_of_the_page_know_who_asks(language: Language, tmp_path: Path, port: int) -> None:
    """Who has signed up by the page's line is greeted by its program; a token that is none is refused."""
    write_config(tmp_path, port)
    with (
        kept_port() as its_port,
        serving(tmp_path, port, "serve.toml") as server,
        service(language, tmp_path, its_port, port),
        server.client() as client,
    ):
        lines = "\n".join(blocks(PAGE.read_text(), "sh")[2:4])
        said = run_lines(tmp_path, lines.replace("3567", str(port)).replace("4000", str(its_port)))
        (user,) = client.get("/users").json()["users"]
        assert said.endswith(f"Hello {user['id']}\n")
        forged = {"authorization": "Bearer a.b.c"}
        assert httpx2.get(f"http://localhost:{its_port}/", headers=forged, timeout=PATIENCE_S).status_code == 401
