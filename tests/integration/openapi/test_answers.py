"""What the document says of the routes is what they answer, over a socket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import httpx2
import pytest

from authweave.recipe.emailpassword import EmailPasswordRecipe
from authweave.recipe.emailpassword.types import CreateResetPasswordOkResult
from authweave.recipe.emailverification import EmailVerificationRecipe
from authweave.recipe.emailverification.types import CreateEmailVerificationTokenOkResult
from authweave.types import JSON, RecipeUserId
from tests.integration.http.thirdparty_app import begin, came_back
from tests.patience import PATIENCE_S

from .checked import Checked
from .conftest import Documented, member
from .served import TENANT

PASSWORD: Final = "correct horse 1"
NOT_SEEN: Final = {"GENERAL_ERROR", "SIGN_UP_NOT_ALLOWED", "SIGN_IN_NOT_ALLOWED", "PASSWORD_RESET_NOT_ALLOWED"}
"""What overrides answer, and users that are disabled."""


def form(email: str, password: str = PASSWORD, **more: JSON) -> dict[str, JSON]:
    """Return the body of a form."""
    return {"formFields": [{"id": "email", "value": email}, {"id": "password", "value": password}], **more}


def bearer(answer: httpx2.Response, token: str = "access") -> dict[str, str]:
    """Return the header that shows a token of an answer."""
    return {"authorization": f"Bearer {answer.headers[f'st-{token}-token']}"}


@pytest.fixture
def client(documented: Documented) -> Iterator[httpx2.Client]:
    """Open a client."""
    with httpx2.Client(base_url=documented.address, timeout=PATIENCE_S) as client:
        yield client


def ask_for_everything(asked: Checked, documented: Documented, base: str, email: str) -> None:
    """Ask each route that has tenants for what it answers, below a path."""
    tenant_id = base.removeprefix("/auth").removeprefix("/") or "public"
    for path in ("/signup", "/signin", "/user/password/reset/token", "/user/password/reset"):
        token = {"token": "none"}
        assert asked.ask("POST", f"{base}{path}", json=token).json()["status"] == "FIELD_ERROR"
        assert asked.ask("POST", f"{base}{path}", json={"formFields": None, **token}).status_code == 400
        assert asked.ask("POST", f"{base}{path}", data={"a": "b"}).status_code == 415
        assert asked.ask("POST", f"{base}{path}", content=b"[" * 2_000_000).status_code == 413
        headers = {"origin": "https://foreign.example", "content-type": "text/plain"}
        assert asked.ask("POST", f"{base}{path}", content=b"x", headers=headers).status_code == 403
    signed_up = asked.ask("POST", f"{base}/signup", json=form(email))
    assert signed_up.json()["status"] == "OK"
    assert asked.ask("POST", f"{base}/signup", json=form(email)).json()["status"] == "FIELD_ERROR"
    assert asked.ask("POST", f"{base}/signin", json=form(email)).json()["status"] == "OK"
    assert asked.ask("POST", f"{base}/signin", json=form(email, "wrong horse 1")).json()["status"].startswith("WRONG")
    linking = form(email, shouldTryLinkingWithSessionUser=True)
    assert asked.ask("POST", f"{base}/signin", json=linking).status_code == 401
    assert asked.ask("POST", f"{base}/signin", json=linking, headers=bearer(signed_up)).status_code == 400
    for path in ("/emailpassword/email/exists", "/signup/email/exists"):
        assert asked.ask("GET", f"{base}{path}", params={"email": email}).json()["exists"] is True
        assert asked.ask("GET", f"{base}{path}").status_code == 400
    user_id = signed_up.json()["user"]["id"]
    verify(asked, documented, base, bearer(signed_up), user_id, email, tenant_id)
    address: JSON = {"formFields": [{"id": "email", "value": email}]}
    assert asked.ask("POST", f"{base}/user/password/reset/token", json=address).json() == {"status": "OK"}
    reset(asked, documented, base, user_id, email, tenant_id)
    third_party(asked, documented, base)
    assert asked.ask("GET", f"{base}/loginmethods").json()["status"] == "OK"


def verify(
    asked: Checked, documented: Documented, base: str, shown: dict[str, str], user_id: str, email: str, tenant_id: str
) -> None:
    """Verify an address."""
    path = f"{base}/user/email/verify"
    assert asked.ask("GET", path).status_code == 401
    assert asked.ask("GET", path, headers=shown).json() == {"status": "OK", "isVerified": False}
    assert asked.ask("POST", f"{path}/token", headers=shown).json()["status"] == "OK"
    assert asked.ask("POST", f"{path}/token").status_code == 401
    functions = documented.app.recipe(EmailVerificationRecipe).functions
    made = documented.app.run_blocking(
        functions.create_email_verification_token(RecipeUserId(user_id), email, tenant_id, {})
    )
    assert isinstance(made, CreateEmailVerificationTokenOkResult)
    forged = {"authorization": shown["authorization"][:-4] + "AAAA"}
    assert asked.ask("POST", path, json={"token": made.token}, headers=forged).status_code == 401
    assert asked.ask("POST", path, json={"token": 1}).status_code == 400
    assert (
        asked.ask("POST", path, json={"method": "token", "token": made.token}, headers=shown).json()["status"] == "OK"
    )
    assert asked.ask("POST", path, json={"token": made.token}).json()["status"].startswith("EMAIL_VERIFICATION_INVALID")
    assert asked.ask("GET", path, headers=shown).json() == {"status": "OK", "isVerified": True}
    assert asked.ask("POST", f"{path}/token", headers=shown).json()["status"].startswith("EMAIL_ALREADY")


def reset(asked: Checked, documented: Documented, base: str, user_id: str, email: str, tenant_id: str) -> None:
    """Reset a password."""
    functions = documented.app.recipe(EmailPasswordRecipe).functions
    made = documented.app.run_blocking(functions.create_reset_password_token(user_id, email, tenant_id, {}))
    assert isinstance(made, CreateResetPasswordOkResult)
    password: JSON = [{"id": "password", "value": "another horse 2"}]
    for said in ("OK", "RESET_PASSWORD_INVALID_TOKEN_ERROR"):
        body = {"formFields": password, "token": made.token}
        assert asked.ask("POST", f"{base}/user/password/reset", json=body).json()["status"] == said


def third_party(asked: Checked, documented: Documented, base: str) -> None:
    """Sign in with a provider."""
    begun = begin(asked.client, base=base)
    asked.check("get", f"{base}/authorisationurl", begun)
    assert asked.ask("GET", f"{base}/authorisationurl").status_code == 400
    body = came_back(begun, documented.provider, "ada")
    assert asked.ask("POST", f"{base}/signinup", json=body).json()["status"] == "OK"
    assert asked.ask("POST", f"{base}/signinup", json=body).json()["status"] == "GENERAL_ERROR"
    assert asked.ask("POST", f"{base}/signinup", json={}).status_code == 400
    of_no_page: JSON = {"thirdPartyId": "corp", "redirectURIInfo": {"redirectURIOnProviderDashboard": ""}}
    assert asked.ask("POST", f"{base}/signinup", json=of_no_page).status_code == 400  # of a client that is not native
    assert asked.ask("POST", f"{base}/callback/apple", data={"state": "none"}).status_code == 400
    state = "eyJmcm9udGVuZFJlZGlyZWN0VVJJIjogImh0dHA6Ly9sb2NhbGhvc3Q6MzAwMC9hdXRoL2NhbGxiYWNrL2FwcGxlIn0="
    assert asked.ask("POST", f"{base}/callback/apple", data={"state": state, "code": "c"}).status_code == 303


def ask_of_sessions(asked: Checked) -> None:
    """Ask about sessions, by header and by cookie, and for what stands beside them."""
    signed_up = asked.ask("POST", "/auth/signup", json=form("session@example.com"))
    refreshed = asked.ask("POST", "/auth/session/refresh", headers=bearer(signed_up, "refresh"))
    assert refreshed.status_code == 200
    assert asked.ask("POST", "/auth/session/refresh").status_code == 401
    assert asked.ask("POST", "/auth/signout").status_code == 401
    assert asked.ask("POST", "/auth/signout", headers=bearer(refreshed)).json() == {"status": "OK"}
    by_cookie = {"st-auth-mode": "cookie"}
    assert asked.ask("POST", "/auth/signin", json=form("session@example.com"), headers=by_cookie).status_code == 200
    assert asked.ask("POST", "/auth/session/refresh").status_code == 200
    assert asked.ask("POST", "/auth/signout").json() == {"status": "OK"}
    for path in ("/jwt/jwks.json", "/.well-known/openid-configuration", "/openapi.json", "/health/live"):
        assert asked.ask("GET", f"/auth{path}").status_code == 200
    assert asked.ask("GET", "/auth/health/ready").status_code == 200


def ask_for_pages(asked: Checked) -> None:
    """Ask for the page of administrators: as nobody, and as somebody whose forms are not of the page."""
    signed_up = asked.ask("POST", "/auth/signup", json=form("admin@example.com"))
    shown = bearer(signed_up)
    for name in ("admin.css", "icon.svg"):
        assert asked.ask("GET", f"/auth/admin/{name}").status_code == 200
    for path in ("", "/user", "/user/delete"):
        assert asked.ask("GET", f"/auth/admin{path}").status_code == 401
    mine = {"id": signed_up.json()["user"]["id"]}
    assert asked.ask("GET", "/auth/admin", headers=shown).status_code == 200
    assert asked.ask("GET", "/auth/admin", params={"search": "a" * 300}, headers=shown).status_code == 400
    assert asked.ask("GET", "/auth/admin/user", params=mine, headers=shown).status_code == 200
    assert asked.ask("GET", "/auth/admin/user", params={"id": "nobody"}, headers=shown).status_code == 404
    assert asked.ask("GET", "/auth/admin/user/delete", params=mine, headers=shown).status_code == 409
    for path in ("user/disable", "user/enable", "user/delete", "user/revoke", "user/mail", "sign-out"):
        assert asked.ask("POST", f"/auth/admin/{path}", data={"id": "x"}, headers=shown).status_code == 403
        assert asked.ask("POST", f"/auth/admin/{path}", json={}, headers=shown).status_code == 415
    page = asked.ask("GET", "/auth/admin/user", params=mine, headers=shown).text
    token = page.partition('name="token" value="')[2].partition('"')[0]
    assert asked.ask("POST", "/auth/admin/user/enable", data={**mine, "token": token}, headers=shown).status_code == 303
    assert asked.ask("POST", "/auth/admin/user/delete", data={**mine, "token": token}, headers=shown).status_code == 409
    assert asked.ask("POST", "/auth/admin/sign-out", data={"token": token}, headers=shown).status_code == 200


def test_every_route_answers_as_the_document_says(documented: Documented, client: httpx2.Client) -> None:
    """Each operation was asked, also below a tenant, and each ``status`` of a body was there but those of overrides."""
    document = documented.document()
    asked = Checked(client, document)
    ask_for_everything(asked, documented, "/auth", "ada@example.com")
    ask_for_everything(asked, documented, f"/auth/{TENANT}", "ada@example.com")
    ask_of_sessions(asked)
    ask_for_pages(asked)
    assert asked.ask("POST", "/auth/nobody/signin", json=form("ada@example.com")).status_code == 400
    operations = {
        f"{method.upper()} {path}"
        for path, item in member(document, "paths").items()
        for method in member(item)
        if method != "parameters"
    }
    assert operations == {title for title, _ in asked.seen}
    said = {said.partition(" ")[2] for _, said in asked.seen}
    schemas = member(document, "components", "schemas").values()
    known = {
        str(member(schema, "properties", "status").get("const"))
        for schema in schemas
        if "status" in member(member(schema).get("properties", {}))
    }
    assert known - said <= NOT_SEEN | {"SIGN_IN_UP_NOT_ALLOWED", "NO_EMAIL_GIVEN_BY_PROVIDER"}


@pytest.mark.parametrize("version", ["1.17", "2.0", "3.0", "4.1"])
def test_each_version_has_a_document(documented: Documented, client: httpx2.Client, version: str) -> None:
    """A client that speaks a former version finds what that gets, in the document that it asks for in that version."""
    asked = Checked(client, documented.document(version))
    asked.client.headers["fdi-version"] = version
    assert member(asked.document, "info")["version"] == version
    email = f"{version}@example.com"
    signed_up = asked.ask("POST", "/auth/signup", json=form(email))
    is_legacy = version < "3"
    assert ("loginMethods" in signed_up.json()["user"]) is not is_legacy
    begun = begin(client)
    signed_in = asked.ask("POST", "/auth/signinup", json=came_back(begun, documented.provider, "ada"))
    assert ("createdNewUser" in signed_in.json()) is is_legacy


def test_a_document_of_another_version_would_be_noticed(documented: Documented, client: httpx2.Client) -> None:
    """A user in the shape of old does not fit the document of today: these checks can fail."""
    asked = Checked(client, documented.document())
    asked.client.headers["fdi-version"] = "2.0"
    with pytest.raises(AssertionError, match="POST /auth/signup 200"):
        asked.ask("POST", "/auth/signup", json=form("old@example.com"))
