"""The examples of frameworks without an adapter, each on a real server (docs/how-to/other-frameworks.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import httpx2
import pytest

from authweave.app import App, init
from authweave.recipe import emailpassword, session
from authweave.security import PasswordHasher
from authweave.types import InputAppInfo
from tests.integration.frameworks.serving import waitress
from tests.integration.http.serving import bearer, serving, sign_up
from tests.patience import PATIENCE_S

needs_sanic = pytest.mark.skipif(find_spec("sanic") is None, reason="sanic, which brings uvloop, is not in `dev`")

with_lifespan = partial(serving, lifespan="on")  # which Sanic needs

PROGRAMS: tuple[Any, ...] = (  # Any: pytest's parameters
    pytest.param("quart_app", with_lifespan, id="quart"),
    pytest.param("falcon_app", with_lifespan, id="falcon"),
    pytest.param("blacksheep_app", with_lifespan, id="blacksheep"),
    pytest.param("sanic_app", with_lifespan, id="sanic", marks=needs_sanic),
    pytest.param("bottle_app", waitress, id="bottle"),
)


@pytest.fixture(scope="module")
def auth(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Build an application on SQLite, with cheap hashes."""
    app = init(
        InputAppInfo("tests", "http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init()],
        storage=f"sqlite:///{tmp_path_factory.mktemp('auth') / 'auth.db'}",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )
    yield app
    app.close()


@pytest.mark.parametrize(("program", "server"), PROGRAMS)
def test_a_framework_without_an_adapter(
    auth: App, program: str, server: Callable[[Any], AbstractContextManager[str]]
) -> None:
    """Sign-up, a session, its changes, its errors, routes of the framework's own, and what it does not know."""
    made = import_module(f"examples.frameworks.{program}").make(auth)
    with server(made) as address, httpx2.Client(base_url=address, timeout=PATIENCE_S) as client:
        answer = sign_up(client, f"{program}@example.com")
        token = bearer(answer)
        assert client.get("/me", headers=token).json() == {"user": answer.json()["user"]["id"]}
        changed = client.post("/colour", headers=token, json={"colour": "red"})
        assert (changed.status_code, changed.json()) == (200, {})
        assert changed.headers["st-access-token"] not in token["authorization"]
        refused = client.get("/me")
        assert (refused.status_code, refused.json()) == (401, {"message": "unauthorised"})
        forged = {"authorization": token["authorization"][:-5] + "AAAAA"}
        assert client.get("/me", headers=forged).json() == {"message": "try refresh token"}
        assert client.get("/open").text == "open"
        assert client.get("/none").status_code == 404
