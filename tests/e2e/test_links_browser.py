"""Signing in by links alone in Chromium: there and back between two sites, by an address and by a form."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Annotated, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from fastapi import Depends, FastAPI, Request
from selenium import webdriver
from selenium.webdriver.common.by import By
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from authweave import InputAppInfo, init
from authweave.app import App
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.recipe import session, thirdparty
from authweave.recipe.session import SessionContainer
from authweave.recipe.thirdparty import ProviderConfig, ProviderInput, ServerRedirects
from tests.certificates import loopback_certificate
from tests.e2e.chromium import waiting
from tests.integration.http.serving import serving
from tests.integration.http.thirdparty_app import client_of
from tests.integration.thirdparty.openid_server import OpenIDServer

pytestmark = pytest.mark.browser

HOST = "shop.site.test"
POSTED = "<form method=post action='{}'>{}</form><script>document.forms[0].submit()</script>"
FIELD = "<input type=hidden name='{}' value='{}'>"


class Later:
    """An application that is known only once its address is."""

    app: FastAPI

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on a request."""
        await self.app(scope, receive, send)


def agreeing(server: OpenIDServer) -> Route:
    """Return the provider's page, on which everybody agrees at once."""

    async def authorize(request: Request) -> Response:
        asked = dict(parse_qsl(urlsplit(str(request.url)).query))
        fields = {"code": str(server.authorise(str(request.url))["code"]), "state": asked["state"]}
        if asked.get("response_mode") != "form_post":
            return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(fields)}")
        inputs = "".join(FIELD.format(name, escape(value)) for name, value in fields.items())
        return HTMLResponse(POSTED.format(escape(asked["redirect_uri"]), inputs))

    return Route("/authorize", authorize)


def shop(auth: App) -> FastAPI:
    """Return a site that renders its pages on the server."""
    app = FastAPI()
    app.add_middleware(get_middleware(), app=auth)

    @app.get("/login")
    async def login() -> HTMLResponse:
        links = "".join(
            f"<a id={name} href='/auth/signin/{name}?redirectTo=/account'>in</a>" for name in ("get", "post")
        )
        return HTMLResponse(links)

    @app.get("/account")
    async def account(session: Annotated[SessionContainer, Depends(verify_session())]) -> PlainTextResponse:
        return PlainTextResponse(f"signed in as {session.get_user_id()}")

    return app


def kept_cookies(driver: webdriver.Chrome) -> str:
    """Return the cookies that the browser has for the page, as a text."""
    return str(cast("object", driver.get_cookies()))  # pyright: ignore[reportUnknownMemberType]  selenium's dict


@pytest.mark.parametrize("how", ["get", "post"])
def test_there_and_back(driver: webdriver.Chrome, tmp_path: Path, how: str) -> None:
    """A click leads to the provider on another site and back, and the next page knows who is there."""
    server, later = OpenIDServer(), Later()
    provider = server.asgi()
    provider.router.routes.append(agreeing(server))
    with (
        serving(provider) as provider_address,
        serving(later, loopback_certificate(tmp_path)) as address,
    ):
        server.issuer = provider_address
        origin = f"https://{HOST}:{urlsplit(address).port}"
        by_form = {"response_mode": "form_post"} if how == "post" else None
        config = ProviderConfig(
            how,
            oidc_discovery_endpoint=server.issuer,
            clients=[client_of()],
            authorization_endpoint_query_params=by_form,
        )
        auth = init(
            InputAppInfo("Shop", origin, origin=origin),
            [
                thirdparty.init(
                    thirdparty.SignInAndUpFeature([ProviderInput(config)]), server_redirects=ServerRedirects()
                ),
                session.init(),
            ],
            storage="sqlite://",
            default=False,
        )
        later.app = shop(auth)
        driver.get(f"{origin}/login")
        driver.find_element(By.ID, how).click()
        waiting(driver).until(lambda _: driver.current_url == f"{origin}/account")
        waiting(driver).until(lambda _: "signed in as" in driver.find_element(By.TAG_NAME, "body").text)
        assert ("authweave-signin" in kept_cookies(driver), "sAccessToken" in kept_cookies(driver)) == (False, True)
        auth.close()
