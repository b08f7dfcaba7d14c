"""The unmodified ``supertokens-web-js`` in Chromium, by script tags and by modules: ``examples/frontends/web_js``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response
from selenium import webdriver

from tests.e2e.bundles import EXAMPLES, NODE, PACKAGES, bundled
from tests.e2e.chromium import keep_picture
from tests.e2e.frontend_site import Site, example
from tests.e2e.watched import REFRESH
from tests.integration.http.serving import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.node, pytest.mark.usefixtures("driver")]

ADDRESS: Final = "ada@example.com"
FORM: Final = f'{{formFields: [{{id: "email", value: "{ADDRESS}"}}, {{id: "password", value: "{PASSWORD}"}}]}}'


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, chromium: webdriver.Chrome) -> Iterator[Site]:
    """Serve the example, with one more page."""
    folder = tmp_path_factory.mktemp("web_js")
    script = folder / "main.js"
    script.write_bytes(bundled(EXAMPLES / "web_js" / "main.js"))

    def with_contexts(app: FastAPI) -> FastAPI:
        @app.get("/contexts")
        def contexts() -> HTMLResponse:
            return HTMLResponse('<!doctype html><title>Contexts</title><script src="/contexts.js"></script>')

        @app.get("/contexts.js")
        def contexts_js() -> Response:
            return Response(bundled(NODE / "user_contexts.js"), media_type="text/javascript")

        return app

    storage = f"sqlite:///{folder / 'auth.db'}"
    with example(
        chromium, "web_js", lambda make, origin: with_contexts(make(script, PACKAGES, origin, storage))
    ) as site:
        yield site


@pytest.mark.parametrize(("path", "name"), [("/", "tags"), ("/modules", "modules")])
def test_a_page(site: Site, path: str, name: str) -> None:
    """It signs up, out and in, says what is wrong, and gets a session back that needs a refresh."""
    address = f"{name}@example.com"
    site.open(path)
    site.click("me")
    site.shows("You are not signed in.")
    site.submit("signUp", address, "short")
    site.shows("Password must contain at least 8 characters")
    site.submit("signUp", address, PASSWORD)
    site.shows(f"Signed in as {address}.")
    site.click("me")
    user = site.shows("You are ")
    assert len(user) > len("You are not signed in.")
    keep_picture(site.driver, f"frontend-web-js-{name}")
    site.submit("signUp", address, PASSWORD)
    site.shows("This email already exists.")

    before = site.api.count(f"{REFRESH} 200")
    site.driver.delete_cookie("sAccessToken")  # pyright: ignore[reportUnknownMemberType]  selenium names no type
    site.click("me")
    assert site.shows("You are ") == user
    assert site.api.count(f"{REFRESH} 200") == before + 1

    site.click("sign-out")
    site.shows("Signed out.")
    site.click("me")
    site.shows("You are not signed in.")
    site.submit("signIn", address, "another password 1")
    site.shows("Address or password is wrong.")
    site.submit("signIn", address, PASSWORD)
    site.shows(f"Signed in as {address}.")


def test_the_context_of_the_frontend_is_empty(site: Site) -> None:
    """What overrides and hooks of the frontend are handed as userContext is empty, and the caller's where he says."""
    site.open("/contexts")
    assert site.run(f"EmailPassword.signUp({FORM}).then(answer => done(answer.status))") == "OK"
    assert site.run("Session.doesSessionExist().then(done)") is True
    assert site.run("Session.signOut().then(() => done(null))") is None
    called = site.run("done(window.seen)")
    names = {name for name, _ in called}
    assert {
        "EmailPassword.signUp",
        "hook EMAIL_PASSWORD_SIGN_UP",
        "Session.doesSessionExist",
        "Session.signOut",
    } <= names
    assert [each for each in called if each[1] != {}] == []

    site.open("/contexts")
    given = FORM.removesuffix("}") + ", userContext: {isSignUp: true}}"
    assert site.run(f"EmailPassword.signIn({given}).then(answer => done(answer.status))") == "OK"
    called = dict(site.run("done(window.seen)"))
    assert called["EmailPassword.signIn"] == called["hook EMAIL_PASSWORD_SIGN_IN"] == {"isSignUp": True}
