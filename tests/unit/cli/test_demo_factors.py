"""Codes, an authenticator app, and the deletion of the account in the demo, over HTTP."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import attrs
import httpx2
import pytest
from pyotp.totp import TOTP

from authweave.cli.demo import demo_app, web_app
from authweave.ingredients.emaildelivery import DevelopmentMails
from authweave.types import JSON
from tests.integration.http.serving import serving
from tests.patience import PATIENCE_S

FORM: dict[str, JSON] = {
    "formFields": [{"id": "email", "value": "ada@example.com"}, {"id": "password", "value": "analytical1"}]
}
COOKIES = {"st-auth-mode": "cookie", "rid": "anti-csrf"}
START_MS = 1_795_000_000_000


@attrs.define
class TurnedClock:
    """Tells the time to which it was turned."""

    now_ms: int = START_MS

    def __call__(self) -> int:
        return self.now_ms

    def code_of(self, secret: str) -> str:
        """Return what an app shows now."""
        return TOTP(secret).at(self.now_ms // 1000)


@pytest.fixture(scope="module")
def clock() -> TurnedClock:
    """Return the demo's clock."""
    return TurnedClock()


@pytest.fixture(scope="module")
def page(clock: TurnedClock) -> Iterator[httpx2.Client]:
    """Return a browser on a demo that runs."""
    mails = DevelopmentMails(prints=False)
    app = demo_app("http://localhost:3567", "sqlite://", mails=mails, clock=clock)
    try:
        with (
            serving(web_app(app, mails=mails)) as address,
            httpx2.Client(base_url=address, headers=COOKIES, trust_env=False, timeout=PATIENCE_S) as client,
        ):
            yield client
    finally:
        app.close()


def status(answer: httpx2.Response) -> tuple[int, JSON]:
    """Return what an answer says first: its HTTP status, and that of its body."""
    body = answer.json()
    return answer.status_code, body.get("status", body.get("message"))


def first_mail(page: httpx2.Client) -> dict[str, Any]:  # Any: JSON of the demo
    """Return the first mail, when it is there."""
    latest_s = time.monotonic() + PATIENCE_S
    while not (mails := page.get("/dev/mails").json()["mails"]) and time.monotonic() < latest_s:
        pass
    first: dict[str, Any] = mails[0]
    return first


def test_a_code_and_a_link_sign_in(page: httpx2.Client) -> None:
    """A mail has both; the code signs in at once, the first time too, and with it the link is used up."""
    asked = page.post("/auth/signinup/code", json={"email": "grace@example.com"}).json()
    mail = first_mail(page)
    assert mail["to"] == "grace@example.com"
    link: str = mail["links"][0]
    assert link.startswith("http://localhost:3567/auth/verify?preAuthSessionId=")
    kept = {name: asked[name] for name in ("deviceId", "preAuthSessionId")}
    used = page.post("/auth/signinup/code/consume", json={**kept, "userInputCode": mail["code"]})
    assert status(used) == (200, "OK")
    assert status(page.get("/demo/protected")) == (200, "OK")
    content = {"preAuthSessionId": kept["preAuthSessionId"], "linkCode": link.partition("#")[2]}
    assert status(page.post("/auth/signinup/code/consume", json=content)) == (200, "RESTART_FLOW_ERROR")
    assert page.get("/auth/verify").headers["content-type"].startswith("text/html")


def test_an_app_is_asked_for(page: httpx2.Client, clock: TurnedClock) -> None:
    """Whoever has added an app gets nowhere without its code, or a recovery code; before, nobody is asked."""
    page.post("/auth/signup", json=FORM)
    assert status(page.post("/auth/signin", json=FORM)) == (200, "OK")
    device = page.post("/auth/totp/device", json={}).json()
    drawn = page.post("/demo/qr-code", json={"text": device["qrCodeString"]})
    assert (drawn.headers["content-type"], drawn.headers["cache-control"]) == ("image/svg+xml", "no-store")
    assert drawn.text.startswith("<svg")
    shown = {"deviceName": device["deviceName"], "totp": clock.code_of(device["secret"])}
    assert status(page.post("/auth/totp/device/verify", json=shown)) == (200, "OK")
    recovery = page.post("/auth/totp/recovery/codes", json={}).json()["recoveryCodes"]

    for body, path in (
        ({"totp": clock.code_of}, "/auth/totp/verify"),
        ({"recoveryCode": recovery[0]}, "/auth/totp/recovery/verify"),
    ):
        clock.now_ms += 120_000
        page.post("/auth/signin", json=FORM)
        assert status(page.get("/demo/protected")) == (403, "invalid claim")
        assert page.get("/demo/session").json()["isFactorMissing"] is True
        content = {name: each(device["secret"]) if callable(each) else each for name, each in body.items()}
        assert status(page.post(path, json=content)) == (200, "OK")
        assert status(page.get("/demo/protected")) == (200, "OK")
        assert page.get("/demo/session").json()["isFactorMissing"] is False


def test_deleting_the_account_wants_a_fresh_sign_in(page: httpx2.Client, clock: TurnedClock) -> None:
    """A session of more than a minute is told so; signing in again is enough, and a refresh is not."""
    form: dict[str, JSON] = {
        "formFields": [{"id": "email", "value": "joan@example.com"}, {"id": "password", "value": "analytical1"}]
    }
    page.post("/auth/signup", json=form)
    page.post("/auth/signin", json=form)
    clock.now_ms += 61_000
    page.post("/auth/session/refresh")
    refused = page.post("/demo/delete", json={})
    assert status(refused) == (403, "invalid claim")
    (error,) = refused.json()["claimValidationErrors"]
    assert error["reason"]["maxAgeSeconds"] == 60
    assert status(page.get("/demo/protected")) == (200, "OK")
    page.post("/auth/signin", json=form)
    assert status(page.post("/demo/delete", json={})) == (200, "OK")
    assert status(page.post("/auth/signin", json=form)) == (200, "WRONG_CREDENTIALS_ERROR")
