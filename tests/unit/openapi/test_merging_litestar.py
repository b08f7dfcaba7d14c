"""Our routes in the document of Litestar."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import attrs
import pytest
from litestar import Litestar, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from litestar.testing import TestClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from authweave.app import App, init
from authweave.errors import DocumentsCollideError
from authweave.framework.litestar import AuthPlugin, merge_openapi, session_guard, verify_session
from authweave.recipe import emailpassword, session
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import InputAppInfo

INFO: Final = InputAppInfo("Merged", "http://localhost:8000", website_domain="http://localhost:3000")
DEPENDENCIES: Final = {"session": Provide(verify_session(session_required=False))}
Session = NamedDependency[SessionContainer | None]


@attrs.define
class User:
    """What the application calls a user."""

    nick: str


@get("/me", guards=[session_guard()])
async def me() -> User:
    """Return who asks."""
    return User("me")


@get("/open", dependencies=DEPENDENCIES)
async def is_open() -> str:
    """Use no session, though there is one to use."""
    return "open"


async def of_session(session: Session) -> str:
    """Depend on the session."""
    return "" if session is None else session.get_user_id()


@post("/numbers/{number:int}", dependencies={**DEPENDENCIES, "who": Provide(of_session)})
async def numbered(number: FromPath[int], who: NamedDependency[str]) -> int:
    """Depend on what depends on it."""
    return number


@post("/auth/signin")
async def mine() -> str:
    """Stand where nobody comes."""
    return "never"


@pytest.fixture
def auth() -> Iterator[App]:
    """Build an application."""
    app = init(INFO, [emailpassword.init(), session.init(anti_csrf="VIA_TOKEN")], storage="sqlite://", default=False)
    yield app
    app.close()


@pytest.fixture
def document(auth: App) -> dict[str, Any]:  # Any: JSON
    """Return what is served at ``/schema/openapi.json``."""
    web = Litestar([me, is_open, numbered], plugins=[AuthPlugin(auth)])
    merge_openapi(web, auth)
    with TestClient(web) as client:
        served: dict[str, Any] = client.get("/schema/openapi.json").json()  # Any: JSON
    return served


def test_both_are_in_it(document: dict[str, Any]) -> None:
    """The application's routes and ours are there, and the whole is valid; what is Litestar's stays Litestar's."""
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    assert {"/me", "/open", "/numbers/{number}", "/auth/signin", "/auth/{tenantId}/signin"} <= set(document["paths"])
    assert document["info"]["title"] == "Litestar API"


def test_two_users_are_two(document: dict[str, Any]) -> None:
    """A schema of ours has another name where the application has one of that name."""
    schemas = document["components"]["schemas"]
    mine = document["paths"]["/me"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    assert set(schemas[mine.rpartition("/")[2]]["properties"]) == {"nick"}
    signed_in = schemas["SignedIn"]["properties"]["user"]["$ref"]
    assert "loginMethods" in schemas[signed_in.rpartition("/")[2]]["properties"]


def test_routes_that_ask_for_a_session_say_so(document: dict[str, Any]) -> None:
    """By guard, or in a dependency of a dependency; one that is there and not used counts for nothing."""
    paths = document["paths"]
    assert paths["/me"]["get"]["security"] == [{"bearer": []}, {"cookie": []}]
    assert {"200", "401", "403"} <= set(paths["/me"]["get"]["responses"])
    assert paths["/numbers/{number}"]["post"]["security"] == [{}, {"bearer": []}, {"cookie": [], "antiCsrf": []}]
    assert "security" not in paths["/open"]["get"]


def test_a_route_that_nobody_would_reach(auth: App) -> None:
    """Both have it: the error names it."""
    web = Litestar([mine])
    merge_openapi(web, auth)
    with pytest.raises(DocumentsCollideError, match="POST /auth/signin"):
        web.openapi_schema.to_schema()
