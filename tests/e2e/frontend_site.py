"""Pages of the unmodified frontends in Chromium, in front of an API that says what it was asked."""

from __future__ import annotations

import runpy
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeAlias, cast

import attrs
from fastapi import Depends, FastAPI
from fastapi.responses import HTMLResponse, Response
from selenium import webdriver
from selenium.webdriver.common.by import By
from starlette.middleware.cors import CORSMiddleware
from starlette.types import Receive, Scope, Send

from authweave import InputAppInfo, get_all_cors_headers, init
from authweave.app import default_app, set_default_app
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.recipe import emailpassword, session
from authweave.recipe.session import SessionContainer
from authweave.recipe.session.types import AntiCsrfMode
from authweave.security import PasswordHasher
from tests.certificates import loopback_certificate
from tests.e2e.bundles import EXAMPLES, bundled
from tests.e2e.chromium import waiting
from tests.e2e.watched import Watched
from tests.integration.http.serving import serving

Where: TypeAlias = Literal["same origin", "other origin", "other site"]

START_MS: Final = 1_800_000_000_000

SENDING: Final = """
const xhr = (method, url) => new Promise((resolve) => {
  const request = new XMLHttpRequest();
  request.open(method, url);
  request.onload = () => resolve(request.status);
  request.onerror = () => resolve(0);
  request.send();
});
const status = async (method, url) => (await fetch(url, { method })).status;
"""


@attrs.define
class Clock:
    """A clock that a test moves."""

    now_ms: int = START_MS

    def __call__(self) -> int:
        """Return the time, in milliseconds since the epoch."""
        return self.now_ms


@attrs.frozen
class Site:
    """
    A page, open in a browser, and the API that it asks.

    Attributes:
        origin: the page's.
        api_origin: the API's, which may be another one.
    """

    driver: webdriver.Chrome
    origin: str
    api_origin: str
    api: Watched
    clock: Clock

    def open(self, path: str = "/") -> None:
        """Open a page."""
        self.driver.get(f"{self.origin}{path}")

    def run(self, script: str) -> Any:  # noqa: ANN401  JSON
        """Run a script of the page that ends with ``done(...)``, and return what it hands over."""
        return self.driver.execute_async_script(f"{SENDING}const [api, done] = arguments; {script}", self.api_origin)  # pyright: ignore[reportUnknownMemberType]  selenium's *args

    def begin(self, script: str) -> None:
        """Have the page do something that goes on: a promise, of which `begun` tells what came."""
        self.driver.execute_script(f"{SENDING}const [api] = arguments; window.begun = {script}", self.api_origin)  # pyright: ignore[reportUnknownMemberType]  selenium's *args

    def begun(self) -> Any:  # noqa: ANN401  JSON
        """Wait for what the page began, and return what came of it."""
        return self.run("window.begun.then(done)")

    def cookies(self) -> dict[str, str]:
        """Return the cookies that the browser keeps of the page and of the API, each with its ``SameSite``."""
        urls = [self.origin, f"{self.api_origin}/auth/session/refresh"]
        found = self.driver.execute_cdp_cmd("Network.getCookies", {"urls": urls})  # pyright: ignore[reportUnknownMemberType]  selenium's dict
        return {
            each["name"]: each.get("sameSite", "") for each in cast("list[dict[str, str]]", found["cookies"])
        }  # CDP's

    def expire(self) -> None:
        """Let an hour pass, after which access tokens are good no longer."""
        self.clock.now_ms += 3_600_001

    def shows(self, text: str) -> str:
        """Wait until the page shows a text, and return all of it."""
        shown = self.driver.find_element(By.ID, "shown")
        waiting(self.driver).until(lambda _: text in shown.text, text)
        return shown.text

    def submit(self, action: str, email: str, password: str) -> None:
        """Fill in the form, and send it."""
        for name, value in (("email", email), ("password", password)):
            field = self.driver.find_element(By.NAME, name)
            field.clear()
            field.send_keys(value)
        self.driver.find_element(By.CSS_SELECTOR, f"button[value={action}]").click()

    def click(self, button: str) -> None:
        """Press a button."""
        self.driver.find_element(By.ID, button).click()


def at_localhost(address: str, host: str = "localhost") -> str:
    """Return an address as people write it."""
    return address.replace("127.0.0.1", host)


@contextmanager
def website(
    driver: webdriver.Chrome, folder: Path, where: Where = "same origin", *, mode: str, anti_csrf: AntiCsrfMode | None
) -> Generator[Site]:
    """
    Serve the page of `examples/frontends/website`, and an API, for a block, and open it in a browser.

    Args:
        driver: the browser.
        folder: where the store is put.
        where: what the page is to the API: of its origin, of another one, or of another site, which is by https.
        mode: how the tokens travel, ``cookie`` or ``header``.
        anti_csrf: the proof against forged requests.
    """
    clock, pages, api = Clock(), FastAPI(), FastAPI()
    apart, far = where != "same origin", where == "other site"
    certificate = loopback_certificate(folder) if far else None
    api_host, page_host = ("api.backend.test", "www.frontend.test") if far else ("localhost", "localhost")
    host = pages if apart else api
    markup = (EXAMPLES / "website" / "index.html").read_text(encoding="utf-8")
    origins: dict[str, str] = {}

    @host.get("/")
    def page() -> HTMLResponse:
        told = markup.replace('data-api=""', f'data-api="{origins["api"] if apart else ""}"')
        return HTMLResponse(told.replace('data-mode="cookie"', f'data-mode="{mode}"'))

    @host.get("/main.js")
    def main() -> Response:
        return Response(bundled(EXAMPLES / "website" / "main.js"), media_type="text/javascript")

    watched = Watched(api)
    with ExitStack() as stack:
        origins["api"] = at_localhost(stack.enter_context(serving(watched, certificate)), api_host)
        origins["page"] = origins["api"]
        if apart:
            origins["page"] = at_localhost(stack.enter_context(serving(pages, certificate)), page_host)
        auth = init(
            InputAppInfo("Website", api_domain=origins["api"], website_domain=origins["page"]),
            [emailpassword.init(), session.init(anti_csrf=anti_csrf, accept_risks={"no_anti_csrf_across_sites"})],
            storage=f"sqlite:///{folder / 'auth.db'}",
            passwords=PasswordHasher(memory_kib=8, time_cost=1),
            clock=clock,
            default=False,
        )
        stack.callback(auth.close)

        @api.api_route("/me", methods=["GET", "POST"])
        async def me(session: Annotated[SessionContainer, Depends(verify_session())]) -> dict[str, str]:
            return {"user": session.get_user_id()}

        api.add_middleware(get_middleware(), app=auth)  # before the first request
        if apart:
            api.add_middleware(
                CORSMiddleware,
                allow_origins=[origins["page"]],
                allow_credentials=True,
                allow_methods=["GET", "POST"],
                allow_headers=["content-type", *get_all_cors_headers()],
            )
        site = Site(driver, origins["page"], origins["api"], watched, clock)
        site.open()
        yield site


@contextmanager
def example(
    driver: webdriver.Chrome, name: str, make: Callable[[Callable[..., FastAPI], str], FastAPI]
) -> Generator[Site]:
    """
    Serve one of `examples/frontends`, as it stands there, for a block.

    Args:
        driver: the browser.
        name: of its folder.
        make: calls the ``make`` of its ``app.py``, with the origin.
    """
    made: list[FastAPI] = []

    async def handed_on(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await made[0](scope, receive, send)

    watched = Watched(handed_on)
    program = runpy.run_path(str(EXAMPLES / name / "app.py"))
    with serving(watched) as address:
        origin = at_localhost(address)
        made.append(make(cast("Callable[..., FastAPI]", program["make"]), origin))  # our own
        auth = default_app()
        yield Site(driver, origin, origin, watched, Clock())
        auth.close()
    set_default_app(None)
