"""What clients may send to the routes of the thirdparty recipe that they should not."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authweave.app import App
from authweave.recipe.thirdparty import ThirdPartyRecipe
from authweave.types import JSON, BadInputError
from tests.integration.thirdparty.openid_server import OpenIDServer

from .serving import AS_JSON
from .thirdparty_app import begin, provider, sign_in_up, third_party_app

NO_REDIRECT_URI = "Please provide the redirectURIOnProviderDashboard in request body"
FORM = {"content-type": "application/x-www-form-urlencoded"}
WEBSITE = "http://localhost:3000"
NOT_OFFERED = {
    "status": "GENERAL_ERROR",
    "message": "Signing in with this provider is not available here. Please sign in another way.",
}


@pytest.fixture(scope="module")
def auth(tmp_path_factory: pytest.TempPathFactory, server: OpenIDServer) -> Iterator[App]:
    """Build an application with one provider."""
    with third_party_app(tmp_path_factory.mktemp("auth"), provider("corp", server)) as app:
        yield app


def state(content: JSON) -> str:
    """Return a state as frontends make it."""
    return base64.b64encode(json.dumps(content).encode()).decode()


def apple(client: httpx2.Client, target: JSON, **fields: str) -> httpx2.Response:
    """Post what the browser posts from Apple's page."""
    form = {"state": state({"state": "s", "frontendRedirectURI": target}), "code": "c", **fields}
    return client.post("/auth/callback/apple", content=urlencode(form), headers=FORM)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "Please provide the thirdPartyId as a GET param"),
        ("thirdPartyId=", "Please provide the thirdPartyId as a GET param"),
        ("redirectURIOnProviderDashboard=x", "Please provide the thirdPartyId as a GET param"),
        ("thirdPartyId=corp", "Please provide the redirectURIOnProviderDashboard as a GET param"),
        (
            "thirdPartyId=corp&redirectURIOnProviderDashboard=relative",
            "redirectURIOnProviderDashboard must be an absolute URL of at most 2048 characters",
        ),
    ],
)
def test_authorisation_url(client: httpx2.Client, query: str, message: str) -> None:
    """What is missing is named."""
    response = client.get(f"/auth/authorisationurl?{query}")
    assert (response.status_code, response.json()) == (400, {"message": message})


def test_a_client_type_that_the_provider_has_not(client: httpx2.Client, caplog: pytest.LogCaptureFixture) -> None:
    """The page has something to say, and the log names what is wrong."""
    assert begin(client, clientType="tv").json() == NOT_OFFERED
    assert "leave clientType out" in caplog.text


def test_a_provider_that_the_tenant_has_not(client: httpx2.Client, caplog: pytest.LogCaptureFixture) -> None:
    """At the beginning as on the way back, the page has something to say; the log names it, as far as that is short."""
    query = {"thirdPartyId": "nobody", "redirectURIOnProviderDashboard": "http://a/"}
    response = client.get("/auth/authorisationurl", params=query)
    assert (response.status_code, response.json()) == (200, NOT_OFFERED)
    response = client.post("/auth/signinup", json={"thirdPartyId": "n" * 9000, "oAuthTokens": {}})
    assert (response.status_code, response.json()) == (200, NOT_OFFERED)
    assert "provider_not_found: The tenant 'public' has no provider 'nobody'" in caplog.text
    assert "n" * 100 not in caplog.text


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "Please provide the thirdPartyId in request body"),
        ("[]", "Please provide the thirdPartyId in request body"),
        ('{"thirdPartyId": 5}', "Please provide the thirdPartyId in request body"),
        ('{"thirdPartyId": ""}', "Please provide the thirdPartyId in request body"),
        (
            '{"thirdPartyId": "corp"}',
            "Please provide one of redirectURIInfo or oAuthTokens in the request body",
        ),
        (
            '{"thirdPartyId": "corp", "redirectURIInfo": null, "oAuthTokens": []}',
            "Please provide one of redirectURIInfo or oAuthTokens in the request body",
        ),
        ('{"thirdPartyId": "corp", "redirectURIInfo": {}}', NO_REDIRECT_URI),
        ('{"thirdPartyId": "corp", "redirectURIInfo": "x", "oAuthTokens": {}}', NO_REDIRECT_URI),
        (
            '{"thirdPartyId": "corp", "redirectURIInfo": {"redirectURIOnProviderDashboard": null}}',
            NO_REDIRECT_URI,
        ),
        (
            (
                '{"thirdPartyId": "corp", "redirectURIInfo": {"redirectURIOnProviderDashboard": "http://a/",'
                ' "redirectURIQueryParams": "code=c"}}'
            ),
            "Please provide the redirectURIQueryParams as an object in request body",
        ),
        (
            (
                '{"thirdPartyId": "corp", "redirectURIInfo": {"redirectURIOnProviderDashboard": "http://a/",'
                ' "redirectURIQueryParams": {}, "pkceCodeVerifier": 5}}'
            ),
            "Please provide the pkceCodeVerifier as a string in request body",
        ),
        (
            '{"thirdPartyId": "corp", "clientType": 5, "oAuthTokens": {}}',
            "Please provide the clientType as a string in request body",
        ),
    ],
)
def test_sign_in_up(client: httpx2.Client, body: str, message: str) -> None:
    """What is missing or of another type is named."""
    response = client.post("/auth/signinup", content=body, headers=AS_JSON)
    assert (response.status_code, response.json()) == (400, {"message": message})


OF_NO_USE: tuple[JSON, ...] = ("a\0b", "\ud800", "x" * 20_000, "", 5, True, [], {}, ["x"])
REDIRECT: dict[str, JSON] = {"redirectURIOnProviderDashboard": "http://a/", "redirectURIQueryParams": {"code": "c"}}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"oAuthTokens": {}}, "thirdPartyId"),
        ({"oAuthTokens": {}}, "clientType"),
        ({}, "oAuthTokens"),
        ({}, "oAuthTokens/id_token"),
        ({}, "oAuthTokens/access_token"),
        *(({}, f"redirectURIInfo/{name}") for name in (*REDIRECT, "pkceCodeVerifier")),
    ],
)
def test_fields_are_named_as_they_were_written(client: httpx2.Client, body: dict[str, JSON], field: str) -> None:
    """Whatever a field holds: what comes is the contract's answer, or a 400 with the field's name, not one of ours."""
    outer, _, inner = field.partition("/")
    for value in OF_NO_USE:
        around = REDIRECT if outer == "redirectURIInfo" else {}
        content = {"thirdPartyId": "corp", **body, outer: {**around, inner: value} if inner else value}
        response = client.post("/auth/signinup", content=json.dumps(content), headers=AS_JSON)
        assert response.status_code in {200, 400}
        if response.status_code == 200:
            assert response.json()["status"] == "GENERAL_ERROR"
        else:
            assert (inner or outer) in response.json()["message"]
            assert "third_party" not in response.json()["message"]


@pytest.mark.parametrize("subject", ["a\0b", "\0"])
def test_an_id_that_no_store_keeps(
    client: httpx2.Client, server: OpenIDServer, caplog: pytest.LogCaptureFixture, subject: str
) -> None:
    """What a provider says is no fault of the client's: the page has something to show, and the log names the claim."""
    server.users[subject] = {"email": "nul@example.com"}
    by_code = sign_in_up(client, server, subject)
    body = {"thirdPartyId": "corp", "oAuthTokens": {"id_token": server.id_token("web", subject)}}
    for response in (by_code, client.post("/auth/signinup", json=body)):
        assert (response.status_code, response.json()["status"]) == (200, "GENERAL_ERROR")
    assert "'sub' with a NUL character" in caplog.text


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        (name, wrong)
        for name in ("third_party_id", "third_party_user_id", "issuer", "email", "tenant_id")
        for wrong in ("a\0@b.example", "\ud800@b.example", "x" * 2000)
    ],
)
def test_functions_name_what_they_were_given(auth: App, name: str, wrong: str) -> None:
    """Who calls a function is told of his own argument, by its name there."""
    given = {
        "third_party_id": "corp",
        "third_party_user_id": "1",
        "issuer": "",
        "email": "a@b.example",
        "tenant_id": "public",
    }
    functions = auth.recipe(ThirdPartyRecipe).functions
    call = functions.manually_create_or_update_user(
        **{**given, name: wrong},
        is_verified=True,
        session=None,
        should_try_linking_with_session_user=None,
        user_context={},
    )
    with pytest.raises(BadInputError) as caught:
        auth.run_blocking(call)
    assert str(caught.value).startswith(f"{name} ")
    assert wrong not in str(caught.value)


json_values: st.SearchStrategy[JSON] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    body=st.fixed_dictionaries(
        {},
        optional={
            "thirdPartyId": st.just("corp") | json_values,
            "clientType": st.none() | json_values,
            "oAuthTokens": json_values | st.dictionaries(st.sampled_from(["access_token", "id_token"]), json_values),
            "redirectURIInfo": st.none()
            | json_values
            | st.fixed_dictionaries(
                {"redirectURIOnProviderDashboard": st.just("http://a/") | json_values},
                optional={
                    "redirectURIQueryParams": json_values | st.fixed_dictionaries({"code": json_values}),
                    "pkceCodeVerifier": json_values,
                },
            ),
            "shouldTryLinkingWithSessionUser": json_values,
        },
    )
)
def test_any_json(client: httpx2.Client, body: dict[str, JSON]) -> None:
    """Whatever JSON comes, it is never a fault of ours, and never signs anybody in."""
    response = client.post("/auth/signinup", content=json.dumps(body), headers=AS_JSON)
    assert response.status_code in {200, 400, 401}
    assert response.json().get("status", "GENERAL_ERROR") == "GENERAL_ERROR"
    assert "st-access-token" not in response.headers


@pytest.mark.parametrize(
    "target",
    [
        f"{WEBSITE}/auth/callback/apple",
        f"{WEBSITE}/auth/callback/apple?kept=1&kept=2",
        f"{WEBSITE}",
        "HTTP://LocalHost:3000/x",
        f"{WEBSITE}/a#fragment",
        f"{WEBSITE}?",
        f"{WEBSITE}/a?x=%2e%2e/&y=a%20b+c&z",
        f"{WEBSITE}/a..b/...;x/%20%7e?../..",
    ],
)
def test_apple_leads_to_the_website(client: httpx2.Client, target: str) -> None:
    """The browser goes on to the page that the frontend named, with all that Apple posted as query parameters."""
    response = apple(client, target, user='{"name": "Ada & Bob"}', empty="")
    assert response.status_code == 303
    assert (response.headers["cache-control"], response.headers["referrer-policy"]) == ("no-store", "no-referrer")
    location, wanted = urlsplit(response.headers["location"]), urlsplit(target)
    assert response.headers["location"].startswith(target.partition("#")[0])
    assert location.fragment == wanted.fragment
    sent = [
        *parse_qsl(wanted.query, keep_blank_values=True),
        ("state", state({"state": "s", "frontendRedirectURI": target})),
        ("code", "c"),
    ]
    assert parse_qsl(location.query, keep_blank_values=True) == [
        *sent,
        ("user", '{"name": "Ada & Bob"}'),
        ("empty", ""),
    ]


def test_apple_replaces_what_it_posts(client: httpx2.Client) -> None:
    """A ``code`` of the target's own does not come before Apple's; all else stays as it was written."""
    target = f"{WEBSITE}/a?code=own&x=%7E&c%6fde=own&&state&y=a+b&Code=1#code=2"
    location = apple(client, target).headers["location"]
    assert location.startswith(f"{WEBSITE}/a?x=%7E&&y=a+b&Code=1&state=")
    assert location.endswith("&code=c#code=2")
    assert apple(client, f"{WEBSITE}/a?code=own").headers["location"].startswith(f"{WEBSITE}/a?state=")


@pytest.mark.parametrize(
    "target",
    [
        "https://localhost:3000/",
        "http://localhost:3001/",
        "http://localhost/",
        "http://localhost:3000.evil.example/",
        "http://evil.example/http://localhost:3000/",
        "http://localhost:3000@evil.example/",
        "http://user:password@localhost:3000/",
        "http://@localhost:3000/",
        "http://evil.example\\@localhost:3000/",
        "http:\\\\localhost:3000\\",
        "//localhost:3000/",
        "/auth/callback",
        "",
        "localhost:3000",
        "http:localhost:3000/",
        "http:///localhost:3000/",
        "javascript:alert(1)//localhost:3000",
        "data:text/html,x",
        "http://localhost:3000/\r\nset-cookie: a=b",
        "http://local\thost:3000/",
        " http://localhost:3000/",
        "http://localhost:3000/ü",
        "http://localhost:port/",
        "http://[::1/",
        "http://localhost:3000/" + "x" * 2048,
        "http://localhost:3000/a/../b",
        "http://localhost:3000/a/..",
        "http://localhost:3000/./a",
        "http://localhost:3000/a/%2e%2e/b",
        "http://localhost:3000/a/.%2E/b",
        "http://localhost:3000/a/%2e/b",
        "http://localhost:3000/a/%252e%252E/b",
        "http://localhost:3000/a/%25252e./b",
        "http://localhost:3000/a/..%2fb",
        "http://localhost:3000/a/..%5cb",
        "http://localhost:3000/a%5cb",
        "http://localhost:3000/a/..;x/b",
        "http://localhost:3000/a%00b",
        "http://localhost:3000/a%0d%0ab",
        "http://localhost:3000/a\\..\\b",
        "http://localhost:3000/a?x\\y",
        "http://localhost:3000/a\x7f",
        "http://localhost:3000/a\x85",
        "http://local%68ost:3000/",
        "http://lo\u200bcalhost:3000/",
        "http://\uff4cocalhost\u3002:3000/",
        "http://" + "ü" * 1000 + ":3000/",
        "\ud800",
        None,
        5,
        ["http://localhost:3000/"],
    ],
)
def test_apple_leads_nowhere_else(client: httpx2.Client, target: JSON) -> None:
    """Another origin, or what browsers may read as one, is refused: nobody is sent away with a code (RFC 9700)."""
    response = apple(client, target)
    assert response.status_code == 400
    assert "location" not in response.headers
    assert "frontendRedirectURI" in response.json()["message"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"state=", 400),
        (b"state=%ff%fe", 400),
        (b"state=" + base64.b64encode(b"[]"), 400),
        (b"state=" + base64.b64encode(b"not json"), 400),
        (b"state=" + base64.b64encode(b"[" * 3000), 400),
        (b"state=e30", 400),
        (b"state=" + b"A" * 5000, 400),
        (b"\xff\xfe", 400),
        (b"a=1&" * 50, 400),
        (b"a=" + b"x" * 16 * 1024, 413),
    ],
)
def test_apple_without_a_state_of_ours(client: httpx2.Client, body: bytes, status: int) -> None:
    """A form that no frontend of ours began leads nowhere, however it is written."""
    response = client.post("/auth/callback/apple", content=body, headers=FORM)
    assert response.status_code == status
    assert "location" not in response.headers


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/auth/authorisationurl"), ("GET", "/auth/signinup"), ("GET", "/auth/callback/apple")],
)
def test_not_ours(client: httpx2.Client, method: str, path: str) -> None:
    """Other methods fall through to the application."""
    assert client.request(method, path).status_code == 404
