"""*Authorize* of Swagger UI, in Chromium: FastAPI's page, with the assets from npm in place of those of a CDN."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final

import httpx2
import pytest
from fastapi import Depends, FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.staticfiles import StaticFiles
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support import expected_conditions as conditions
from starlette.responses import HTMLResponse

from authweave.app import init
from authweave.framework.fastapi import get_middleware, merge_openapi, verify_session
from authweave.recipe import emailpassword, session
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import InputAppInfo
from tests.e2e.bundles import PACKAGES
from tests.e2e.chromium import waiting
from tests.integration.http.serving import HEADERS, PASSWORD, serving

pytestmark = [pytest.mark.browser, pytest.mark.node]

ME: Final = "#operations-default-me_me_get"
FORM: Final = {"formFields": [{"id": "email", "value": "a@example.com"}, {"id": "password", "value": PASSWORD}]}


@pytest.fixture
def address() -> Iterator[str]:
    """Serve an application that shows its document."""
    auth = init(
        InputAppInfo("Shown", "http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init()],
        storage="sqlite://",
        default=False,
    )
    web = FastAPI(docs_url=None)
    web.add_middleware(get_middleware(), app=auth)
    web.mount("/assets", StaticFiles(directory=PACKAGES / "swagger-ui-dist"))
    merge_openapi(web, auth)

    @web.get("/me")
    async def me(session: Annotated[SessionContainer, Depends(verify_session())]) -> dict[str, str]:
        return {"user": session.get_user_id()}

    @web.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="/openapi.json",
            title="Shown",
            swagger_js_url="/assets/swagger-ui-bundle.js",
            swagger_css_url="/assets/swagger-ui.css",
            swagger_favicon_url="/assets/favicon-32x32.png",
        )

    with serving(web) as served:
        yield served
    auth.close()


class Page:
    """Swagger's page, by what a person does on it."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver
        self.waiting = waiting(driver)

    def click(self, selector: str) -> None:
        """Press what can be pressed, once it is there and does not move."""
        is_there = conditions.element_to_be_clickable((By.CSS_SELECTOR, selector))

        def press_it(driver: webdriver.Chrome) -> bool:
            if found := is_there(driver):
                found.click()
            return bool(found)

        self.waiting.until(press_it)

    def authorize(self, access_token: str) -> None:
        """Enter the token: the first field of a bearer is that of `bearer`, that of `refreshBearer` comes later."""
        self.click(".auth-wrapper .btn.authorize")
        field = self.waiting.until(conditions.element_to_be_clickable((By.ID, "auth-bearer-value")))
        field.send_keys(access_token)
        field.submit()
        self.click(".auth-btn-wrapper .btn-done")

    def execute(self, status: str) -> str:
        """Send the request of the operation that is open, wait for a status and return the answer that is shown."""
        self.click(f"{ME} .execute")
        shown = (By.CSS_SELECTOR, f"{ME} .live-responses-table .response .response-col_status")
        self.waiting.until(conditions.text_to_be_present_in_element(shown, status))
        return self.driver.find_element(By.CSS_SELECTOR, f"{ME} .live-responses-table").text


def test_authorize_signs_in(address: str, driver: webdriver.Chrome) -> None:
    """A route that asks for a session refuses at first, and knows the user once the token is entered."""
    answer = httpx2.post(f"{address}/auth/signup", json=FORM, headers=HEADERS)
    user, token = answer.json()["user"]["id"], answer.headers["st-access-token"]
    driver.get(f"{address}/docs")
    page = Page(driver)
    page.click(f"{ME} .opblock-summary-control")
    page.click(f"{ME} .try-out__btn")
    assert user not in page.execute("401")
    page.authorize(token)
    assert user in page.execute("200")
