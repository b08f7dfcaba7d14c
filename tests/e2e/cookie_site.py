"""A site of several hosts in Chromium, one of them the API of an application, and what its pages do."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final, cast
from urllib.parse import urlsplit

import attrs
from fastapi import Depends, FastAPI
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import frame_to_be_available_and_switch_to_it
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from authweave import InputAppInfo, init
from authweave.errors import ClaimsTooLargeError
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.recipe import emailpassword, session
from authweave.recipe.session import SessionContainer
from authweave.security import PasswordHasher
from authweave.types import JSON
from tests.e2e.chromium import browser, waiting
from tests.integration.http.serving import form, serving

API: Final = "api.site.test"
BESIDE: Final = "beside.site.test"
ELSEWHERE: Final = "elsewhere.test"

FETCH: Final = """
const [path, body, done] = arguments;
const headers = {"st-auth-mode": "cookie", "content-type": "application/json", "rid": "anti-csrf"};
const options = body === null ? {headers} : {method: "POST", headers, body: JSON.stringify(body)};
fetch(path, options).then(async answer => done({
  status: answer.status, frontToken: answer.headers.get("front-token"), text: await answer.text(),
}), error => done({status: 0, frontToken: null, text: String(error)}));
"""


@attrs.frozen
class Answer:
    """What a page got of an answer."""

    status: int
    front_token: str | None
    text: str


@attrs.frozen
class Site:
    """The site, as a browser has it open."""

    driver: webdriver.Chrome
    scheme: str
    port: int

    def visit(self, host: str, path: str = "/page") -> None:
        """Open a page of a host."""
        self.driver.get(f"{self.scheme}://{host}:{self.port}{path}")

    def visit_framed(self, host: str, framed: str) -> None:
        """Open a page of a host that has one of another host in a frame, and do what follows in the frame."""
        self.visit(host)
        script = "document.body.append(Object.assign(document.createElement('iframe'), {src: arguments[0]}))"
        address = f"{self.scheme}://{framed}:{self.port}/page"
        self.driver.execute_script(script, address)  # pyright: ignore[reportUnknownMemberType]  selenium's *args
        waiting(self.driver).until(frame_to_be_available_and_switch_to_it((By.TAG_NAME, "iframe")))
        waiting(self.driver).until(lambda driver: driver.find_elements(By.ID, "loaded"))

    def set_cookie(self, text: str) -> None:
        """Let the page set a cookie."""
        self.driver.execute_script("document.cookie = arguments[0]", text)  # pyright: ignore[reportUnknownMemberType]  selenium's *args

    def fetch(self, path: str, body: JSON = None) -> Answer:
        """Let the page ask the host that it is of."""
        said: Any = self.driver.execute_async_script(FETCH, path, body)  # pyright: ignore[reportUnknownMemberType]  selenium's *args; Any: JSON
        got = cast("dict[str, Any]", said)  # of the script above
        return Answer(got["status"], got["frontToken"], got["text"])

    def sign_up(self) -> Answer:
        """Sign up with cookies."""
        return self.fetch("/auth/signup", form())

    def held(self) -> dict[str, str]:
        """Return the cookies that the browser holds of all hosts, by name; of two of a name the last."""
        found = self.driver.execute_cdp_cmd("Storage.getCookies", {})  # pyright: ignore[reportUnknownMemberType]  selenium's dict
        return {each["name"]: each["value"] for each in cast("list[dict[str, str]]", found["cookies"])}  # CDP's


@contextmanager
def site(folder: Path, recipe: session.SessionSetup, *flags: str, certificate: Path | None = None) -> Generator[Site]:
    """Serve an application on every host of the site, and open Chromium, with more flags if need be, for a block."""
    scheme = "http" if certificate is None else "https"
    auth = init(
        InputAppInfo("Cookies", api_domain=f"{scheme}://{API}", website_domain=f"{scheme}://{API}"),
        [emailpassword.init(), recipe],
        storage=f"sqlite:///{folder / 'auth.db'}",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )
    app = FastAPI()
    app.add_middleware(get_middleware(), app=auth)

    @app.get("/me")
    async def me(session: Annotated[SessionContainer, Depends(verify_session())]) -> dict[str, str]:
        return {"user": session.get_user_id()}

    @app.post("/merge/{size}")
    async def merge(size: int, session: Annotated[SessionContainer, Depends(verify_session())]) -> Response:
        try:
            await session.merge_into_access_token_payload({"merged": "x" * size})
        except ClaimsTooLargeError as error:
            return PlainTextResponse(repr(error), 413)
        return PlainTextResponse("OK")

    @app.get("/page")
    async def page() -> HTMLResponse:
        return HTMLResponse("<!doctype html><title>Page</title><p id=loaded>Loaded.")

    with serving(app, certificate) as address, browser(folder / "profile", *flags) as driver:
        yield Site(driver, scheme, urlsplit(address).port or 0)
    auth.close()
