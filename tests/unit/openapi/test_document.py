"""The document of an application's routes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Final

import attrs
import httpx2
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from typing_extensions import override

import apikeys
from authweave.app import App, init
from authweave.extending import Recipe, RecipeEntry, Services
from authweave.framework.asgi import Middleware
from authweave.http import Answer, Exchange, Parameter, Route, RouteTable, object_schema
from authweave.kernel import UserContext
from authweave.openapi import document
from authweave.recipe import emailpassword, session, usermetadata, userroles
from authweave.recipe.session.types import AntiCsrfMode
from authweave.serving.api import init as server_api
from authweave.types import JSON, AppInfo, ConfigurationError, InputAppInfo, JSONObject, Response
from tests.integration.openapi.conftest import behind, member
from tests.integration.openapi.served import documented_app

INFO: Final = InputAppInfo("Documented", "http://localhost:8000", website_domain="http://localhost:3000")


async def nothing(exchange: Exchange) -> Response:
    """Answer nothing."""
    return Response(204)


USER: Final = object_schema("User", {"nick": {"type": "string"}})
OWN: Final = (
    Route("get", "/plain", nothing, reads=None),
    Route(
        "get",
        "/nick",
        nothing,
        reads=None,
        summary="Say a nick",
        query=(Parameter("id", "Whose.", is_required=True),),
        answers=(Answer(200, "It.", USER),),
        has_tenants=False,
    ),
)


@attrs.frozen
class Other(Recipe):
    """A recipe of somebody else's."""

    recipe_id: ClassVar[str] = "other"

    @override
    def composed(self) -> Mapping[str, object]:
        return {}

    @override
    def routes(self) -> Sequence[Route]:
        return OWN


@attrs.frozen
class OtherSetup(RecipeEntry[UserContext]):
    recipe_id: ClassVar[str] = "other"

    @override
    def build(self, services: Services) -> Recipe:
        return Other()


def built(*entries: RecipeEntry[UserContext], info: InputAppInfo = INFO, openapi_path: str | None = None) -> App:
    """Build an application."""
    recipes = entries or (emailpassword.init(), session.init(), OtherSetup())
    return init(info, recipes, storage="sqlite://", default=False, openapi_path=openapi_path)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Build an application with every recipe that has routes, ours and that of the example."""
    with documented_app(tmp_path_factory.mktemp("auth"), "http://localhost:9", others=[apikeys.init()]) as app:
        yield app


def paths_of(document: JSONObject) -> JSONObject:
    """Return the paths of a document."""
    return member(document, "paths")


@pytest.mark.parametrize("version", ["", "1.17", "2.0", "3.1"])
def test_it_is_valid(app: App, version: str) -> None:
    """The validator of the specification finds no fault, in whatever version of the interface."""
    assert list(OpenAPIV31SpecValidator(dict(app.openapi(fdi_version=version))).iter_errors()) == []


def test_no_route_of_ours_says_nothing(app: App) -> None:
    """Each route has a summary and answers, a form has a schema, and the answer of a success is among them."""
    served = built(
        emailpassword.init(password_reset=emailpassword.PasswordResetFeature(enabled=False)),
        session.init(),
        userroles.init(),
        usermetadata.init(),
        server_api(keys=["k" * 32]),
    )
    assert list(OpenAPIV31SpecValidator(dict(served.openapi())).iter_errors()) == []
    refused = member(paths_of(served.openapi()), "/auth/user/password/reset", "post", "responses", "200", "content")
    assert member(refused, "application/json", "schema") == {"$ref": "#/components/schemas/GeneralError"}
    routes = [*app.endpoints.routes.routes, *served.endpoints.routes.routes]
    served.close()
    assert {"GET /loginmethods", "POST /api/session/create", "POST /user/password/reset"} <= {
        each.title for each in routes
    }
    for route in routes:
        assert route.summary, route.title
        assert any(each.status in {200, 303} for each in route.answers), route.title
        assert (route.body is not None) is (route.reads is not None), route.title


def test_all_that_is_served_is_in_it(app: App) -> None:
    """Each route stands at its path, and at that of a tenant where it has tenants; ids of operations are unique."""
    document = app.openapi()
    wanted = {f"/auth{each.path}" for each in app.endpoints.routes.routes}
    wanted |= {f"/auth/{{tenantId}}{each.path}" for each in app.endpoints.routes.routes if each.has_tenants}
    assert wanted == set(paths_of(document))
    ids = [
        member(operation)["operationId"]
        for item in paths_of(document).values()
        for method, operation in member(item).items()
        if method != "parameters"
    ]
    assert len(ids) == len(set(map(str, ids)))


def test_what_is_switched_off_is_not_in_it() -> None:
    """A route that is not served is not described."""
    app = built(emailpassword.init(sign_up_api=False), session.init())
    assert "/auth/signup" not in paths_of(app.openapi())
    assert "/auth/signin" in paths_of(app.openapi())
    app.close()


def test_routes_of_others() -> None:
    """A recipe of somebody else's is described as far as it says something; two schemas of one title are two."""
    app = built()
    document = app.openapi()
    plain, nick = (member(paths_of(document), f"/auth/{name}", "get") for name in ("plain", "nick"))
    assert plain["tags"] == nick["tags"] == ["other"]
    assert list(member(plain, "responses")) == ["default"]
    schema = member(nick, "responses", "200", "content", "application/json", "schema")
    assert schema == {"$ref": "#/components/schemas/User2"}
    assert member(document, "components", "schemas", "User2", "properties") == {"nick": {"type": "string"}}
    assert "loginMethods" in member(document, "components", "schemas", "User", "properties")
    app.close()


@pytest.mark.parametrize(("mode", "proof"), [("NONE", None), ("VIA_TOKEN", "anti-csrf"), ("VIA_CUSTOM_HEADER", "rid")])
def test_how_a_session_is_shown(tmp_path: Path, mode: AntiCsrfMode, proof: str | None) -> None:
    """By token in a header, or by cookie: then with what the mode asks for beside it."""
    with documented_app(tmp_path, "http://localhost:9", anti_csrf=mode) as app:
        document = app.openapi()
    wanted: list[JSON] = [{"bearer": []}, {"cookie": [], **({} if proof is None else {"antiCsrf": []})}]
    assert member(paths_of(document), "/auth/signout", "post")["security"] == wanted
    assert member(paths_of(document), "/auth/user/email/verify", "get")["security"] == [{"bearer": []}, {"cookie": []}]
    assert member(paths_of(document), "/auth/signin", "post")["security"] == []
    schemes = member(document, "components", "securitySchemes")
    assert (member(schemes, "antiCsrf")["name"] if proof else schemes.get("antiCsrf")) == proof


def test_statuses_that_are_configured_are_told() -> None:
    """What an application answers in place of 401 is what its document says."""
    app = built(session.init(session_expired_status_code=440))
    assert {"440"} == set(member(paths_of(app.openapi()), "/auth/signout", "post", "responses")) & {"401", "440"}
    app.close()


def test_where_it_says_to_be() -> None:
    """A gateway's path and a root path are in the address, not in the paths, as requests arrive without them."""
    app = built(
        info=InputAppInfo("A", "https://api.example.com", "/gateway", "/auth", website_domain="https://example.com")
    )
    document = app.openapi(root_path="/v1")
    assert document["servers"] == [{"url": "https://api.example.com/gateway/v1"}]
    assert "/auth/signin" in paths_of(document)
    app.close()


@pytest.mark.parametrize("path", ["openapi.json", "/", "/a b", "/{x}", ""])
def test_a_path_that_is_none(path: str) -> None:
    """It is refused when the application is built."""
    with pytest.raises(ConfigurationError, match="openapi_path"):
        built(openapi_path=path)


def test_it_is_served_where_it_is_wanted() -> None:
    """It is off by default."""
    app = built()
    assert "/auth/openapi.json" not in paths_of(app.openapi())
    app.close()
    app = built(openapi_path="/openapi.json")
    assert "/auth/openapi.json" in paths_of(app.openapi())
    app.close()


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_it_is_made_once_for_each_version(monkeypatch: pytest.MonkeyPatch, anyio_backend: str) -> None:
    """Anybody may ask for it, again and again: the work is done the first time, and is kept for a few versions."""
    made: list[str] = []

    def counted(routes: RouteTable, info: AppInfo, *, fdi_version: str, root_path: str) -> JSONObject:
        made.append(fdi_version)
        return document(routes, info, fdi_version=fdi_version, root_path=root_path)

    monkeypatch.setattr("authweave.openapi.document", counted)
    app = built(openapi_path="/openapi.json")
    transport = httpx2.ASGITransport(Middleware(behind, app))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        for version in ("", "2.0", "", "2.0", "1.17,2.0"):
            answer = await client.get("/auth/openapi.json", headers={"fdi-version": version})
            told = document(app.endpoints.routes, app.app_info, fdi_version=version)
            assert answer.json() == json.loads(json.dumps(told))
    app.close()
    assert made == ["", "2.0"]
