"""Our routes in the document of FastAPI."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Final

import pytest
from fastapi import APIRouter, Depends, FastAPI, Security
from fastapi.security import APIKeyHeader
from fastapi.testclient import TestClient
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel

from authweave.app import App, init
from authweave.errors import DocumentsCollideError
from authweave.framework.fastapi import get_middleware, merge_openapi, verify_session
from authweave.recipe import emailpassword, session, usermetadata
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import InputAppInfo

INFO: Final = InputAppInfo("Merged", "http://localhost:8000", website_domain="http://localhost:3000")


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


def test_an_application_without_sessions(auth: App) -> None:
    """Its routes are merged all the same, beside one that asks for a session of another application."""
    bare = init(INFO, [usermetadata.init()], storage="sqlite://", default=False)
    web = FastAPI()
    web.get("/me", dependencies=[Depends(verify_session(app=auth))])(lambda: None)
    merge_openapi(web, bare)
    assert {"/me", "/auth/health/live"} <= set(web.openapi()["paths"])
    bare.close()


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


class Message(BaseModel):
    """What the application calls a message."""

    subject: str


class AuthUser(BaseModel):
    """A name that ours would have instead of that of another."""

    badge: int


def test_no_name_of_theirs_is_taken(auth: App) -> None:
    """Schemas, ways to be let in, ids of operations and tags: ours give way, and whoever refers to them knows."""
    web = FastAPI(openapi_tags=[{"name": "session", "description": "Theirs."}])

    @web.get("/me", operation_id="post_signin", tags=["session"])
    async def me(
        session: Annotated[SessionContainer, Depends(verify_session())],
        token: Annotated[str, Security(APIKeyHeader(name="x-token", scheme_name="bearer"))],
    ) -> User:
        return User(nick=session.get_user_id() + token)

    @web.get("/messages")
    async def messages(session: Annotated[SessionContainer, Depends(verify_session())]) -> tuple[Message, AuthUser]:
        return Message(subject=session.get_user_id()), AuthUser(badge=1)

    merge_openapi(web, auth)
    document: dict[str, Any] = web.openapi()  # Any: as FastAPI types it
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    schemas, paths = document["components"]["schemas"], document["paths"]
    refused = paths["/messages"]["get"]["responses"]["401"]["content"]["application/json"]["schema"]
    assert refused == {"$ref": "#/components/schemas/AuthMessage"}
    assert [list(schemas[name]["properties"]) for name in ("Message", "AuthMessage")] == [["subject"], ["message"]]
    assert list(schemas["AuthUser"]["properties"]) == ["badge"]
    assert "loginMethods" in schemas["AuthUser2"]["properties"]
    assert schemas["SignedIn"]["properties"]["user"] == {"$ref": "#/components/schemas/AuthUser2"}
    assert document["components"]["securitySchemes"]["bearer"]["type"] == "apiKey"
    assert paths["/messages"]["get"]["security"] == [{"AuthBearer": []}, {"cookie": []}]
    assert paths["/me"]["get"]["security"] == [{"bearer": []}]
    assert paths["/auth/signin"]["post"]["operationId"] == "auth_post_signin"
    links = paths["/auth/signup"]["post"]["responses"]["200"]["links"]
    assert links["auth_post_signin"]["operationId"] == "auth_post_signin"
    assert [each["name"] for each in document["tags"]].count("session") == 1


def test_a_path_that_is_ours_but_for_its_parameters_name(auth: App) -> None:
    """No document has two of them: the error says which."""
    web = FastAPI()

    @web.get("/auth/{tenant}/signin")
    async def signin(tenant: str) -> str:
        return tenant

    merge_openapi(web, auth)
    with pytest.raises(DocumentsCollideError, match=r"/auth/\{tenant\}/signin .* beside /auth/\{tenantId\}/signin"):
        web.openapi()


def test_another_method_of_a_path_of_ours(auth: App) -> None:
    """It stays the application's, beside ours."""
    web = FastAPI()

    @web.get("/auth/{tenantId}/signin")
    async def signin(tenantId: str) -> str:  # noqa: N803  the parameter's name in the path
        return tenantId

    merge_openapi(web, auth)
    document: dict[str, Any] = web.openapi()  # Any: as FastAPI types it
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    assert set(document["paths"]["/auth/{tenantId}/signin"]) == {"get", "post"}


def test_below_the_path_of_a_mount() -> None:
    """Paths of the document are below the application's root path: ours that begin with it stand without it."""
    info = InputAppInfo(
        "Mounted", "http://localhost:8000", website_domain="http://localhost:3000", api_base_path="/v1/auth"
    )
    auth = init(info, [emailpassword.init(), session.init()], storage="sqlite://", default=False)
    inner, outer = FastAPI(), FastAPI()
    inner.add_middleware(get_middleware(), app=auth)
    merge_openapi(inner, auth, root_path="/v1")
    outer.mount("/v1", inner)
    with TestClient(outer) as client:
        document: dict[str, Any] = client.get("/v1/openapi.json").json()  # Any: JSON
        assert {"/auth/signin", "/auth/{tenantId}/signin"} <= set(document["paths"])
        server = document["servers"][0]["url"]
        assert client.get(f"{server}/auth/emailpassword/email/exists?email=a@example.com").status_code == 200
    auth.close()


def test_two_applications_in_one_document(auth: App) -> None:
    """Each has its routes there; what both have, stands once."""
    info = InputAppInfo(
        "Other", "http://localhost:8000", website_domain="http://localhost:3000", api_base_path="/staff"
    )
    other = init(info, [emailpassword.init(), session.init()], storage="sqlite://", default=False)
    web = FastAPI()
    merge_openapi(web, auth)
    merge_openapi(web, other)
    document: dict[str, Any] = web.openapi()  # Any: as FastAPI types it
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    assert {"/auth/signin", "/staff/signin"} <= set(document["paths"])
    assert document["paths"]["/staff/signin"]["post"]["operationId"] == "auth_post_signin"
    assert "AuthUser" not in document["components"]["schemas"]
    other.close()


def test_it_is_made_when_it_is_asked_for(auth: App) -> None:
    """Not at start; and then once, until the application's own changes."""
    web = FastAPI()
    merge_openapi(web, auth)
    assert web.openapi_schema is None
    first = web.openapi()
    assert web.openapi() is first
