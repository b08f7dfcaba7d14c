"""The methods ``sync_...`` of a session in ``def`` routes, over real HTTP: in threads of FastAPI's, and under WSGI."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import httpx2
import pytest
from fastapi import Depends, FastAPI
from flask import Flask

from authweave.app import App, init
from authweave.errors import InvalidClaimsError, RunningLoopError, UnauthorisedError
from authweave.framework import flask as for_flask
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.recipe import emailpassword, session
from authweave.recipe.session import SessionContainer
from authweave.recipe.session.claims import PrimitiveClaim
from authweave.security import PasswordHasher
from authweave.types import JSON, InputAppInfo
from tests.integration.frameworks.serving import waitress
from tests.patience import PATIENCE_S

from .serving import bearer, front_token, serving, sign_up

LEVEL = PrimitiveClaim[int]("level", lambda _user, _recipe_user, _tenant, _payload, _context: 7)


def changed(held: SessionContainer) -> dict[str, JSON]:
    """Call each method that leaves the session alive, and return what it says."""
    held.sync_update_session_data_in_database({"cart": [1]})
    held.sync_merge_into_access_token_payload({"theme": "dark", "sub": None})
    held.sync_fetch_and_set_claim(LEVEL)
    fetched = held.sync_get_claim_value(LEVEL)
    held.sync_set_claim_value(LEVEL, 8)
    held.sync_assert_claims([LEVEL.validators.has_value(8)])
    try:
        held.sync_assert_claims([LEVEL.validators.has_value(9)])
    except InvalidClaimsError as refused:
        refusals: JSON = [failure.id_ for failure in refused.payload]
    else:
        refusals = "none"
    held.sync_remove_claim(LEVEL)
    info = held.req_res_info
    assert info is not None
    held.sync_attach_to_request_response(info.request, info.transfer_method, {})
    return {
        "data": held.sync_get_session_data_from_database(),
        "payload": held.get_access_token_payload(),
        "fetched": fetched,
        "left": held.sync_get_claim_value(LEVEL),
        "refusals": refusals,
        "lives_ms": held.sync_get_expiry() - held.sync_get_time_created(),
    }


def ended(held: SessionContainer) -> dict[str, JSON]:
    """Revoke the session, and return what is said of it then."""
    held.sync_revoke_session()
    with pytest.raises(UnauthorisedError):
        held.sync_get_expiry()
    return {"ended": held.get_handle()}


def fastapi_app(auth: App) -> FastAPI:
    """Return an application whose routes are ``def``, and one that is not."""
    app = FastAPI()
    app.add_middleware(get_middleware(), app=auth)
    signed_in = verify_session(app=auth)

    @app.get("/change")
    def change(held: Annotated[SessionContainer, Depends(signed_in)]) -> dict[str, JSON]:
        return changed(held)

    @app.get("/end")
    def end(held: Annotated[SessionContainer, Depends(signed_in)]) -> dict[str, JSON]:
        return ended(held)

    @app.get("/async")
    async def on_the_loop(held: Annotated[SessionContainer, Depends(signed_in)]) -> dict[str, JSON]:
        with pytest.raises(RunningLoopError) as refused:
            held.sync_get_expiry()
        return {"said": str(refused.value)}

    return app


def flask_app(auth: App) -> Flask:
    """Return the same under WSGI."""
    app = Flask(__name__)
    signed_in = for_flask.verify_session(app=auth)

    @app.get("/change")
    @signed_in
    def change() -> dict[str, JSON]:
        return changed(for_flask.get_session())

    @app.get("/end")
    @signed_in
    def end() -> dict[str, JSON]:
        return ended(for_flask.get_session())

    @app.get("/async")
    @signed_in
    async def on_a_loop() -> dict[str, JSON]:
        with pytest.raises(RunningLoopError) as refused:
            for_flask.get_session().sync_get_expiry()
        return {"said": str(refused.value)}

    for_flask.Middleware(app, auth)
    return app


@pytest.fixture(params=["fastapi", "flask"])
def client(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[httpx2.Client]:
    """Serve an application that is not the default one on one of the frameworks."""
    auth = init(
        InputAppInfo("Blocking", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init(access_token_validity_s=60, refresh_token_validity_s=3600)],
        storage=f"sqlite:///{tmp_path / 'auth.db'}",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )
    address = serving(fastapi_app(auth)) if request.param == "fastapi" else waitress(flask_app(auth))
    with address as base_url, httpx2.Client(base_url=base_url, verify=False, timeout=PATIENCE_S) as client:
        yield client
    auth.close()


def test_what_a_def_route_does_with_its_session(client: httpx2.Client) -> None:
    """It reads and changes data, payload and claims, and the client gets the token that says so."""
    first = sign_up(client, "ada@example.com")
    answer = client.get("/change", headers=bearer(first))
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert said["data"] == {"cart": [1]}
    assert (said["payload"]["theme"], said["payload"]["sub"]) == ("dark", first.json()["user"]["id"])
    assert (said["fetched"], said["left"], said["refusals"]) == (7, None, ["level"])
    assert said["lives_ms"] == 3600 * 1000
    assert front_token(answer)["up"] == said["payload"]
    assert client.get("/change", headers=bearer(answer)).status_code == 200


def test_a_def_route_that_ends_the_session(client: httpx2.Client) -> None:
    """The client is told to forget its tokens, which are worth nothing."""
    first = sign_up(client, "ada@example.com")
    answer = client.get("/end", headers=bearer(first))
    assert (answer.status_code, answer.headers["front-token"]) == (200, "remove"), answer.text
    assert client.post("/auth/session/refresh", headers=bearer(first, "st-refresh-token")).status_code == 401


def test_under_a_running_loop(client: httpx2.Client) -> None:
    """An async route is told what to await."""
    answer = client.get("/async", headers=bearer(sign_up(client, "ada@example.com")))
    assert answer.status_code == 200, answer.text
    assert answer.json()["said"].endswith(
        "sync_get_expiry would block the running loop: await VerifiedSession.get_expiry instead."
    )
