"""Tokens that somebody made up, each refused (docs/reference/http.md, Verifying), by cookie or header."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Final, TypeAlias

import httpx2
import pytest

from authweave.app import App
from authweave.recipe.session import SessionRecipe
from authweave.security import sign_access_token
from authweave.types import JSON
from tests.patience import PATIENCE_S

from .serving import COOKIES, HEADERS, as_jwt_part, bearer, jwt_part, sign_up

pytestmark = pytest.mark.everywhere

UNAUTHORISED: Final = (401, {"message": "unauthorised"})
TRY_REFRESH: Final = (401, {"message": "try refresh token"})
NO_SESSION: Final = (200, {"user": None})

Forge: TypeAlias = Callable[[App, str], str]
"""Makes a token of a good one."""


def with_header(**changes: JSON) -> Forge:
    """Change the header, and leave the signature."""

    def forge(auth: App, good: str) -> str:
        _, payload, signature = good.split(".")
        return f"{as_jwt_part(jwt_part(good, 0) | changes)}.{payload}.{signature}"

    return forge


def with_claims(**changes: JSON) -> Forge:
    """Change claims, and leave the signature."""

    def forge(auth: App, good: str) -> str:
        header, _, signature = good.split(".")
        return f"{header}.{as_jwt_part(jwt_part(good, 1) | changes)}.{signature}"

    return forge


def signed_with(**changes: JSON) -> Forge:
    """Change claims, and sign them with the application's own key: as if it had made a mistake."""

    def forge(auth: App, good: str) -> str:
        return sign_access_token(jwt_part(good, 1) | changes, auth.recipe(SessionRecipe).keys.current())

    return forge


def unsigned(auth: App, good: str) -> str:
    """Say that there is no signature."""
    return with_header(alg="none")(auth, good).rpartition(".")[0] + "."


def signed_with_public_key(auth: App, good: str) -> str:
    """Take the public key for the secret of an HMAC (RFC 8725, section 2.1)."""
    public = auth.recipe(SessionRecipe).keys.current().verifying.key.as_pem(private=False)
    signed = f"{as_jwt_part(jwt_part(good, 0) | {'alg': 'HS256'})}.{good.split('.')[1]}"
    proof = hmac.digest(public, signed.encode(), hashlib.sha256)
    return f"{signed}.{base64.urlsafe_b64encode(proof).rstrip(b'=').decode()}"


# What has not the shape of our tokens is ignored, as if nothing had been sent; what has it is to be refreshed.
IGNORED: Final[dict[str, Forge]] = {
    "alg none": unsigned,
    "HS256 with the public key": signed_with_public_key,
    "alg in lower case": with_header(alg="es256"),
    "version 2": with_header(version="2"),
    "version 99": with_header(version="99"),
    "version a number": with_header(version=5),
    "kid a list": with_header(kid=["d-1"]),
    "kid null": with_header(kid=None),
    "a key in the header": with_header(jwk={"kty": "oct", "k": "AA"}),
    "sub a number": signed_with(sub=1),
    "sub null": signed_with(sub=None),
    "handle a list": signed_with(sessionHandle=["h"]),
    "hash missing": signed_with(refreshTokenHash1=None),
    "tenant a number": signed_with(tId=7),
    "exp negative": signed_with(exp=-1),
    "exp a text": signed_with(exp="9999999999"),
    "exp true": signed_with(exp=True),
    "exp beyond all years": signed_with(exp=10**30),
    "iat a text": signed_with(iat="now"),
    "an OAuth token": signed_with(stt=1),
}
TO_REFRESH: Final[dict[str, Forge]] = {
    "kid of nobody": with_header(kid="d-1"),
    "kid of another algorithm": with_header(alg="RS256"),
    "kid a path": with_header(kid="d-../../../../etc/passwd"),
    "kid with SQL": with_header(kid="d-1' OR '1'='1'; DROP TABLE authweave_signing_keys; --"),
    "kid of the other kind": with_header(kid="s-1"),
    "kid with a NUL": with_header(kid="d-\0"),
    "kid with half a pair": with_header(kid="d-\ud800"),
    "another user": with_claims(sub="somebody"),
    "another tenant": with_claims(tId="t1"),
    "a later exp": with_claims(exp=2**52),
    "exp of 1970": signed_with(exp=0),
}
FORGED = [
    *(pytest.param(forge, UNAUTHORISED, NO_SESSION, id=name) for name, forge in IGNORED.items()),
    *(pytest.param(forge, TRY_REFRESH, TRY_REFRESH, id=name) for name, forge in TO_REFRESH.items()),
]


def answer(response: httpx2.Response) -> tuple[int, JSON]:
    """Return status and body."""
    return response.status_code, response.json()


@pytest.fixture(scope="module")
def good(address: str) -> str:
    """Sign up. Returns the access token."""
    with httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client:
        return str(sign_up(client, "forged@example.com", HEADERS).headers["st-access-token"])


@pytest.mark.parametrize(("forge", "required", "optional"), FORGED)
@pytest.mark.parametrize("method", ["cookie", "header"])
def test_forged(
    client: httpx2.Client,
    auth: App,
    good: str,
    forge: Forge,
    required: tuple[int, JSON],
    optional: tuple[int, JSON],
    method: str,
) -> None:
    """A forged token is ignored or is to be refreshed, whether or not a session is required, and clears nothing."""
    token = forge(auth, good)
    sent = {"cookie": f"sAccessToken={token}"} if method == "cookie" else {"authorization": f"Bearer {token}"}
    refused = client.get("/me", headers=sent)
    assert answer(refused) == required
    assert "front-token" not in refused.headers
    assert "set-cookie" not in refused.headers
    assert answer(client.get("/maybe", headers=sent)) == optional
    assert client.get("/me", headers={"authorization": f"Bearer {good}"}).status_code == 200


def test_refresh_token_is_no_access_token(client: httpx2.Client) -> None:
    """A refresh token sent for an access token is ignored, and stays good for a refresh."""
    proof = bearer(sign_up(client, "refresh-as-access@example.com", HEADERS), "st-refresh-token")
    assert answer(client.get("/me", headers=proof)) == UNAUTHORISED
    assert answer(client.get("/maybe", headers=proof)) == NO_SESSION
    assert client.post("/auth/session/refresh", headers=proof).status_code == 200


def test_header_and_cookie_disagree(client: httpx2.Client, auth: App, good: str) -> None:
    """A header that has the shape of a token wins, though it is forged; one that has not lets the cookie speak."""
    other = sign_up(client, "disagree@example.com", COOKIES).json()["user"]["id"]
    by_cookie = {"cookie": f"sAccessToken={client.cookies['sAccessToken']}"}
    client.cookies.clear()
    forged = {"authorization": f"Bearer {with_claims(sub='somebody')(auth, good)}"}
    assert answer(client.get("/me", headers=by_cookie | forged)) == TRY_REFRESH
    ignored = {"authorization": f"Bearer {unsigned(auth, good)}"}
    assert client.get("/me", headers=by_cookie | ignored).json() == {"user": other}


@pytest.mark.parametrize(
    "value",
    [
        b'"%s"',
        b" %s ;a=b",
        b"%s %s",
        b"%s\t;a=b",
        b'"%s',
        b"%s\xc3\xbc",
        b"%s\xff",
        b"%%00%s",
        b"%s%%",
        b"%s%%zz",
        b"\\%s",
        b"%s,a",
    ],
)
def test_cookies_with_odd_characters(client: httpx2.Client, good: str, value: bytes) -> None:
    """Quotes, spaces, escapes and letters around a token: it is the session's, or ignored, or to be refreshed."""
    text = value.replace(b"%s", good.encode()).replace(b"%%", b"%")
    response = client.get("/me", headers=[(b"cookie", b"sAccessToken=" + text)])
    assert response.status_code == 200 or answer(response) in (UNAUTHORISED, TRY_REFRESH)


@pytest.mark.parametrize("character", [b"\0", b"\x01", b"\x7f"])
def test_cookies_with_control_characters(address: str, good: str, character: bytes) -> None:
    """A control character in a cookie is refused by the server itself or by us, and the next request is served."""
    with httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client:
        try:
            status = client.get("/me", headers=[(b"cookie", b"sAccessToken=" + good.encode() + character)]).status_code
        except httpx2.HTTPError:
            status = 400
        assert 400 <= status < 500
        assert client.get("/maybe").status_code == 200


@pytest.mark.parametrize("name", ["cookie", "anti-csrf", "rid", "st-auth-mode", "fdi-version"])
@pytest.mark.parametrize("path", ["/me", "/auth/session/refresh"])
def test_headers_of_a_megabyte(address: str, name: str, path: str) -> None:
    """A header of a megabyte is refused, and the next request is served."""
    value = "; ".join(["sAccessToken=a"] * 70_000) if name == "cookie" else "a" * 1_000_000
    with httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client:
        try:
            status = client.post(path, headers={name: value}).status_code
        except httpx2.HTTPError:
            status = 400
        assert 400 <= status < 500
    with httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client:
        assert client.get("/maybe").status_code == 200
