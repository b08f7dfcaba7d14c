from __future__ import annotations

from collections.abc import Iterator

import attrs
import httpx2
import pytest
from starlette.types import Receive, Scope, Send

from authweave.app import App
from authweave.framework.asgi import Middleware
from authweave.types import JSON, JSONObject
from tests.integration.http.serving import serving
from tests.integration.thirdparty.openid_server import OpenIDServer, openid_server
from tests.patience import PATIENCE_S

from .served import Kept, documented_app


async def behind(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 404, as an application does that has no such route, and say that it was reached."""
    headers = [(b"content-type", b"application/json"), (b"x-behind", b"yes")]
    await send({"type": "http.response.start", "status": 404, "headers": headers})
    await send({"type": "http.response.body", "body": b"{}"})


@attrs.frozen
class Documented:
    """An application that is served, and what it says of itself."""

    app: App
    address: str
    mails: Kept
    provider: OpenIDServer

    def document(self, fdi_version: str = "") -> dict[str, JSON]:
        """Ask for the document."""
        headers = {"fdi-version": fdi_version} if fdi_version else {}
        answer = httpx2.get(f"{self.address}/auth/openapi.json", headers=headers, timeout=PATIENCE_S)
        assert answer.status_code == 200
        found: dict[str, JSON] = answer.json()
        return found


@pytest.fixture(scope="module")
def documented(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Documented]:
    """Serve the application."""
    mails = Kept()
    with (
        openid_server() as provider,
        documented_app(tmp_path_factory.mktemp("openapi"), provider.issuer, mails=mails) as app,
        serving(Middleware(behind, app)) as address,
    ):
        yield Documented(app, address, mails, provider)


def member(value: JSON, *names: str) -> JSONObject:
    """Return an object inside of others."""
    for name in names:
        assert isinstance(value, dict)
        value = value[name]
    assert isinstance(value, dict)
    return value
