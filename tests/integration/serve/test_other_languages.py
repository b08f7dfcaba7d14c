"""A program in Node or in Go beside ``authweave serve``: its webhooks of the configuration, its check of sessions."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from tests.integration.http.serving import HEADERS, as_jwt_part, bearer, form, jwt_part
from tests.integration.webhooks.receiver import SECRET
from tests.integration.webhooks.test_programs import Language, running
from tests.patience import PATIENCE_S

from .running import serving, write_config

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
def test_webhooks_of_the_configuration_and_sessions_by_jwks(language: Language, tmp_path: Path) -> None:
    """Signing up gives no session, signing in does; the program verifies its token, and refuses a forged one."""
    port = write_config(tmp_path)
    file, address = tmp_path / "serve.toml", f"http://localhost:{port}"
    (tmp_path / "webhook.secret").write_text(f"{SECRET}\n")
    with running(language, tmp_path, address, f"{address}/auth") as program:
        algorithm = 'access_token_signing_algorithm = "ES256"\n'  # the programs know RS256, which is the default
        file.write_text(file.read_text().replace(algorithm, "") + WEBHOOKS.format(program=program))
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
