"""Applications that serve what no recipe of the library does (docs/reference/http.md, What no recipe serves)."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import ClassVar

import httpx2
from fastapi import FastAPI
from typing_extensions import override

from authweave import InputAppInfo, init
from authweave.extending import Recipe, RecipeEntry, Services
from authweave.framework.fastapi import get_middleware
from authweave.http import Exchange, Route
from authweave.recipe import emailpassword, session
from authweave.security import PasswordHasher
from authweave.types import Response
from tests.patience import PATIENCE_S

from .serving import form, serving
from .test_missing_routes import FRONTEND

CODE = "/auth/signinup/code"


class Codes(Recipe):
    """A recipe of the application's own."""

    recipe_id: ClassVar[str] = "codes"

    @override
    def composed(self) -> Mapping[str, object]:
        """Return nothing: it has no functions."""
        return {}

    @override
    def routes(self) -> Sequence[Route]:
        """Return one route that is served, and one that is not."""
        return (
            Route("post", "/signinup/code", self.answer),
            Route("post", "/signinup/code/consume", self.answer, is_enabled=False),
        )

    async def answer(self, exchange: Exchange) -> Response:
        """Answer."""
        del exchange
        return Response.from_json({"status": "OK"})


class CodesEntry(RecipeEntry):
    """Switches the recipe on."""

    recipe_id: ClassVar[str] = "codes"

    @override
    def build(self, services: Services) -> Codes:
        """Build the recipe."""
        return Codes()


@contextmanager
def asking(*entries: RecipeEntry, debug: bool = False, missing_routes: bool = True) -> Generator[httpx2.Client]:
    """Serve an application that answers some of the frontends' routes itself, for a block."""
    auth = init(
        InputAppInfo("Missing", "http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(sign_up_api=False), session.init(), *entries],
        storage="sqlite://",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        debug=debug,
        missing_routes=missing_routes,
        default=False,
    )
    app = FastAPI()
    app.add_middleware(get_middleware(), app=auth)

    @app.post("/auth/signup")
    @app.post(CODE)
    @app.post(f"{CODE}/consume")
    async def of_the_application() -> dict[str, str]:
        return {"status": "OF_THE_APPLICATION"}

    with serving(app) as address, httpx2.Client(base_url=address, headers=FRONTEND, timeout=PATIENCE_S) as client:
        yield client
    auth.close()


def test_the_application_keeps_what_is_switched_off() -> None:
    """Where a recipe is there and a route of it switched off, the application behind may have it."""
    with asking() as client:
        assert client.post("/auth/signup", json=form()).json() == {"status": "OF_THE_APPLICATION"}
        assert client.post(CODE).json()["status"] == "GENERAL_ERROR"


def test_the_application_takes_them_all() -> None:
    """After ``missing_routes=False`` nothing is answered for recipes that are not there."""
    with asking(missing_routes=False) as client:
        assert client.post(CODE).json() == {"status": "OF_THE_APPLICATION"}
        assert client.post("/auth/totp/verify").status_code == 404


def test_a_recipe_of_the_application_s_own() -> None:
    """It takes the place of what is missing, and leaves to the application what it has switched off."""
    with asking(CodesEntry()) as client:
        assert client.post(CODE, json={}).json() == {"status": "OK"}
        assert client.post(f"{CODE}/consume").json() == {"status": "OF_THE_APPLICATION"}
        assert client.post(f"{CODE}/resend").json()["status"] == "GENERAL_ERROR"


def test_who_writes_the_page_is_told() -> None:
    """In debug mode the answer names the recipe."""
    with asking(debug=True) as client:
        assert client.post(CODE).json()["debug"] == [
            "No recipe in recipe_list serves this. Add passwordless, or take it out of the frontend's recipeList."
        ]
