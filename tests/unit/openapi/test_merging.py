"""Our routes in the document of FastAPI."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Final

import pytest
from fastapi import APIRouter, Depends, FastAPI
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel

from authweave.app import App, init
from authweave.errors import DocumentsCollideError
from authweave.framework.fastapi import get_middleware, merge_openapi, verify_session
from authweave.recipe import emailpassword, session
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import InputAppInfo

INFO: Final = InputAppInfo("Merged", "http://localhost:8000", "http://localhost:3000")


class User(BaseModel):
    """What the application calls a user."""

    nick: str


@pytest.fixture
def auth() -> Iterator[App]:
    """Build an application."""
    app = init(INFO, [emailpassword.init(), session.init(anti_csrf="VIA_TOKEN")], storage="sqlite://", default=False)
    yield app
    app.close()


@pytest.fixture
def web(auth: App) -> FastAPI:
    """Return an application with routes of its own."""
    app = FastAPI()
    app.add_middleware(get_middleware(), app=auth)

    @app.get("/me")
    async def me(session: Annotated[SessionContainer, Depends(verify_session())]) -> User:
        return User(nick=session.get_user_id())

    @app.get("/open")
    async def is_open() -> str:
        return "open"

    router = APIRouter(prefix="/router", dependencies=[Depends(verify_session(session_required=False))])

    @router.post("/{number}")
    async def numbered(number: int) -> int:
        return number

    app.include_router(router)
    return app


def test_both_are_in_it(auth: App, web: FastAPI) -> None:
    """The application's routes and ours are there, and the whole is valid; what is FastAPI's stays FastAPI's."""
    info = web.openapi()["info"]
    web.openapi_schema = None
    merge_openapi(web, auth)
    document: dict[str, Any] = web.openapi()  # Any: as FastAPI types it
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    assert {"/me", "/open", "/router/{number}", "/auth/signin", "/auth/{tenantId}/signin"} <= set(document["paths"])
    assert document["info"] == info
    assert web.openapi() is document


def test_two_users_are_two(auth: App, web: FastAPI) -> None:
    """A schema of ours has another name where the application has one of that name."""
    merge_openapi(web, auth)
    schemas = web.openapi()["components"]["schemas"]
    assert set(schemas["User"]["properties"]) == {"nick"}
    assert "loginMethods" in schemas["AuthUser"]["properties"]
    assert schemas["SignedIn"]["properties"]["user"] == {"$ref": "#/components/schemas/AuthUser"}


def test_routes_that_ask_for_a_session_say_so(auth: App, web: FastAPI) -> None:
    """Those of routers too; others say nothing."""
    merge_openapi(web, auth)
    paths = web.openapi()["paths"]
    me = paths["/me"]["get"]
    assert me["security"] == [{"bearer": []}, {"cookie": []}]
    assert {"200", "401", "403"} <= set(me["responses"])
    assert paths["/router/{number}"]["post"]["security"] == [{}, {"bearer": []}, {"cookie": [], "antiCsrf": []}]
    assert "security" not in paths["/open"]["get"]


def test_a_route_that_nobody_would_reach(auth: App, web: FastAPI) -> None:
    """Both have it: the error names it."""

    @web.post("/auth/signin")
    async def mine() -> str:
        return "never"

    merge_openapi(web, auth)
    with pytest.raises(DocumentsCollideError, match="POST /auth/signin"):
        web.openapi()
