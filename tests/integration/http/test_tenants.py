"""Tenants over HTTP: how people of each sign in, which one a request is for, and what is no tenant."""

from __future__ import annotations

import socket
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

import attrs
import httpx2
import pytest
from fastapi import FastAPI, Request

from authweave import InputAppInfo, get_request_from_user_context, init
from authweave.app import App
from authweave.extending import RecipeEntry
from authweave.framework.fastapi import get_middleware
from authweave.kernel import UserContext, override
from authweave.recipe import emailpassword, multitenancy, session, thirdparty
from authweave.recipe.multitenancy import (
    APIInterface,
    APIOptions,
    InputOverrideConfig,
    LoginMethodsGetOkResult,
    LoginMethodsGetResult,
    MultitenancyRecipe,
    RecipeInterface,
    TenantConfigCreateOrUpdate,
    signatures,
)
from authweave.recipe.thirdparty import ProviderInput, SignInAndUpFeature
from authweave.security import PasswordHasher
from authweave.storage.memory import MemoryStorage
from authweave.types import JSON, GeneralErrorResponse, RecipeUserId
from tests.patience import PATIENCE_S

from .serving import HEADERS, PASSWORD, bearer, form, front_token, serving
from .test_login_methods import NOTHING, provider

CONTEXT: Final[UserContext] = {}
HOST_OF_T1: Final = "t1.example.com"
DOMAINS: Final = {"t1": ["t1.example.com", "www.t1.example.com"], "t2": []}


async def domains_of(tenant_id: str, user_context: UserContext) -> list[str] | None:
    """Return the domains of a tenant's pages; None for one that has none."""
    del user_context
    return DOMAINS.get(tenant_id)


@override(RecipeInterface[UserContext].get_tenant_id)
async def by_host(
    original: signatures.GetTenantId[UserContext], tenant_id_from_frontend: str, user_context: UserContext
) -> str:
    """Find the tenant by the host that the request was sent to, or by a header."""
    request = get_request_from_user_context(user_context)
    assert request is not None
    host = request.get_header("host") or ""
    if host == HOST_OF_T1:
        return "T1"
    chosen = request.get_header("x-tenant")
    return await original(tenant_id_from_frontend if chosen is None else chosen, user_context)


@attrs.frozen
class World:
    """An application with tenants, and a client of it."""

    auth: App
    client: httpx2.Client
    address: str

    @property
    def functions(self) -> RecipeInterface[UserContext]:
        """Its functions for tenants."""
        return self.auth.recipe(MultitenancyRecipe).functions

    def configure(self, tenant_id: str, first_factors: Sequence[str] | None) -> None:
        """Make a tenant, or change its first factors."""
        config = TenantConfigCreateOrUpdate(first_factors=first_factors)
        self.auth.run_blocking(self.functions.create_or_update_tenant(tenant_id, config, CONTEXT))

    def methods(self, path: str = "", **headers: str) -> dict[str, JSON]:
        """Ask how people sign in."""
        answer = self.client.get(f"/auth{path}/loginmethods", headers=headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def post(self, path: str, email: str) -> httpx2.Response:
        """Sign somebody up or in."""
        return self.client.post(f"/auth{path}", json=form(email), headers=HEADERS)


@contextmanager
def world(*recipes: RecipeEntry, tenants: RecipeEntry, storage: str | None = None) -> Generator[World]:
    """Serve an application with tenants, for a block; in memory without a URL."""
    auth = init(
        InputAppInfo("Tenants", "http://localhost", website_domain="http://localhost"),
        [tenants, *recipes, emailpassword.init(), session.init()],
        storage=storage or MemoryStorage(),
        secret="0123456789abcdef0123456789abcdef",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )
    web = FastAPI()
    web.add_middleware(get_middleware(), app=auth)

    @web.get("/auth/loginmethods")
    def own(request: Request) -> dict[str, str]:
        return {"own": request.url.path}

    with serving(web) as address, httpx2.Client(base_url=address, timeout=PATIENCE_S) as client:
        yield World(auth, client, address)
    auth.close()


def features() -> list[ProviderInput]:
    """Return a provider that all tenants have."""
    return [provider("one", None, everywhere=True)]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Generator[World]:
    """Serve one for the tests of this module, on SQLite."""
    storage = f"sqlite:///{tmp_path_factory.mktemp('tenants') / 'auth.db'}"
    override_config = InputOverrideConfig(functions=by_host)
    tenants = multitenancy.init(domains_of, override_config)
    with world(thirdparty.init(SignInAndUpFeature(features())), tenants=tenants, storage=storage) as each:
        each.configure("t1", None)
        each.configure("t2", None)
        yield each


BUTTON: Final[JSON] = [{"id": "one", "name": "One"}]


@pytest.mark.parametrize(
    ("allowed", "first", "enabled"),
    [
        (None, ["thirdparty", "emailpassword"], {"thirdParty", "emailPassword"}),
        ([], [], set[str]()),
        (["emailpassword"], ["emailpassword"], {"emailPassword"}),
        (["thirdparty"], ["thirdparty"], {"thirdParty"}),
        (["emailpassword", "thirdparty"], ["emailpassword", "thirdparty"], {"thirdParty", "emailPassword"}),
        (["emailpassword", "otp-email", "emailpassword"], ["emailpassword"], {"emailPassword"}),
        (["webauthn", "totp"], [], set[str]()),
        (["our-badge", "thirdparty"], ["our-badge", "thirdparty"], {"thirdParty"}),
    ],
)
def test_what_a_tenant_allows(served: World, allowed: list[str] | None, first: list[str], enabled: set[str]) -> None:
    """Is enabled if a recipe offers it, in the tenant's order; ids of an application's own pass; providers are told."""
    served.configure("t2", allowed)
    third: dict[str, JSON] = {"enabled": "thirdParty" in enabled, "providers": BUTTON}
    password: dict[str, JSON] = {"enabled": "emailPassword" in enabled}
    told = {**NOTHING, "thirdParty": third, "emailPassword": password, "firstFactors": first}
    assert served.methods("/t2") == told
    assert served.methods("/T2") == served.methods(**{"x-tenant": "t2"}) == told
    assert served.methods()["firstFactors"] == ["thirdparty", "emailpassword"]
    available = served.auth.users.get_available_first_factors
    assert [served.auth.run_blocking(available(each, None)) for each in ("t2", "gone")] == [first, []]


def test_nobody_signs_in_where_no_factor_is_allowed(served: World) -> None:
    """Line 36: whoever tries gets 401 and forgets the session, whether there is such a user or not; others go on."""
    served.configure("t2", None)
    assert served.post("/t2/signup", "ada@example.com").json()["status"] == "OK"
    served.configure("t2", [])
    tries = (("signup", "new@example.com"), ("signin", "ada@example.com"), ("signin", "nobody@example.com"))
    for path, email in tries:
        refused = served.post(f"/t2/{path}", email)
        assert (refused.status_code, refused.headers["front-token"]) == (401, "remove"), refused.text
    served.configure("t2", ["thirdparty"])
    assert served.post("/t2/signin", "ada@example.com").status_code == 401
    served.configure("t2", ["emailpassword"])
    assert served.post("/t2/signin", "ada@example.com").json()["status"] == "OK"
    assert served.post("/t1/signup", "ada@example.com").json()["status"] == "OK"


def test_a_user_of_two_tenants(served: World) -> None:
    """Lines 34 and 37: signs in to both with one password; taken out of one, its sessions end there alone."""
    served.configure("t2", None)
    made = served.post("/t1/signup", "both@example.com").json()["user"]
    (method,) = made["loginMethods"]
    assert served.post("/t2/signin", "both@example.com").json()["status"] == "WRONG_CREDENTIALS_ERROR"
    login = RecipeUserId(method["recipeUserId"])
    run, functions = served.auth.run_blocking, served.functions
    run(functions.associate_user_to_tenant("t2", login, CONTEXT))
    first, second = served.post("/t1/signin", "both@example.com"), served.post("/t2/signin", "both@example.com")
    assert first.json()["user"] == second.json()["user"]
    assert second.json()["user"]["tenantIds"] == ["t1", "t2"]
    assert [front_token(each)["uid"] for each in (first, second)] == [made["id"]] * 2
    run(functions.disassociate_user_from_tenant("t2", login, CONTEXT))
    refreshed = [
        served.client.post("/auth/session/refresh", headers=bearer(each, "st-refresh-token")).status_code
        for each in (first, second)
    ]
    assert refreshed == [200, 401]
    assert served.post("/t2/signin", "both@example.com").json()["status"] == "WRONG_CREDENTIALS_ERROR"
    run(functions.delete_tenant("t1", CONTEXT))
    assert served.post("/t1/signin", "both@example.com").status_code == 400
    run(functions.create_or_update_tenant("t1", None, CONTEXT))
    assert served.post("/t1/signin", "both@example.com").json()["status"] == "WRONG_CREDENTIALS_ERROR"


def test_the_tenant_of_a_request(served: World) -> None:
    """Is the one that the application chooses, whatever the path says; it has to exist."""
    host = {"host": HOST_OF_T1}
    for path in ("/signup", "/t2/signup"):
        answer = served.client.post(f"/auth{path}", json=form(f"{path[1:3]}@example.com"), headers={**HEADERS, **host})
        assert answer.json()["user"]["tenantIds"] == ["t1"]
    chosen = served.client.post("/auth/t2/signup", json=form("p@example.com"), headers={"x-tenant": "public"})
    assert chosen.json()["user"]["tenantIds"] == ["public"]
    for wrong in ("nowhere", "t1/", "", "x" * 300, "%00", "..", "T 1"):
        answer = served.client.get("/auth/loginmethods", headers={"x-tenant": wrong})
        assert answer.status_code == 400, (wrong, answer.text)


def test_domains_of_a_tenant(served: World) -> None:
    """Are in each new session, also none of them; not where the application says nothing."""
    for tenant_id, email in (("t1", "d1@example.com"), ("t2", "d2@example.com"), ("public", "d3@example.com")):
        served.configure(tenant_id, None)
        signed_up = served.post(f"/{tenant_id}/signup", email)
        refreshed = served.client.post("/auth/session/refresh", headers=bearer(signed_up, "st-refresh-token"))
        for each in (signed_up, refreshed):
            payload = front_token(each)["up"]
            assert isinstance(payload, dict)
            claim = payload.get("st-t-dmns")
            assert (claim["v"] if isinstance(claim, dict) else claim) == DOMAINS.get(tenant_id)


WRONG_IN_PATHS: Final = {
    "empty": "/auth//loginmethods",
    "of nobody": "/auth/nowhere/loginmethods",
    "too long": f"/auth/{'t' * 101}/loginmethods",
    "far too long": f"/auth/{'t' * 5_000}/loginmethods",
    "NUL": "/auth/t%001/loginmethods",
    "half a surrogate pair": "/auth/t%ED%A0%80/loginmethods",
    "no UTF-8": "/auth/t%FF/loginmethods",
    "a slash, encoded": "/auth/t1%2Fsignin/loginmethods",
    "dots": "/auth/../loginmethods",
    "dots, encoded": "/auth/%2E%2E/loginmethods",
    "a space": "/auth/t%201/loginmethods",
    "encoded twice": "/auth/t%25311/loginmethods",
    "two of them": "/auth/t1/t2/loginmethods",
    "a look-alike": "/auth/%D1%821/loginmethods",
    "a path of the library": "/auth/signin/loginmethods",
    "half an encoding": "/auth/t%3/loginmethods",
}


@pytest.mark.parametrize("path", WRONG_IN_PATHS.values(), ids=WRONG_IN_PATHS.keys())
def test_no_tenant_is_written_so(served: World, path: str) -> None:
    """A request for what is no tenant is a clear 4xx, or the application's own 404; never a fault of the server."""
    parts = urlsplit(served.address)
    with socket.create_connection((parts.hostname or "", parts.port or 0), PATIENCE_S) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    status = int(answer.split(maxsplit=2)[1])
    assert status in {400, 404, 422}, answer


@pytest.mark.parametrize("written", ["t1", "T1", "t%31", "%74%31", "t1/"])
def test_one_tenant_is_written_in_many_ways(served: World, written: str) -> None:
    """In another case and with letters that are encoded it is the same one."""
    path = f"{written}loginmethods" if written.endswith("/") else f"{written}/loginmethods"
    assert served.client.get(f"/auth/{path}").json()["status"] == "OK"


@override(APIInterface[UserContext].login_methods_get)
async def own_ways(
    original: signatures.LoginMethodsGet[UserContext],
    tenant_id: str,
    client_type: str | None,
    api_options: APIOptions,
    user_context: UserContext,
) -> LoginMethodsGetResult:
    """Say something else, or refuse."""
    if client_type == "old":
        return GeneralErrorResponse("Update the application, please.")
    found = await original(tenant_id, client_type, api_options, user_context)
    assert isinstance(found, LoginMethodsGetOkResult)
    assert api_options.recipe_id == "multitenancy"
    return attrs.evolve(found, first_factors=["our-badge"], others={"badge": {"enabled": True}})


def switched_off(original_implementation: APIInterface[UserContext]) -> APIInterface[UserContext]:
    """Leave the route to the application."""
    original_implementation.disable_login_methods_get = True
    return original_implementation


def test_the_api_overridden() -> None:
    """Its answer is what the override makes of it; switched off, the application's own route is asked."""
    with world(tenants=multitenancy.init(override=InputOverrideConfig(apis=own_ways))) as each:
        told = {**NOTHING, "emailPassword": {"enabled": True}, "badge": {"enabled": True}}
        assert each.methods() == {**told, "firstFactors": ["our-badge"]}
        refused = each.client.get("/auth/loginmethods?clientType=old").json()
        assert refused == {"status": "GENERAL_ERROR", "message": "Update the application, please."}
    with world(tenants=multitenancy.init(override=InputOverrideConfig(apis=switched_off))) as each:
        assert each.client.get("/auth/loginmethods").json() == {"own": "/auth/loginmethods"}


def test_without_a_word_of_domains() -> None:
    """No session says anything of them."""
    with world(tenants=multitenancy.init()) as each:
        payload = front_token(each.post("/signup", "ada@example.com"))["up"]
        assert isinstance(payload, dict)
        assert "st-t-dmns" not in payload
        assert each.post("/signin", "ada@example.com").json()["user"]["tenantIds"] == ["public"]
        assert PASSWORD not in each.client.get("/auth/loginmethods").text
