"""What becomes of cookie sessions when ``anti_csrf`` is switched, over real HTTP: a refresh heals them."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from authweave.app import init
from authweave.recipe import emailpassword, session
from authweave.recipe.session.types import AntiCsrfMode
from authweave.security import PasswordHasher
from authweave.types import InputAppInfo
from tests.patience import PATIENCE_S

from .conftest import web_app
from .serving import COOKIES, serving, sign_up


@contextmanager
def served(folder: Path, anti_csrf: AntiCsrfMode, jar: httpx2.Cookies | None = None) -> Generator[httpx2.Client]:
    """Serve an application on one store for a block, to a browser with its cookies."""
    auth = init(
        InputAppInfo("Switched", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init(anti_csrf=anti_csrf)],
        storage=f"sqlite:///{folder / 'auth.db'}",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )
    with (
        serving(web_app(auth)) as address,
        httpx2.Client(base_url=address, cookies=jar, headers=COOKIES, verify=False, timeout=PATIENCE_S) as client,
    ):
        yield client
    auth.close()


def test_a_refresh_heals_a_session_without_an_anti_csrf_token(tmp_path: Path) -> None:
    """Made under NONE, it is refreshed under VIA_TOKEN without one; its next refresh, and each change, asks for one."""
    with served(tmp_path, "NONE") as client:
        sign_up(client, "ada@example.com", COOKIES)
        assert client.post("/me").status_code == 200
        jar = client.cookies
    with served(tmp_path, "VIA_TOKEN", jar) as client:
        assert client.get("/me").status_code == 200
        refused = client.post("/me")
        assert (refused.status_code, refused.json()) == (401, {"message": "try refresh token"})
        assert "set-cookie" not in refused.headers
        healed = client.post("/auth/session/refresh")
        assert (healed.status_code, healed.json()) == (200, {})
        assert client.post("/me").status_code == 401
        proof = {"anti-csrf": healed.headers["anti-csrf"]}
        assert client.post("/me", headers=proof).status_code == 200
        again = client.post("/auth/session/refresh", headers=proof)
        assert again.status_code == 200
        without = client.post("/auth/session/refresh")
        assert (without.status_code, without.json()) == (401, {"message": "unauthorised"})
        assert without.headers["front-token"] == "remove"


def test_a_lost_answer_is_given_again(tmp_path: Path) -> None:
    """Whose answer to the refresh that heals was lost asks again with the same token, and gets the same tokens."""
    with served(tmp_path, "NONE") as client:
        sign_up(client, "ada@example.com", COOKIES)
        refresh_token = client.cookies["sRefreshToken"]
    answers: list[tuple[str, str]] = []
    for _ in range(2):
        with served(tmp_path, "VIA_TOKEN") as client:
            answer = client.post("/auth/session/refresh", headers={"cookie": f"sRefreshToken={refresh_token}"})
            answers.append((client.cookies["sRefreshToken"], answer.headers["anti-csrf"]))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("first", ["NONE", "VIA_TOKEN"])
def test_servers_that_differ_for_a_while(tmp_path: Path, first: AntiCsrfMode) -> None:
    """While the switch is deployed, a client that is served by the one and by the other stays signed in."""
    with served(tmp_path, first) as one, served(tmp_path, "NONE" if first == "VIA_TOKEN" else "VIA_TOKEN") as other:
        answer = sign_up(one, "ada@example.com", COOKIES)
        jar, proof = one.cookies, answer.headers.get("anti-csrf")
        for client in (other, one, one, other, other):
            client.cookies = jar
            answer = client.post("/auth/session/refresh", headers={} if proof is None else {"anti-csrf": proof})
            assert answer.status_code == 200
            jar, proof = client.cookies, answer.headers.get("anti-csrf")
            assert client.get("/me").status_code == 200


def test_switching_back(tmp_path: Path) -> None:
    """Under NONE nothing is asked for that was made under VIA_TOKEN."""
    with served(tmp_path, "VIA_TOKEN") as client:
        sign_up(client, "ada@example.com", COOKIES)
        jar = client.cookies
    with served(tmp_path, "NONE", jar) as client:
        assert client.post("/me").status_code == 200
        refreshed = client.post("/auth/session/refresh")
        assert refreshed.status_code == 200
        assert "anti-csrf" not in refreshed.headers
