"""Input that Hypothesis thinks of; on one framework, as it costs much and no adapter reads a form."""

from __future__ import annotations

import json

import httpx2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.patience import PATIENCE_S

from .serving import PASSWORD

NAMES = st.sampled_from(["authorization", "cookie", "rid", "fdi-version", "anti-csrf", "st-auth-mode", "content-type"])
VALUES = st.binary(max_size=60).map(lambda raw: bytes(byte for byte in raw if byte > 31 and byte != 127).strip())
COOKIE_NAMES = st.sampled_from(["sAccessToken", "sRefreshToken", "sIdRefreshToken", "x"])
COOKIE = st.tuples(COOKIE_NAMES, VALUES).map(lambda pair: (b"cookie", pair[0].encode() + b"=" + pair[1]))
BEARER = VALUES.map(lambda value: (b"authorization", (b"Bearer " + value).strip()))
HEADER = st.tuples(NAMES.map(str.encode), VALUES) | COOKIE | BEARER
JSON_OR_NOT = st.sampled_from([[], [(b"content-type", b"application/json")]])
HEADERS_OF_ANY = st.tuples(st.lists(HEADER, max_size=4), JSON_OR_NOT).map(lambda both: both[0] + both[1])
ROUTES = st.sampled_from(
    [
        ("POST", "/auth/signup"),
        ("POST", "/auth/signin"),
        ("POST", "/auth/t1/signin"),
        ("POST", "/auth/session/refresh"),
        ("POST", "/auth/signout"),
        ("GET", "/auth/emailpassword/email/exists"),
        ("GET", "/auth/jwt/jwks.json"),
        ("GET", "/me"),
        ("POST", "/me"),
        ("GET", "/maybe"),
    ]
)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELD = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from(["email", "password", ""]) | ANY_JSON,
        "value": st.just("a@x.io") | st.just(PASSWORD) | ANY_JSON,
    },
)
BODY = (
    st.binary(max_size=100)
    | ANY_JSON.map(lambda value: json.dumps(value).encode())
    | st.fixed_dictionaries(
        {"formFields": st.lists(FIELD, max_size=3) | ANY_JSON},
        optional={"shouldTryLinkingWithSessionUser": ANY_JSON},
    ).map(lambda value: json.dumps(value).encode())
)
QUERY = st.text(st.sampled_from("email=&%0a@\\+é;"), max_size=30)


@settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(route=ROUTES, headers=HEADERS_OF_ANY, body=BODY, query=QUERY)
def test_never_a_500(
    address: str, route: tuple[str, str], headers: list[tuple[bytes, bytes]], body: bytes, query: str
) -> None:
    """Whatever a client sends, the answer is never a server error."""
    method, path = route
    with httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client:
        response = client.request(method, path, params=query, headers=headers, content=body)
    assert response.status_code < 500, response.text
