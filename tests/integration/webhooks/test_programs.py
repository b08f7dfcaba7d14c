"""The example of the user-context page, no session after a sign-up, overridden from Node and from Go."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal, TypeAlias

import httpx2
import pytest
from fastapi import FastAPI

from authweave.framework.fastapi import get_middleware
from authweave.webhooks import Webhook
from tests.integration.http.serving import HEADERS, as_jwt_part, bearer, form, jwt_part, serving
from tests.integration.webhooks.conftest import NewApp
from tests.integration.webhooks.receiver import SECRET, signature
from tests.patience import PATIENCE_S

ROOT: Final = Path(__file__).parents[3]
PROGRAMS: Final = ROOT / "examples" / "webhooks"
JOSE: Final = Path("dist", "webapi", "index.js")
Language: TypeAlias = Literal["node", "go"]


def command(language: Language, folder: Path) -> list[str]:
    """Return what runs the program; the one in Go is compiled first."""
    program = shutil.which(language)
    assert program is not None, f"install {language}, or leave the tests out with -m 'not {language}'"
    if language == "node":
        return [program, str(PROGRAMS / "node" / "webhooks.mjs")]
    built = str(folder / "webhooks")
    environment = os.environ | {"GOCACHE": str(folder / "cache"), "GOFLAGS": "-mod=mod", "GO111MODULE": "off"}
    subprocess.run([program, "build", "-o", built, str(PROGRAMS / "go" / "main.go")], check=True, env=environment)  # noqa: S603  our own
    return [built]


@contextmanager
def running(
    language: Language, folder: Path, server: str, issuer: str = "http://localhost:8000/auth"
) -> Generator[str]:
    """Run a program for a block, beside a server whose tokens have some issuer; yields its address."""
    jose = Path(os.environ.get("AUTHWEAVE_NODE_MODULES", ROOT / "tests" / "node" / "node_modules")) / "jose" / JOSE
    environment = os.environ | {
        "WEBHOOK_SECRET": SECRET,
        "JWKS_URL": f"{server}/auth/jwt/jwks.json",
        "ISSUER": issuer,
        "JOSE": jose.as_uri(),
    }
    with subprocess.Popen(command(language, folder), stdout=subprocess.PIPE, text=True, env=environment) as process:  # noqa: S603  our own
        killer = threading.Timer(PATIENCE_S, process.kill)
        killer.start()
        try:
            assert process.stdout is not None
            port = process.stdout.readline().strip()
            assert port, "the program ended at once"
            yield f"http://127.0.0.1:{port}"
        finally:
            killer.cancel()
            process.kill()


@pytest.mark.parametrize(
    "language", [pytest.param("node", marks=pytest.mark.node), pytest.param("go", marks=pytest.mark.go)]
)
def test_no_session_after_a_sign_up(language: Language, tmp_path: Path, new_app: NewApp) -> None:
    """Signing up gives no session, signing in does; the program verifies its token, and refuses a forged one."""
    web = FastAPI()
    with (
        serving(web) as address,
        running(language, tmp_path, address) as program,
        httpx2.Client(base_url=address, timeout=PATIENCE_S) as client,
    ):
        hook = f"{program}/webhooks"
        auth = new_app(
            Webhook("emailpassword.sign_up", hook, SECRET, when="after", timeout_s=60),
            Webhook("session.create_new_session", hook, SECRET, timeout_s=60),
        )
        web.add_middleware(get_middleware(), app=auth)
        signed_up = client.post("/auth/signup", json=form(), headers=HEADERS)
        assert signed_up.json()["status"] == "OK"
        assert "st-access-token" not in signed_up.headers
        signed_in = client.post("/auth/signin", json=form(), headers=HEADERS)
        token = signed_in.headers["st-access-token"]
        mine = httpx2.get(f"{program}/me", headers=bearer(signed_in), timeout=PATIENCE_S)
        assert mine.json() == {"user": signed_up.json()["user"]["id"]}
        head, _, signed_with = token.split(".")
        forged = f"{head}.{as_jwt_part(jwt_part(token, 1) | {'sub': 'somebody'})}.{signed_with}"
        refused = httpx2.get(f"{program}/me", headers={"authorization": f"Bearer {forged}"}, timeout=PATIENCE_S)
        assert refused.status_code == 401
        unsigned = httpx2.post(hook, content=b"{}", headers={"webhook-id": "msg_1"}, timeout=PATIENCE_S)
        assert unsigned.status_code == 401
        long = httpx2.post(hook, content=b" " * 65_537, headers={"webhook-id": "msg_1"}, timeout=PATIENCE_S)
        assert long.status_code == 413
        now = str(int(time.time()))
        old = str(int(time.time()) - 600)
        for at, body, status in ((now, b"{", 400), (now, b"\xff", 400), (old, b"{}", 401)):
            signed = {"webhook-id": "msg_1", "webhook-timestamp": at}
            signed["webhook-signature"] = f"v1,x {signature(SECRET, b'msg_1', at.encode(), body)}"
            assert httpx2.post(hook, content=body, headers=signed, timeout=PATIENCE_S).status_code == status
