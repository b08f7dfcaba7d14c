from __future__ import annotations

import httpx2
import pytest

from .serving import form

pytestmark = pytest.mark.everywhere


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/auth/signup"),
        ("PUT", "/auth/signup"),
        ("HEAD", "/auth/jwt/jwks.json"),
        ("OPTIONS", "/auth/signup"),
        ("POST", "/signup"),
        ("POST", "/authx/signup"),
        ("POST", "/auth"),
        ("POST", "/auth/"),
        ("POST", "/auth//signup"),
        ("POST", "/auth/signup//"),
        ("POST", "/auth/Signup"),
        ("POST", "/auth/t1/t1/signup"),
        ("POST", "/auth/t_1/signup"),
        ("POST", f"/auth/{'t' * 101}/signup"),
        ("POST", "/auth/t1"),
        ("POST", "/auth/unknown"),
    ],
)
def test_not_ours(client: httpx2.Client, method: str, path: str) -> None:
    """What is not one of our routes falls through to the application, which has none of these."""
    response = client.request(method, path)
    assert response.status_code == 404
    assert response.text == client.request(method, "/nowhere").text


@pytest.mark.parametrize("path", ["/auth/signin", "/auth/signin/", "/auth/public/signin", "/auth/t1/signin/"])
def test_ours(client: httpx2.Client, path: str) -> None:
    """One trailing slash is ignored, and a tenant may stand in the path."""
    response = client.post(path, json=form("routing@example.com"))
    assert response.json() == {"status": "WRONG_CREDENTIALS_ERROR"}


@pytest.mark.parametrize(
    "rid", ["emailpassword", "session", "anti-csrf", "nonsense", "thirdpartyemailpassword", "x" * 9000]
)
@pytest.mark.parametrize("path", ["/auth/signin", "/auth/session/refresh"])
def test_rid_is_a_hint(client: httpx2.Client, path: str, rid: str) -> None:
    """Whatever the ``rid`` says, the route is found."""
    response = client.post(path, json=form("routing@example.com"), headers={"rid": rid})
    assert response.status_code == (200 if path.endswith("signin") else 401)


@pytest.mark.parametrize(
    ("tenant", "made"), [("t1", "t1"), ("T1", "t1"), ("Acme", "Acme"), ("acme", "Acme"), ("aCME", "Acme")]
)
def test_a_tenant_in_any_case(client: httpx2.Client, tenant: str, made: str) -> None:
    """Who signs up at a tenant is known there, however the path writes it and whoever made it did."""
    email = f"case-{tenant.encode().hex()}@example.com"
    signed_up = client.post(f"/auth/{tenant}/signup", json=form(email))
    assert signed_up.json()["user"]["tenantIds"] == [made]
    for each in (tenant, made, made.lower(), made.upper()):
        found = client.get(f"/auth/{each}/emailpassword/email/exists", params={"email": email})
        assert found.json() == {"status": "OK", "exists": True}
    assert client.post("/auth/T2/signup", json=form(email)).status_code == 400
