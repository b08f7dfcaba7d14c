"""What stands around the library's routes in the server."""

from __future__ import annotations

import logging
from contextlib import closing
from typing import Final

import httpx2
import pytest

from authweave import InputAppInfo, UserContext, init
from authweave.recipe import session
from authweave.recipe.session import GetSession, SessionContainer
from authweave.serving import ServeConfig
from authweave.serving._config import AppConfig, StorageConfig
from authweave.serving._web import web_app
from authweave.storage.memory import MemoryStorage

pytestmark = pytest.mark.anyio

API: Final = "http://localhost:8000"
WEBSITE: Final = "http://localhost:3000"


@pytest.fixture
def anyio_backend() -> str:
    """Run on asyncio, as the library does."""
    return "asyncio"


@GetSession[UserContext].override
async def fail(call: GetSession[UserContext]) -> SessionContainer | None:
    """Have a fault."""
    del call
    raise ZeroDivisionError


async def test_a_fault_is_answered_so_that_a_page_can_read_it(caplog: pytest.LogCaptureFixture) -> None:
    """With the id of the request and what CORS needs; why it failed, the log alone has."""
    config = ServeConfig(
        app=AppConfig(name="Test", api_domain=API, website_domain=WEBSITE), storage=StorageConfig(url="sqlite://")
    )
    info = InputAppInfo("Test", API, website_domain=WEBSITE)
    with closing(
        init(info, [session.init()], storage=MemoryStorage(), secret=b"s" * 32, overrides=[fail], default=False)
    ) as app:
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(web_app(app, config)), base_url=API) as http:
            with caplog.at_level(logging.INFO, "authweave.serving"):
                answer = await http.post("/auth/signout", headers={"origin": WEBSITE, "authorization": "Bearer x.y.z"})
    assert answer.status_code == 500
    assert answer.json() == {"message": "something went wrong, the log says what"}
    assert answer.headers["access-control-allow-origin"] == WEBSITE
    assert answer.headers["x-request-id"]
    events = [(each.__dict__["event"], each.__dict__.get("status")) for each in caplog.records]
    assert events == [("request_failed", None), ("request", 500)]
