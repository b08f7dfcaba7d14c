from __future__ import annotations

import json
from collections.abc import Iterator

import httpx2
import pytest

from .serving import AS_JSON, COOKIES, HEADERS, PASSWORD, as_jwt_part, bearer, form, jwt_part, sign_up

pytestmark = pytest.mark.everywhere

BOTH_MISSING = {
    "status": "FIELD_ERROR",
    "formFields": [
        {"id": "password", "error": "Field is not optional"},
        {"id": "email", "error": "Field is not optional"},
    ],
}
FORMS = pytest.mark.parametrize("path", ["/auth/signup", "/auth/signin"])


@FORMS
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"{",
        b'{"formFields":',
        b"[]",
        b"null",
        b"5",
        b'"text"',
        b"\xff\xfe\xfd",
        b'{"formFields": "\xff"}',
        b"\x00",
        b"[" * 9_000,
        b'{"a":' * 9_000,
        b'{"n": ' + b"9" * 10_000 + b"}",
        b'{"formFields": []}',
        b"{}",
    ],
)
def test_body_without_form(client: httpx2.Client, path: str, body: bytes) -> None:
    """A body that is no JSON object, or has no fields, is a form without fields."""
    response = client.post(path, content=body, headers=AS_JSON)
    assert (response.status_code, response.json()) == (200, BOTH_MISSING)


@FORMS
@pytest.mark.parametrize(
    ("form_fields", "message"),
    [
        ("null", "Missing input param: formFields"),
        ("{}", "formFields must be an array"),
        ('"x"', "formFields must be an array"),
        ("[[]]", "All elements of formFields must contain an 'id' and 'value' field"),
        ('[{"id":"email"}]', "All elements of formFields must contain an 'id' and 'value' field"),
        ('[{"id":"email","value":{}}]', "email value must be a string"),
        ('[{"id":"password","value":true}]', "password value must be a string"),
        ("[" + ",".join(['{"id":"x","value":1}'] * 3) + "]", "Are you sending too many formFields?"),
    ],
)
def test_form_of_another_shape(client: httpx2.Client, path: str, form_fields: str, message: str) -> None:
    """What is no form is a 400 with the text that frontends show."""
    response = client.post(path, content=f'{{"formFields":{form_fields}}}', headers=AS_JSON)
    assert (response.status_code, response.json()) == (400, {"message": message})


@FORMS
def test_field_twice(client: httpx2.Client, path: str) -> None:
    """A field sent twice leaves the other one missing."""
    fields = [{"id": "email", "value": "a@x.io"}, {"id": "email", "value": "b@x.io"}]
    response = client.post(path, json={"formFields": fields})
    assert response.json()["formFields"] == [{"id": "password", "error": "Field is not optional"}]


@FORMS
def test_member_twice(client: httpx2.Client, path: str) -> None:
    """Of a member of a JSON object that comes twice the last counts."""
    response = client.post(path, content=b'{"formFields":null,"formFields":[]}', headers=AS_JSON)
    assert response.json() == BOTH_MISSING


@FORMS
@pytest.mark.parametrize("email", ["a\0@x.io", "\ud800@x.io", f"{'a' * 100_000}@x.io", "a\r\n@x.io"])
def test_address_that_no_store_takes(client: httpx2.Client, path: str, email: str) -> None:
    """NUL, half a surrogate pair, line breaks and no end are a FIELD_ERROR of the address."""
    response = client.post(path, content=json.dumps(form(email)), headers=AS_JSON)
    assert response.json()["formFields"] == [{"id": "email", "error": "Email is not valid"}]


@FORMS
@pytest.mark.parametrize("password", ["abcdefg1\udfff", "a1" * 100_000])
def test_password_that_cannot_be_hashed(client: httpx2.Client, path: str, password: str) -> None:
    """A password that UTF-8 cannot write or that is too long is a FIELD_ERROR."""
    response = client.post(path, content=json.dumps(form("a@x.io", password)), headers=AS_JSON)
    assert [field["id"] for field in response.json()["formFields"]] == ["password"]


def test_password_with_nul(client: httpx2.Client) -> None:
    """A password may hold a NUL, and all of it counts."""
    assert client.post("/auth/signup", json=form("nul@example.com", f"{PASSWORD}\0a")).json()["status"] == "OK"
    wrong = client.post("/auth/signin", json=form("nul@example.com", f"{PASSWORD}\0b"))
    assert wrong.json() == {"status": "WRONG_CREDENTIALS_ERROR"}


@FORMS
def test_megabytes(client: httpx2.Client, path: str) -> None:
    """A body beyond the limit is a 413, with and without a length in front."""
    big = json.dumps(form("a@x.io", "x" * 5_000_000)).encode()

    def chunks() -> Iterator[bytes]:
        for start in range(0, len(big), 65536):
            yield big[start : start + 65536]

    for content in (big, chunks()):
        try:
            response = client.post(path, content=content, headers=AS_JSON)
        except (httpx2.WriteError, httpx2.ReadError):  # the server may hang up while we are still sending
            continue
        assert response.status_code == 413
        assert "1048576 bytes" in response.json()["message"]


def test_megabytes_for_the_application(client: httpx2.Client) -> None:
    """The application's own routes take bodies of any length."""
    assert client.post("/echo", content=b"x" * 5_000_000).json() == {"bytes": 5_000_000}


@pytest.mark.parametrize("path", ["/me", "/maybe"])
@pytest.mark.parametrize("kind", ["none", "hs256", "truncated", "foreign", "no kid", "short", "empty", "long", "odd"])
def test_bad_tokens(client: httpx2.Client, path: str, kind: str) -> None:
    """No token that somebody made up passes, and none breaks anything."""
    good = sign_up(client, f"tokens-{kind.replace(' ', '')}-{path[1:]}@example.com", HEADERS).headers["st-access-token"]
    head, payload, signature = good.split(".")
    header = jwt_part(good, 0)
    token = {
        "none": f"{as_jwt_part(header | {'alg': 'none'})}.{payload}.",
        "hs256": f"{as_jwt_part(header | {'alg': 'HS256'})}.{payload}.{signature}",
        "truncated": good[:-10],
        "foreign": f"{as_jwt_part(header | {'kid': 'd-1'})}.{payload}.{signature}",
        "no kid": f"{as_jwt_part({'alg': 'RS256', 'typ': 'JWT'})}.{payload}.{signature}",
        "short": head,
        "empty": "..",
        "long": "a" * 60_000,  # servers refuse longer headers before anybody sees them
        "odd": f"{head}.{as_jwt_part([1])}.{signature}",
    }[kind]
    response = client.get(path, headers={"authorization": f"Bearer {token}"})
    if response.status_code == 200:
        assert response.json() == {"user": None}
    else:
        assert response.status_code == 401
        assert response.json()["message"] in {"unauthorised", "try refresh token"}


def test_token_of_a_megabyte(client: httpx2.Client) -> None:
    """A token of a megabyte is refused by the server itself, and the next request is served."""
    try:
        status = client.get("/me", headers={"authorization": f"Bearer {'a' * 1_000_000}"}).status_code
    except httpx2.HTTPError:
        status = 400
    assert 400 <= status < 500
    assert client.get("/maybe").status_code == 200


def test_cookie_that_is_no_cookie(client: httpx2.Client) -> None:
    """Cookie headers of any shape are read as far as they can be."""
    good = sign_up(client, "cookies-odd@example.com", COOKIES).json()["user"]["id"]
    token = client.cookies["sAccessToken"]
    client.cookies.clear()
    odd = {"cookie": f";;; =; x; a=b=c; %zz=%; sAccessToken={token}"}
    assert client.get("/me", headers=odd).json() == {"user": good}


def test_wrong_scheme(client: httpx2.Client) -> None:
    """The scheme of the header is case-sensitive, as in the reference."""
    token = bearer(sign_up(client, "scheme@example.com", HEADERS))["authorization"]
    assert client.get("/me", headers={"authorization": token.replace("Bearer", "bearer")}).status_code == 401
