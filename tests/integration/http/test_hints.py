"""What is wrong with one's first page is told in debug mode (docs/reference/http.md, Debug mode)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

import httpx2
import pytest

from authweave.app import init
from authweave.kernel import UserContext
from authweave.recipe import (
    accountlinking,
    emailpassword,
    emailverification,
    multitenancy,
    session,
    thirdparty,
    webauthn,
)
from authweave.recipe.accountlinking import link_if_verified
from authweave.recipe.multitenancy import MultitenancyRecipe, TenantConfigCreateOrUpdate
from authweave.recipe.thirdparty import ThirdPartyRecipe
from authweave.security import PasswordHasher
from authweave.storage.memory import MemoryStorage
from authweave.types import JSON, InputAppInfo
from tests.patience import PATIENCE_S

from .conftest import web_app
from .serving import AS_JSON, COOKIES, HEADERS, PASSWORD, bearer, form, serving, sign_up

SECRET: Final = "analytical-engine-9"


@pytest.fixture(scope="module")
def debugged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """Serve an application in debug mode."""
    app = init(
        InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), webauthn.init(), session.init()],
        storage=f"sqlite:///{tmp_path_factory.mktemp('auth') / 'auth.db'}",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        debug=True,
        default=False,
    )
    with serving(web_app(app)) as address, httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client:
        yield client
    app.close()


@pytest.fixture(scope="module")
def ruled() -> Iterator[httpx2.Client]:
    """Serve one that links accounts, with a user of a provider, and a tenant in which nobody signs in."""
    app = init(
        InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [
            emailpassword.init(),
            thirdparty.init(),
            emailverification.init("OPTIONAL"),
            accountlinking.init(should_do_automatic_account_linking=link_if_verified),
            multitenancy.init(),
            session.init(),
        ],
        storage=MemoryStorage(),
        secret="0123456789abcdef0123456789abcdef",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        debug=True,
        default=False,
    )
    closed = TenantConfigCreateOrUpdate(first_factors=[])
    app.run_blocking(app.recipe(MultitenancyRecipe).functions.create_or_update_tenant("closed", closed, UserContext()))
    provided = app.recipe(ThirdPartyRecipe).functions
    app.run_blocking(
        provided.manually_create_or_update_user(
            "corp", "1", "taken@example.com", True, None, None, "public", None, UserContext()
        )
    )
    with serving(web_app(app)) as address, httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client:
        yield client
    app.close()


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was logged of requests."""
    return [record.getMessage() for record in caplog.records if record.name == "authweave.http"]


@pytest.mark.parametrize(
    ("body", "headers", "told"),
    [
        ({"email": "a@x.io", "password": SECRET}, AS_JSON, "password and email beside formFields"),
        ({"email": "a@x.io"}, AS_JSON, "email beside formFields"),
        ({"username": "a@x.io"}, AS_JSON, "no list formFields"),
        ({"formFields": {"email": "a@x.io", "password": SECRET}}, AS_JSON, 'send {"formFields": [{"id": "password"'),
        ({"formFields": [{"id": "username", "value": SECRET}]}, AS_JSON, "it has password, email"),
        ([{"id": "email", "value": SECRET}], AS_JSON, "no object"),
        (f"email=a@x.io&password={SECRET}", {"content-type": "application/x-www-form-urlencoded"}, "as a form sends"),
        (json.dumps(form("a@x.io", SECRET)), {"content-type": "text/plain"}, "as a form sends"),
        (f"email=a@x.io&password={SECRET}", AS_JSON, "not JSON"),
        ("", {}, "empty"),
    ],
)
@pytest.mark.parametrize("path", ["/auth/signin", "/auth/signup"])
def test_a_body_of_another_shape(
    debugged: httpx2.Client,
    client: httpx2.Client,
    caplog: pytest.LogCaptureFixture,
    path: str,
    body: JSON,
    headers: dict[str, str],
    told: str,
) -> None:
    """The answer is as without debug mode, and says what is wrong with the body, as the log does; no value is told."""
    content = body if isinstance(body, str) else json.dumps(body)
    usual = client.post(path, content=content, headers=headers)
    assert "debug" not in usual.json()
    assert not logged(caplog)

    answer = debugged.post(path, content=content, headers=headers)
    hints = answer.json().pop("debug")
    assert told in " ".join(hints)
    assert (answer.status_code, {**answer.json(), "debug": None}) == (
        usual.status_code,
        {**usual.json(), "debug": None},
    )
    assert any(told in line and path in line for line in logged(caplog))
    assert SECRET not in answer.text + caplog.text


def test_no_wish_for_cookies(debugged: httpx2.Client, caplog: pytest.LogCaptureFixture) -> None:
    """Who signs in without ``st-auth-mode`` learns where the tokens are; then why the next request is a 401."""
    signed_up = debugged.post("/auth/signup", json=form("first-page@example.com"))
    assert "st-auth-mode" in " ".join(signed_up.json()["debug"])
    assert "st-auth-mode" in " ".join(logged(caplog))
    refused = debugged.get("/me")
    assert (refused.status_code, refused.json()["message"]) == (401, "unauthorised")
    assert "st-auth-mode: cookie" in " ".join(refused.json()["debug"])
    assert signed_up.headers["st-access-token"] not in signed_up.text + refused.text + caplog.text


@pytest.mark.parametrize("mode", [HEADERS, COOKIES])
def test_nothing_is_wrong(debugged: httpx2.Client, caplog: pytest.LogCaptureFixture, mode: dict[str, str]) -> None:
    """Who does as the page says is told nothing."""
    answer = sign_up(debugged, f"right-{mode['st-auth-mode']}@example.com", mode)
    assert "debug" not in answer.json()
    proof = bearer(answer) if mode == HEADERS else {}
    assert debugged.get("/me", headers=proof).status_code == 200
    assert debugged.get("/echo-nothing").status_code == 404
    debugged.cookies.clear()
    assert not logged(caplog)


def test_a_token_that_is_not_read(debugged: httpx2.Client) -> None:
    """A scheme in lower case, a refresh token in place of the other, and a made-up one are each told of."""
    signed_up = sign_up(debugged, "tokens@example.com", HEADERS)
    good = bearer(signed_up)["authorization"]
    for token, told in (
        (good.replace("Bearer", "bearer"), "capital letter"),
        (bearer(signed_up, "st-refresh-token")["authorization"], "none of ours"),
        (f"{good[:-20]}{'A' * 20}", "not signed"),
    ):
        refused = debugged.get("/me", headers={"authorization": token})
        assert refused.status_code == 401
        assert told in " ".join(refused.json()["debug"]), token


@pytest.mark.parametrize(
    ("origin", "told"),
    [("http://localhost:3000", False), (None, False), ("http://localhost:8000", True), ("http://127.0.0.1:3000", True)],
)
@pytest.mark.parametrize("path", ["register", "signin"])
def test_a_page_where_no_passkey_is_good(
    debugged: httpx2.Client, caplog: pytest.LogCaptureFixture, path: str, origin: str | None, told: bool
) -> None:
    """Who asks for options on another page than the website's is told so: what is made there is refused."""
    headers = {} if origin is None else {"origin": origin}
    answer = debugged.post(f"/auth/webauthn/options/{path}", json={"email": "page@example.com"}, headers=headers)
    assert answer.json()["status"] == "OK"
    hints = " ".join(answer.json().get("debug", []))
    assert ("The page is on another origin than 'http://localhost:3000'" in hints) == told
    assert any("on another origin" in line for line in logged(caplog)) == told
    assert not told or str(origin) not in hints + caplog.text


def test_a_factor_that_the_tenant_does_not_have(ruled: httpx2.Client, caplog: pytest.LogCaptureFixture) -> None:
    """The answer says so, and nothing of tokens, which would not help."""
    refused = ruled.post("/auth/closed/signup", json=form("closed@example.com"), headers=HEADERS)
    assert (refused.status_code, refused.json()["message"]) == (401, "unauthorised")
    (hint,) = refused.json()["debug"]
    assert hint.startswith("The first factors of the tenant 'closed' do not have emailpassword: GET /loginmethods")
    assert any("'closed' do not have emailpassword" in line for line in logged(caplog))


def test_a_refusal_by_the_rules_of_linking(ruled: httpx2.Client, caplog: pytest.LogCaptureFixture) -> None:
    """The rule is named beside the text that people see, which is as without debug mode."""
    refused = ruled.post("/auth/signup", json=form("taken@example.com"), headers=HEADERS)
    assert refused.json()["reason"].endswith("(ERR_CODE_007)")
    (hint,) = refused.json()["debug"]
    assert hint.startswith("Refused by the rules of linking (SIGN_UP_NOT_ALLOWED): somebody has the address already")
    assert any(hint in line for line in logged(caplog))
    assert "taken@" not in hint + caplog.text


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        ("GET", "/auth/signin", "there is POST /auth/signin"),
        ("POST", "/auth/sign-in", "there is POST /auth/signin"),
        ("POST", "/auth/signin/", None),
        ("POST", "/signin", "below /auth: POST /auth/signin"),
        ("POST", "/auth/users/list", "no such route"),
        ("OPTIONS", "/auth/signin", "CORS middleware"),
        ("GET", "/elsewhere", None),
    ],
)
def test_a_path_that_is_no_route(
    debugged: httpx2.Client, caplog: pytest.LogCaptureFixture, method: str, path: str, told: str | None
) -> None:
    """The log says what there is; the answer is the application's."""
    answer = debugged.request(method, path)
    assert (answer.status_code == 404) == (path != "/auth/signin/")
    lines = [line for line in logged(caplog) if "empty" not in line]
    assert len(lines) == (told is not None)
    assert told is None or told in lines[0]


def test_an_echo_of_a_password(debugged: httpx2.Client, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever is typed in the wrong place, no part of it is logged."""
    for content in (f'"{PASSWORD}"', f'{{"{PASSWORD}": 1}}', f'{{"formFields": [{{"id": "{PASSWORD}", "value": 1}}]}}'):
        answer = debugged.post("/auth/signin", content=content, headers=AS_JSON)
        assert PASSWORD not in answer.text
    assert len(logged(caplog)) == 3
    assert PASSWORD not in caplog.text
