"""Services in other languages verify our access tokens from the JWKS route: here a Node program with ``jose``."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final, cast

import httpx2
import pytest
from fastapi import FastAPI

from authweave import InputAppInfo, init
from authweave.framework.fastapi import get_middleware
from authweave.recipe import emailpassword, session
from authweave.security import PasswordHasher
from authweave.types import JSON
from tests.integration.http.serving import HEADERS, as_jwt_part, jwt_part, serving, sign_up
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.node

NODE: Final = Path(__file__).parents[1] / "node"
INFO: Final = InputAppInfo(app_name="Node", api_domain="http://localhost:8000", website_domain="http://localhost:3000")
ISSUER: Final = "http://localhost:8000/auth"


@pytest.fixture(scope="module", params=["dynamic", "static"])
def client(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """Serve an application that signs with a key of either kind."""
    auth = init(
        INFO,
        [emailpassword.init(), session.init(use_dynamic_access_token_signing_key=request.param == "dynamic")],
        storage=f"sqlite:///{tmp_path_factory.mktemp('node') / 'auth.db'}",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )
    app = FastAPI()
    app.add_middleware(get_middleware(), app=auth)
    with serving(app) as address, httpx2.Client(base_url=address, timeout=PATIENCE_S) as client:
        yield client
    auth.close()


def verified(client: httpx2.Client, *tokens: str) -> list[dict[str, JSON]]:
    """Return what the Node program says of tokens: the claims of each, or the code of its refusal."""
    node = shutil.which("node")
    assert node is not None
    assert (NODE / "node_modules" / "jose").is_dir(), "run: npm ci --prefix tests/node"
    command = [node, "verify.mjs", f"{client.base_url}/auth/jwt/jwks.json", ISSUER, *tokens]
    done = subprocess.run(command, cwd=NODE, capture_output=True, text=True, check=False, timeout=PATIENCE_S)  # noqa: S603  our own
    assert done.returncode == 0, done.stderr
    return cast("list[dict[str, JSON]]", json.loads(done.stdout))  # what verify.mjs prints


def test_a_token_of_ours(client: httpx2.Client) -> None:
    """The claims that Node reads from a verified token are those that we signed."""
    answer = sign_up(client, "ours@example.com", HEADERS)
    token = answer.headers["st-access-token"]
    assert verified(client, token) == [{"claims": jwt_part(token, 1)}]
    assert jwt_part(token, 1)["sub"] == answer.json()["user"]["id"]


def test_tokens_that_were_tampered_with(client: httpx2.Client) -> None:
    """Another claim, another letter of the signature, another algorithm or an unknown key: each is refused."""
    token = sign_up(client, "tampered@example.com", HEADERS).headers["st-access-token"]
    head, payload, signature = token.split(".")
    header, claims = jwt_part(token, 0), jwt_part(token, 1)
    flipped = ("B" if signature[0] == "A" else "A") + signature[1:]
    refusals = verified(
        client,
        f"{head}.{as_jwt_part(claims | {'sub': 'somebody-else'})}.{signature}",
        f"{head}.{payload}.{flipped}",
        f"{as_jwt_part(header | {'alg': 'none'})}.{payload}.",
        f"{as_jwt_part(header | {'alg': 'HS256'})}.{payload}.{signature}",
        f"{as_jwt_part(header | {'kid': 'd-1'})}.{payload}.{signature}",
    )
    assert refusals == [
        {"refused": "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"},
        {"refused": "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"},
        {"refused": "ERR_JOSE_ALG_NOT_ALLOWED"},
        {"refused": "ERR_JOSE_ALG_NOT_ALLOWED"},
        {"refused": "ERR_JWKS_NO_MATCHING_KEY"},
    ]


def test_a_refreshed_token(client: httpx2.Client) -> None:
    """The token that a refresh gives is verified as the first was."""
    answer = sign_up(client, "refreshed@example.com", HEADERS)
    proof = {"authorization": f"Bearer {answer.headers['st-refresh-token']}"}
    refreshed = client.post("/auth/session/refresh", headers=proof)
    (result,) = verified(client, refreshed.headers["st-access-token"])
    claims = cast("dict[str, JSON]", result["claims"])  # what verify.mjs prints
    assert claims["parentRefreshTokenHash1"] is not None
