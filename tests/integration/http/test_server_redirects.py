"""Signing in by links alone, without a frontend (docs/reference/http.md, Without a frontend)."""

from __future__ import annotations

import asyncio
import base64
import json
import uuid
from collections.abc import Iterator
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx2
import pytest

from authweave import UserContext
from authweave.app import App
from authweave.recipe.thirdparty import (
    AuthorisationUrlGet,
    AuthorisationUrlGetResult,
    ProviderConfig,
    ProviderInput,
    ServerRedirects,
    SignInUp,
    SignInUpNotAllowed,
    SignInUpPost,
    SignInUpPostResult,
    SignInUpResult,
    ThirdPartyRecipe,
)
from authweave.types import BadInputError, BaseRequest, ConfigurationError, GeneralErrorResponse
from tests.integration.thirdparty.openid_server import OpenIDServer
from tests.patience import PATIENCE_S

from .conftest import web_app
from .serving import serving, set_cookies
from .thirdparty_app import client_of, provider, third_party_app

WEBSITE = "http://localhost:3000"


@SignInUp.override
async def banned(call: SignInUp) -> SignInUpResult:
    """Refuse those whose address says so."""
    if call.email.startswith("odd"):
        raise BadInputError("No odd addresses.")
    return SignInUpNotAllowed("You are banned.") if call.email.startswith("banned") else await call.original()


@AuthorisationUrlGet.override
async def shut(call: AuthorisationUrlGet) -> AuthorisationUrlGetResult:
    """Be shut for all who come for one provider."""
    return GeneralErrorResponse("Shut.") if call.provider.id == "shut" else await call.original()


@SignInUpPost.override
async def closed(call: SignInUpPost) -> SignInUpPostResult:
    """Be closed for some, and add to the answer."""
    call.api_options.response.set_header("x-remark", "hello")
    result = await call.original()
    if isinstance(result, SignInUpNotAllowed) and "closed" in call.provider.id:
        return GeneralErrorResponse("Closed.")
    return result


@pytest.fixture(scope="module")
def auth(tmp_path_factory: pytest.TempPathFactory, server: OpenIDServer) -> Iterator[App]:
    """Build an application without a frontend."""
    by_form = ProviderConfig(
        "apple-like",
        oidc_discovery_endpoint=server.issuer,
        clients=[client_of()],
        authorization_endpoint_query_params={"response_mode": "form_post"},
    )
    two = ProviderConfig("two", oidc_discovery_endpoint=server.issuer, clients=[client_of("web"), client_of("ios")])
    with third_party_app(
        tmp_path_factory.mktemp("auth"),
        provider("corp", server),
        provider("closed", server),
        provider("shut", server),
        provider("pushing", server),
        ProviderInput(by_form),
        ProviderInput(two, include_in_non_public_tenants_by_default=True),
        overrides=[banned, shut, closed],
        server_redirects=ServerRedirects(after_sign_in="/welcome", on_failure="/sorry?lang=en"),
    ) as app:
        yield app


@pytest.fixture(scope="module")
def address(auth: App) -> Iterator[str]:
    """Serve it."""
    with serving(web_app(auth)) as address:
        yield address


@pytest.fixture
def browser(address: str) -> Iterator[httpx2.Client]:
    """Open a browser: it keeps cookies, and follows nothing by itself."""
    with httpx2.Client(base_url=address, timeout=PATIENCE_S) as client:
        yield client


@pytest.fixture
def user(server: OpenIDServer) -> str:
    """Make a user of the provider, whom nobody else knows."""
    name = uuid.uuid4().hex
    server.users[name] = {"email": f"{name}@example.com", "email_verified": True}
    return name


def began(browser: httpx2.Client, path: str = "/auth/signin/corp", **query: str) -> str:
    """Follow the link; return the provider's page."""
    answer = browser.get(path, params=query)
    assert (answer.status_code, answer.headers["cache-control"], answer.headers["referrer-policy"]) == (
        303, "no-store", "no-referrer",
    )  # fmt: skip
    return answer.headers["location"]


def way_back(page: str, server: OpenIDServer, user: str) -> tuple[str, dict[str, str]]:
    """Agree at the provider; return where it sends the browser back to, and with what."""
    asked = dict(parse_qsl(urlsplit(page).query))
    code = str(server.authorise(page, user)["code"])
    return urlsplit(asked["redirect_uri"]).path, {"code": code, "state": asked["state"]}


def finished(browser: httpx2.Client, page: str, server: OpenIDServer, user: str) -> httpx2.Response:
    """Come back from the provider."""
    path, fields = way_back(page, server, user)
    return browser.get(path, params=fields)


def refused(answer: httpx2.Response) -> dict[str, list[str]]:
    """Return what the page for failures is told; there is no session."""
    assert answer.status_code == 303
    where = urlsplit(answer.headers["location"])
    assert (f"{where.scheme}://{where.netloc}", where.path) == (WEBSITE, "/sorry")
    assert "sAccessToken" not in set_cookies(answer)
    told = parse_qs(where.query)
    assert told.pop("lang") == ["en"]
    return told


def test_there_and_back(browser: httpx2.Client, server: OpenIDServer, user: str) -> None:
    """A link leads to the provider, and the way back ends on the website with a session in cookies."""
    page = began(browser)
    asked = dict(parse_qsl(urlsplit(page).query))
    assert page.startswith(f"{server.issuer}/authorize?theme=dark&")
    assert asked["redirect_uri"] == "http://localhost:8000/auth/callback/corp"
    assert len(asked["state"]) == 22
    answer = finished(browser, page, server, user)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{WEBSITE}/welcome")
    assert {"sAccessToken", "sRefreshToken"} <= set(set_cookies(answer))
    assert (answer.headers["cache-control"], answer.headers["x-remark"]) == ("no-store", "hello")
    assert browser.get("/me").status_code == 200
    assert [name for name in browser.cookies if name.startswith("authweave-signin-")] == []


def test_where_parameters_are_pushed(browser: httpx2.Client, server: OpenIDServer, user: str) -> None:
    """A provider that demands them beforehand gets the state with them, since it passes over what comes later."""
    server.metadata |= {
        "pushed_authorization_request_endpoint": f"{server.issuer}/par",
        "require_pushed_authorization_requests": True,
    }
    page = began(browser, "/auth/signin/pushing")
    server.metadata.clear()
    asked = dict(parse_qsl(urlsplit(page).query))
    state = server.pushed[asked["request_uri"]]["state"]
    assert set(asked) == {"theme", "client_id", "request_uri", "state"}
    code = str(server.authorise(page, user)["code"])
    answer = browser.get("/auth/callback/pushing", params={"code": code, "state": state})
    assert answer.headers["location"] == f"{WEBSITE}/welcome"
    assert "sAccessToken" in set_cookies(answer)


def test_where_it_ends(browser: httpx2.Client, server: OpenIDServer, user: str) -> None:
    """The link may name a page of the website, by path or URL; a page of anybody else is refused at the start."""
    for target in ("/a/page?x=1&y=%2F#top", f"{WEBSITE}/a/page?x=1"):
        answer = finished(browser, began(browser, redirectTo=target), server, user)
        assert answer.headers["location"] == (target if "://" in target else WEBSITE + target)
    for target in (
        "https://evil.example/", "//evil.example", "/\\evil.example", "https:evil.example", "javascript:alert(1)",
        f"{WEBSITE}@evil.example/", f"{WEBSITE}.evil.example/", "http://localhost:3001/", "page", "/" + "x" * 2000,
        "/a\tb", "/../../x",
    ):  # fmt: skip
        answer = browser.get("/auth/signin/corp", params={"redirectTo": target})
        assert (answer.status_code, "set-cookie" in answer.headers) == (400, False), target
        assert "redirectTo" in answer.json()["message"]


def test_only_the_browser_that_began(browser: httpx2.Client, address: str, server: OpenIDServer, user: str) -> None:
    """What one browser began signs nobody in in another, nor a second time in the same one."""
    page = began(browser)
    path, fields = way_back(page, server, user)
    with httpx2.Client(base_url=address, timeout=PATIENCE_S) as victim:
        assert refused(victim.get(path, params=fields)) == {"error": ["signin"]}
        own = began(victim)  # not even one that has begun a sign-in itself
        assert refused(victim.get(path, params=fields)) == {"error": ["signin"]}
        state = dict(parse_qsl(urlsplit(own).query))["state"]
        assert refused(victim.get(path, params={**fields, "state": state})) == {"error": ["signin"]}
    for changed in ({"state": ""}, {"state": "x" * 22}, {"state": fields["state"] + "x"}, {}):
        assert refused(browser.get(path, params={"code": fields["code"], **changed})) == {"error": ["signin"]}
    path, fields = way_back(began(browser), server, user)
    assert browser.get(path, params=fields).headers["location"] == f"{WEBSITE}/welcome"
    assert refused(browser.get(path, params=fields)) == {"error": ["signin"]}  # a callback twice


def test_of_another_provider_or_tenant(browser: httpx2.Client, server: OpenIDServer, user: str) -> None:
    """What was begun for one provider and tenant counts for no other."""
    path, fields = way_back(began(browser, "/auth/t1/signin/two", clientType="web"), server, user)
    assert path == "/auth/t1/callback/two"
    for other in ("/auth/callback/two", "/auth/t1/callback/corp", "/auth/callback/corp"):
        assert refused(browser.get(other, params=fields)) == {"error": ["signin"]}
    assert browser.get(path, params=fields).headers["location"] == f"{WEBSITE}/welcome"


def test_a_provider_of_a_tenants_own(browser: httpx2.Client, auth: App, server: OpenIDServer, user: str) -> None:
    """Providers that only the store knows have links too."""
    own = ProviderConfig("own", oidc_discovery_endpoint=server.issuer, clients=[client_of()])
    asyncio.run(auth.recipe(ThirdPartyRecipe).tenants.keep("t1", own))
    try:
        answer = finished(browser, began(browser, "/auth/t1/signin/own"), server, user)
        assert answer.headers["location"] == f"{WEBSITE}/welcome"
    finally:
        asyncio.run(auth.recipe(ThirdPartyRecipe).tenants.remove("t1", "own"))


def test_several_tabs(browser: httpx2.Client, server: OpenIDServer, user: str) -> None:
    """Sign-ins under way do not disturb each other; of many, few are kept."""
    pages = [began(browser) for _ in range(3)]
    for page in pages:
        assert finished(browser, page, server, user).headers["location"] == f"{WEBSITE}/welcome"
    for _ in range(12):
        began(browser)
    assert len([name for name in browser.cookies if name.startswith("authweave-signin-")]) <= 5


def test_by_a_form(browser: httpx2.Client, server: OpenIDServer, user: str) -> None:
    """A provider may have the browser post what it would put into the URL."""
    path, fields = way_back(began(browser, "/auth/signin/apple-like"), server, user)
    answer = browser.post(path, data=fields, headers={"origin": server.issuer})
    assert answer.headers["location"] == f"{WEBSITE}/welcome"
    assert browser.post(path, json=fields).status_code == 415


@pytest.mark.parametrize(
    ("email", "provider_id", "told"),
    [
        ("banned@example.com", "corp", {"error": ["signin"], "message": ["You are banned."]}),
        ("banned@example.com", "closed", {"error": ["signin"], "message": ["Closed."]}),
        ("odd@example.com", "corp", {"error": ["signin"]}),
        (None, "corp", {"error": ["no_email_present"]}),
    ],
)
def test_who_is_refused(
    browser: httpx2.Client,
    server: OpenIDServer,
    user: str,
    email: str | None,
    provider_id: str,
    told: dict[str, list[str]],
) -> None:
    """What APIs and their overrides say, or raise for a client, ends on the page for failures and not in JSON."""
    server.users[user] = {} if email is None else {"email": email, "email_verified": True}
    answer = finished(browser, began(browser, f"/auth/signin/{provider_id}"), server, user)
    assert refused(answer) == told
    assert [name for name in browser.cookies if name.startswith("authweave-signin-")] == []


def test_declined_and_unknown(browser: httpx2.Client, server: OpenIDServer, user: str) -> None:
    """A user who says no, and a provider that there is not, end on the page for failures."""
    path, fields = way_back(began(browser), server, user)
    declined = {"error": "access_denied", "state": fields["state"]}
    assert refused(browser.get(path, params=declined)) == {"error": ["signin"]}
    for unknown in ("/auth/signin/nobody", "/auth/signin/two?clientType=tv", "/auth/signin/a%00b"):
        assert refused(browser.get(unknown)) == {"error": ["signin"]}
    path, fields = way_back(began(browser), server, user)
    as_header = browser.get(path, params=fields, headers={"st-auth-mode": "header"})
    assert refused(as_header) == {"error": ["signin"]}
    assert refused(browser.get("/auth/signin/shut")) == {"error": ["signin"], "message": ["Shut."]}
    assert browser.get("/auth/signin/").status_code == 404
    assert browser.get("/auth/signin/a/b").status_code == 404


def test_apples_form_a_second_time(browser: httpx2.Client) -> None:
    """What a browser began by a link, or another one did, never ends in an answer that is for a frontend."""
    form = {"state": "x" * 22, "code": "c"}
    assert refused(browser.post("/auth/callback/apple", data=form)) == {"error": ["signin"]}
    form["state"] = base64.b64encode(json.dumps({"frontendRedirectURI": f"{WEBSITE}/back"}).encode()).decode()
    assert browser.post("/auth/callback/apple", data=form).headers["location"].startswith(f"{WEBSITE}/back?")


def test_a_browser_is_not_loaded_with_cookies(address: str) -> None:
    """The links of others make a browser keep less than a proxy takes; the latest sign-in is among what it keeps."""
    with httpx2.Client(base_url=address, timeout=PATIENCE_S) as victim:
        for number in range(12):
            page = began(victim, redirectTo=f"/{number}" + "x" * 900)
            assert sum(len(name) + len(value or "") for name, value in victim.cookies.items()) < 4096
            state = dict(parse_qsl(urlsplit(page).query))["state"]
            assert f"authweave-signin-{state[:8]}" in victim.cookies


def of_site(request: BaseRequest | None, user_context: UserContext) -> str:
    """Return the website that a link names."""
    del user_context
    site = None if request is None else request.get_query_param("site")
    return site if site == "http://localhost:3001" else WEBSITE


def test_several_websites(tmp_path_factory: pytest.TempPathFactory, server: OpenIDServer, user: str) -> None:
    """A sign-in ends on the website where it began, also when it fails; a URL in the configuration holds for all."""
    with (
        third_party_app(
            tmp_path_factory.mktemp("several"),
            provider("corp", server),
            server_redirects=ServerRedirects(after_sign_in=f"{WEBSITE}/welcome"),
            origin=of_site,
        ) as app,
        serving(web_app(app)) as address,
        httpx2.Client(base_url=address, timeout=PATIENCE_S) as browser,
    ):
        page = began(browser, redirectTo="/page", site="http://localhost:3001")
        assert finished(browser, page, server, user).headers["location"] == "http://localhost:3001/page"
        page = began(browser, site="http://localhost:3001")
        assert finished(browser, page, server, user).headers["location"] == f"{WEBSITE}/welcome"
        path, fields = way_back(began(browser, redirectTo="/page", site="http://localhost:3001"), server, user)
        declined = browser.get(path, params={**fields, "error": "access_denied"})
        assert declined.headers["location"] == "http://localhost:3001/auth?error=signin"


def test_cookies_over_https(tmp_path_factory: pytest.TempPathFactory, server: OpenIDServer, user: str) -> None:
    """By HTTPS the cookie is of this host alone; for a provider that posts a form it comes along from its page."""
    by_form = ProviderConfig(
        "form",
        oidc_discovery_endpoint=server.issuer,
        clients=[client_of()],
        authorization_endpoint_query_params={"response_mode": "form_post"},
    )
    with (
        third_party_app(
            tmp_path_factory.mktemp("https"),
            provider("corp", server),
            ProviderInput(by_form),
            server_redirects=ServerRedirects(),
            api_domain="https://api.bücher.example",
        ) as app,
        serving(web_app(app)) as address,
        httpx2.Client(base_url=address, timeout=PATIENCE_S) as client,
    ):
        for path, same_site in (("/auth/signin/corp", "Lax"), ("/auth/signin/form", "None")):
            begun = client.get(path)
            asked = dict(parse_qsl(urlsplit(begun.headers["location"]).query))
            assert asked["redirect_uri"].startswith("https://api.xn--bcher-kva.example/auth/callback/")
            cookie = begun.headers["set-cookie"]
            assert cookie.startswith("__Host-authweave-signin-")
            assert cookie.endswith(f"; Max-Age=600; Path=/; HttpOnly; Secure; SameSite={same_site}")
        where = client.get("/auth/callback/corp").headers["location"]
        assert where == f"{WEBSITE}/auth?error=signin"


def test_off_by_default(tmp_path_factory: pytest.TempPathFactory, server: OpenIDServer) -> None:
    """Without the option there are no such routes."""
    with (
        third_party_app(tmp_path_factory.mktemp("off"), provider("corp", server)) as app,
        serving(web_app(app)) as address,
        httpx2.Client(base_url=address, timeout=PATIENCE_S) as client,
    ):
        assert [client.get(f"/auth/{path}/corp").status_code for path in ("signin", "callback")] == [404, 404]


@pytest.mark.parametrize("settings", [{"after_sign_in": "https://evil.example"}, {"on_failure": "page"}])
def test_pages_of_others(
    tmp_path_factory: pytest.TempPathFactory, server: OpenIDServer, settings: dict[str, str]
) -> None:
    """Where browsers end is checked at the start of the program."""
    with (
        pytest.raises(ConfigurationError, match=next(iter(settings))),
        third_party_app(
            tmp_path_factory.mktemp("x"), provider("corp", server), server_redirects=ServerRedirects(**settings)
        ),
    ):
        pass
