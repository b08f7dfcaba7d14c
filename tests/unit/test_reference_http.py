"""``docs/reference/http.md``, and the page beside it, have the routes that are served, and no others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from authweave import InputAppInfo, init
from authweave.app import App
from authweave.app._missing import ASKED
from authweave.recipe import (
    admin,
    emailpassword,
    emailverification,
    multifactorauth,
    passwordless,
    session,
    thirdparty,
    totp,
    webauthn,
)
from authweave.types import BaseRequest

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = ROOT / "docs" / "reference"
PAGE: Final = "".join((FOLDER / name).read_text(encoding="utf-8") for name in ("http.md", "http-factors.md"))
ROUTE: Final = re.compile(r"`(GET|POST|PUT|PATCH|DELETE) (/[\w./<>-]+)")
ROW: Final = re.compile(r"^\| (`(?:GET|POST|PUT)[^|]+) \| ([a-z ]+) \| ", re.MULTILINE)
MISSING: Final = re.compile(r"^\| `([a-z0-9]+)` \| (`(?:GET|POST|PUT) [^|]+) \|$", re.MULTILINE)
STATUS: Final = re.compile(r"\b(?:OK|[A-Z]+(?:_[A-Z]+)*_(?:ERROR|ALLOWED|PROVIDER))\b")
CITED: Final = re.compile(r"docs/reference/http\.md, ([^).:;]+)")
NAMED: Final = [found for found in ROUTE.findall(PAGE) if not found[1].startswith("/auth/")]

ALWAYS: Final = "always there"
LOGIN_METHODS: Final = "GET /loginmethods"
"""With the recipe for tenants it is that one's, which others bring along; without it is there all the same."""

GITHUB: Final = thirdparty.ProviderConfig("github", clients=[thirdparty.ProviderClientConfig("id", "secret")])


@pytest.fixture(scope="module")
def auth() -> Iterator[App]:
    """Build an application with every recipe."""
    app = init(
        InputAppInfo("HTTP", "http://localhost:8000", website_domain="http://localhost:3000"),
        [
            emailpassword.init(),
            emailverification.init("OPTIONAL"),
            thirdparty.init(
                thirdparty.SignInAndUpFeature([thirdparty.ProviderInput(GITHUB)]),
                server_redirects=thirdparty.ServerRedirects(),
            ),
            passwordless.init(passwordless.ContactEmailOrPhoneConfig(), "USER_INPUT_CODE_AND_MAGIC_LINK"),
            webauthn.init(webauthn.WebauthnConfig(related_origins=["https://example.org"])),
            totp.init(),
            multifactorauth.init(),
            session.init(),
            admin.init(allowed="admin"),
        ],
        storage="sqlite://",
        openapi_path="/openapi.json",
        default=False,
    )
    yield app
    app.close()


def on_page(route: str) -> str:
    """Return a route as the page writes it, where a reader is to fill in its parameter."""
    return route.replace("{", "<").replace("}", ">")


def test_the_table_has_every_route_with_its_recipe(auth: App) -> None:
    """Each route that there is stands in the table of paths, beside the recipe that brings it."""
    table = [(" ".join(route), recipe) for cell, recipe in ROW.findall(PAGE) for route in ROUTE.findall(cell)]
    brought = {(each.title, recipe.recipe_id) for recipe in auth.recipes for each in recipe.routes()}
    others = {(each.title, ALWAYS) for each in auth.endpoints.routes.routes} - {(title, ALWAYS) for title, _ in brought}
    served = {(on_page(title), ALWAYS if title == LOGIN_METHODS else recipe) for title, recipe in brought | others}
    assert sorted(set(table)) == sorted(served)


@pytest.mark.parametrize(("method", "path"), sorted(set(NAMED)))
def test_what_the_page_names_is_served(auth: App, method: str, path: str) -> None:
    """No route is named anywhere on the page that the application leaves, of a frontend's, to the one behind it."""
    asked = BaseRequest(method.lower(), "/auth" + re.sub("<.+>", "github", path), [("fdi-version", "4.1")])
    assert auth.endpoints.match(asked) is not None


def test_what_is_answered_of_recipes_that_are_not_there(auth: App) -> None:
    """Their table has every route; those of recipes that are there are no others than what they serve."""
    told = {recipe: ROUTE.findall(cell) for recipe, cell in MISSING.findall(PAGE)}
    assert told == {recipe: [tuple(each.split(" ")) for each in titles] for recipe, (_, titles) in ASKED.items()}
    served = {recipe.recipe_id: {route.title for route in recipe.routes()} for recipe in auth.recipes}
    for recipe, (_, titles) in ASKED.items():
        assert set(titles) <= served.get(recipe, set(titles))


def test_every_status_is_told(auth: App) -> None:
    """Each status that an answer's JSON can have is on the page, and no other; the API with a key has its own page."""
    answered = set(STATUS.findall(json.dumps(auth.openapi())))
    assert set(STATUS.findall(PAGE)) == answered
    sources = [
        path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "src").rglob("*.py"))
        if not {"demo", "serving"} & {*path.parts}
    ]
    assert {status for text in sources for status in re.findall(r'"status": "([A-Z_]+)"', text)} <= answered


def test_headings_that_are_cited_are_there() -> None:
    """What code and tests cite of the page is one of its headings."""
    cited = {
        heading
        for folder in ("src", "tests")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for found in CITED.findall(path.read_text(encoding="utf-8"))
        for heading in re.split(", | and ", found)
    }
    assert cited <= set(re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE))
