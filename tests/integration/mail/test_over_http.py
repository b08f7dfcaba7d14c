"""A forgotten password, from the request over the mail to the sign-in, with the outbox at work by itself."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from authweave.app import App, init
from authweave.ingredients.emaildelivery import EmailDeliveryConfig, SMTPService
from authweave.recipe import emailpassword, session
from authweave.security import PasswordHasher
from authweave.types import InputAppInfo
from tests.integration.http.conftest import web_app
from tests.integration.http.serving import AS_JSON, serving
from tests.mailserver import MailServer
from tests.patience import PATIENCE_S, PATIENT

from .conftest import settings

pytestmark = pytest.mark.sockets

INFO = InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000")


def fields(**values: str) -> dict[str, list[dict[str, str]]]:
    """Return the fields of a form."""
    return {"formFields": [{"id": name, "value": value} for name, value in values.items()]}


def wait_until_empty(app: App) -> None:
    """Wait until nothing is in the outbox."""
    latest_s = time.monotonic() + PATIENCE_S
    while app.services.outbox.store.find_messages(10):
        assert time.monotonic() < latest_s


def test_a_forgotten_password(server: MailServer, tmp_path: Path) -> None:
    """The mail has a link with which a new password is chosen; for an unknown address there is the same answer."""
    app = init(
        INFO,
        [emailpassword.init(), session.init()],
        storage=f"sqlite:///{tmp_path}/auth.db",
        storage_options=PATIENT,
        storage_wait_s=PATIENCE_S,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        email_delivery=EmailDeliveryConfig(service=SMTPService(settings(server.port))),
        default=False,
    )
    try:
        with serving(web_app(app)) as address, httpx2.Client(base_url=address, timeout=PATIENCE_S) as client:

            def post(path: str, body: Mapping[str, object]) -> Mapping[str, object]:
                answer: dict[str, object] = client.post(f"/auth{path}", json=body, headers=AS_JSON).json()
                return answer

            client.post(
                "/auth/signup", json=fields(email="ada@example.com", password="old password 1"), headers=AS_JSON
            )
            known = post("/user/password/reset/token", fields(email="ada@example.com"))
            unknown = post("/user/password/reset/token", fields(email="eve@example.com"))
            assert known == unknown == {"status": "OK"}
            mail = server.wait()
            wait_until_empty(app)
            assert mail.recipients == ["ada@example.com"]
            assert server.all() == []
            found = re.search(r"http://\S+", mail.text)
            assert found is not None
            link = found[0]
            assert link.startswith("http://localhost:3000/auth/reset-password?")
            token = parse_qs(urlsplit(link).query)["token"][0]
            assert token.encode() not in b"".join(each.read_bytes() for each in tmp_path.iterdir())
            reset: dict[str, object] = {"method": "token", "token": token, **fields(password="new password 1")}
            assert post("/user/password/reset", reset) == {"status": "OK"}
            assert post("/signin", fields(email="ada@example.com", password="new password 1"))["status"] == "OK"
    finally:
        app.close()
