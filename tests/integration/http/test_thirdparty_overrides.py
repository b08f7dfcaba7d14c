"""Signing in with a provider: what overrides say of its answers, and its security events, over a real socket."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import httpx2
import pytest
from fastapi import HTTPException

from authweave import UserContext
from authweave.events import SecurityEvent
from authweave.kernel import Interface, Override
from authweave.recipe.thirdparty import (
    AppleRedirectHandlerPost,
    AppleRedirectHandlerPostResult,
    AuthorisationUrlGet,
    AuthorisationUrlGetResult,
    SignInUpPost,
    SignInUpPostOkResult,
    SignInUpPostResult,
)
from authweave.types import BaseResponse
from tests.integration.thirdparty.openid_server import OpenIDServer, openid_server
from tests.patience import PATIENCE_S

from .conftest import web_app
from .serving import bearer, serving, set_cookies
from .thirdparty_app import begin, came_back, provider, sign_in_up, third_party_app

FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def server() -> Iterator[OpenIDServer]:
    """Serve an OpenID provider that knows Ada, and Bob with an address that is not to be seen."""
    with openid_server() as made:
        made.users["ada"] = {"email": "ada@example.com", "email_verified": True}
        made.users["bob"] = {"email": "bo\u3164b@example.com", "email_verified": True}
        yield made


@contextmanager
def served(
    folder: Path, server: OpenIDServer, *overrides: Override[Interface[UserContext]], heard: list[SecurityEvent]
) -> Generator[httpx2.Client]:
    """Serve an application with overrides, and open a client of it."""
    with (
        third_party_app(folder, provider("corp", server), overrides=overrides, on_event=heard.append) as auth,
        serving(web_app(auth)) as address,
        httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client,
    ):
        yield client


def apples_form() -> str:
    """Return what Apple posts."""
    state = base64.b64encode(json.dumps({"frontendRedirectURI": "http://localhost:3000/auth/callback/apple"}).encode())
    return urlencode({"state": state.decode(), "code": "c"})


def say(response: BaseResponse) -> None:
    """Say of an answer what its result does not."""
    response.set_status_code(202)
    response.set_header("x-mine", "1")
    response.set_cookie("mine", "1")
    response.set_json_content({"mine": 1})


@AuthorisationUrlGet[UserContext].override
async def at_url(call: AuthorisationUrlGet[UserContext]) -> AuthorisationUrlGetResult:
    """Say it first."""
    say(call.response)
    return await call.original()


@SignInUpPost[UserContext].override
async def at_sign_in(call: SignInUpPost[UserContext]) -> SignInUpPostResult:
    """Say it first."""
    say(call.api_options.response)
    return await call.original()


@AppleRedirectHandlerPost[UserContext].override
async def at_apple(call: AppleRedirectHandlerPost[UserContext]) -> AppleRedirectHandlerPostResult:
    """Say it afterwards."""
    result = await call.original()
    call.response.set_header("x-mine", "1")
    call.response.set_cookie("mine", "1")
    return result


@SignInUpPost[UserContext].override
async def refuse_in_the_end(call: SignInUpPost[UserContext]) -> SignInUpPostResult:
    """Raise once all is done."""
    say(call.response)
    if isinstance(await call.original(), SignInUpPostOkResult):
        raise HTTPException(429, "Slowly!")
    raise AssertionError


def said(answer: httpx2.Response) -> tuple[str | None, bool]:
    """Return what is left of it in the headers."""
    return answer.headers.get("x-mine"), "mine" in set_cookies(answer)


@pytest.mark.parametrize("mode", ["header", "cookie"])
def test_all_that_can_be_said(tmp_path: Path, server: OpenIDServer, mode: str) -> None:
    """Of every API, beside the tokens of the session; Apple's form still leads on."""
    with served(tmp_path, server, at_sign_in, at_apple, heard=[]) as client:
        signed_in = sign_in_up(client, server, "ada", headers={"st-auth-mode": mode})
        led_on = client.post("/auth/callback/apple", content=apples_form(), headers=FORM)
    assert (signed_in.status_code, signed_in.json(), said(signed_in)) == (202, {"mine": 1}, ("1", True))
    assert signed_in.headers["front-token"]
    assert ("sAccessToken" in set_cookies(signed_in)) == (mode == "cookie")
    assert (led_on.status_code, said(led_on)) == (303, ("1", True))
    assert led_on.headers["location"].startswith("http://localhost:3000/auth/callback/apple?")
    with served(tmp_path, server, at_url, heard=[]) as client:
        asked = begin(client)
    assert (asked.status_code, asked.json(), said(asked)) == (202, {"mine": 1}, ("1", True))


def test_a_sign_in_that_fails_undoes_what_was_said(tmp_path: Path, server: OpenIDServer) -> None:
    """The code is none of the provider's, or the client has none: the frontend's answer is as it always is."""
    with served(tmp_path, server, at_sign_in, at_url, heard=[]) as client:
        tokens = {"thirdPartyId": "corp", "oAuthTokens": {"id_token": server.id_token("somebody", "ada")}}
        failed = client.post("/auth/signinup", json=tokens)
        bad = client.post("/auth/signinup", json={"thirdPartyId": "corp"})
        unknown = begin(client, "nobody")
    for answer in (failed, unknown):
        assert (answer.status_code, answer.json()["status"], said(answer)) == (200, "GENERAL_ERROR", (None, False))
    assert (bad.status_code, list(bad.json()), said(bad)) == (400, ["message"], (None, False))


def test_what_an_override_raises_is_answered_by_the_application(tmp_path: Path, server: OpenIDServer) -> None:
    """Neither tokens nor what was said go out with that."""
    with served(tmp_path, server, refuse_in_the_end, heard=[]) as client:
        answer = sign_in_up(client, server, "ada", headers={"st-auth-mode": "header"})
    assert (answer.status_code, answer.json(), said(answer)) == (429, {"detail": "Slowly!"}, (None, False))
    assert not {"front-token", "st-access-token", "st-refresh-token", "set-cookie"} & set(answer.headers)


def test_every_event_of_a_story(tmp_path: Path, server: OpenIDServer, caplog: pytest.LogCaptureFixture) -> None:
    """Each has user, tenant and provider, and nothing that the provider sent or said."""
    caplog.set_level(logging.INFO, "authweave")
    heard: list[SecurityEvent] = []
    with served(tmp_path, server, heard=heard) as client:
        body = came_back(begin(client), server, "ada")
        first = client.post("/auth/signinup", json=body)
        again = client.post("/auth/signinup", json=body)  # the code was used
        foreign = server.id_token("somebody", "ada")
        client.post("/auth/signinup", json={"thirdPartyId": "corp", "oAuthTokens": {"id_token": foreign}})
        second = sign_in_up(client, server, "ada", headers={"st-auth-mode": "header"})
        client.post("/auth/signout", headers=bearer(second))
        refused = sign_in_up(client, server, "bob")
    assert refused.json()["status"] == "SIGN_IN_UP_NOT_ALLOWED"
    assert (first.json()["status"], again.json()["status"]) == ("OK", "GENERAL_ERROR")
    user_id = first.json()["user"]["id"]
    corp = {"third_party_id": "corp"}
    assert [(event.kind, event.user_id, dict(event.details)) for event in heard] == [
        ("sign_up", user_id, corp),
        ("sign_in_failed", None, {**corp, "code": "code_refused"}),
        ("sign_in_failed", None, {**corp, "code": "id_token"}),
        ("sign_in", user_id, corp),
        ("session_revoked", user_id, {}),
        ("sign_out", user_id, {}),
        ("sign_in_failed", None, {**corp, "code": "not_allowed"}),
    ]
    assert {(event.tenant_id, event.client) for event in heard} == {("public", "127.0.0.1")}
    everything = json.dumps([vars(record) for record in caplog.records], default=str) + repr(heard)
    redirect = body["redirectURIInfo"]
    assert isinstance(redirect, dict)
    query = redirect["redirectURIQueryParams"]
    assert isinstance(query, dict)
    secrets = [foreign, second.headers["st-access-token"], query["code"], redirect["pkceCodeVerifier"]]
    for secret in (*secrets, "web-secret", "ada@example.com", "b@example.com"):
        assert isinstance(secret, str)
        assert secret not in everything
