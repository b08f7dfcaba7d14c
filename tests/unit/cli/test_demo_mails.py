"""The mails of the demo, at ``GET /dev/mails``."""

from __future__ import annotations

import time
from pathlib import Path

import httpx2
from starlette.testclient import TestClient

from authweave.cli.demo import demo_app, web_app
from authweave.ingredients.emaildelivery import DevelopmentMails
from tests.integration.http.serving import AS_JSON, serving
from tests.patience import PATIENCE_S

ORIGIN = "http://localhost:3567"


def test_a_forgotten_password(tmp_path: Path) -> None:
    """The mail is there with its link soon after it was asked for; nobody else's machine is shown it."""
    mails = DevelopmentMails(prints=False)
    app = demo_app(ORIGIN, f"sqlite:///{tmp_path}/demo.db", mails=mails)
    try:
        with (
            serving(web_app(app, mails=mails)) as address,
            httpx2.Client(base_url=address, timeout=PATIENCE_S) as client,
        ):
            assert client.get("/dev/mails").json() == {"mails": []}
            fields = [{"id": "email", "value": "ada@example.com"}, {"id": "password", "value": "a long password 1"}]
            client.post("/auth/signup", json={"formFields": fields}, headers=AS_JSON)
            asked = client.post("/auth/user/password/reset/token", json={"formFields": fields[:1]}, headers=AS_JSON)
            assert asked.json() == {"status": "OK"}
            latest_s = time.monotonic() + PATIENCE_S
            while not (shown := client.get("/dev/mails").json()["mails"]) and time.monotonic() < latest_s:
                pass
            (mail,) = shown
            assert (mail["to"], mail["subject"]) == ("ada@example.com", "Password reset instructions")
            assert mail["links"][0].startswith(f"{ORIGIN}/auth/reset-password?token=")
        assert TestClient(web_app(app, mails=mails), client=("192.0.2.7", 1)).get("/dev/mails").status_code == 403
    finally:
        app.close()
