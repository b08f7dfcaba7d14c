"""
What frontends rely on (docs/reference/http.md) over real HTTP, as far as it needs a configuration of its own.

Lines 1 to 4, 9 (first half), 10, 12, 13 and 14 are in the files beside. Left to their recipes: 7 (VIA_TOKEN's
rotation), 11 (email verification), 16 (password reset), 17 and 18 (the frontends themselves).
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final, Protocol

import attrs
import httpx2
import pytest

from authweave import InputAppInfo, init
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword import InputFormField, InputSignUpFeature
from authweave.security import PasswordHasher
from authweave.types import JSON
from tests.integration.frameworks.serving import Framework
from tests.patience import PATIENCE_S

from .serving import COOKIES, HEADERS, bearer, form, front_token, set_cookies, sign_up

pytestmark = pytest.mark.everywhere

LOCAL: Final = InputAppInfo(
    app_name="Checklist", api_domain="http://localhost:8000", website_domain="http://localhost:3000"
)
CROSS_SITE: Final = InputAppInfo(
    app_name="Checklist", api_domain="https://api.example.com", website_domain="https://example.org"
)


@attrs.define
class TurnedClock:
    """A clock that stands still until it is turned by hand."""

    now_ms: int = 1_795_308_682_123

    def __call__(self) -> int:
        """Return the time now, in milliseconds since the epoch."""
        return self.now_ms

    def turn(self, *, seconds: int) -> None:
        """Let time pass."""
        self.now_ms += seconds * 1000


class Serve(Protocol):
    """Serves an application until the test ends."""

    def __call__(
        self,
        recipe: session.SessionSetup,
        *,
        info: InputAppInfo = LOCAL,
        clock: TurnedClock | None = None,
        sign_up_feature: InputSignUpFeature | None = None,
    ) -> httpx2.Client:
        """Return a client of it that keeps no cookies."""
        ...


@contextmanager
def client_of(
    folder: Path,
    recipe: session.SessionSetup,
    info: InputAppInfo,
    clock: TurnedClock,
    sign_up_feature: InputSignUpFeature | None,
    framework: Framework,
) -> Generator[httpx2.Client]:
    """Serve an application for a block."""
    auth = init(
        info,
        [emailpassword.init(sign_up_feature=sign_up_feature), recipe],
        storage=f"sqlite:///{folder / 'auth.db'}",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        clock=clock,
        default=False,
    )
    with framework.serving(auth) as address, httpx2.Client(base_url=address, timeout=PATIENCE_S) as client:

        def forget(_response: httpx2.Response) -> None:
            client.cookies.clear()

        client.event_hooks["response"] = [forget]
        yield client
    auth.close()


@pytest.fixture
def serve(tmp_path: Path, framework: Framework) -> Iterator[Serve]:
    """Serve applications until the test ends."""
    with ExitStack() as stack:

        def enter(
            recipe: session.SessionSetup,
            *,
            info: InputAppInfo = LOCAL,
            clock: TurnedClock | None = None,
            sign_up_feature: InputSignUpFeature | None = None,
        ) -> httpx2.Client:
            opened = client_of(tmp_path, recipe, info, clock or TurnedClock(), sign_up_feature, framework)
            return stack.enter_context(opened)

        yield enter


def cookies_of(response: httpx2.Response, *names: str) -> dict[str, str]:
    """Return the header by which a browser sends cookies of an answer back; all of them, or those named."""
    pairs = [value.partition(";")[0] for name, value in set_cookies(response).items() if not names or name in names]
    return {"cookie": "; ".join(pairs)}


def refresh(client: httpx2.Client, headers: dict[str, str]) -> httpx2.Response:
    """Refresh a session."""
    return client.post("/auth/session/refresh", headers=headers)


def refusal(response: httpx2.Response) -> tuple[int, str]:
    """Return status and message of an answer."""
    return response.status_code, response.json()["message"]


def assert_cleared(response: httpx2.Response, *cookies: str) -> None:
    """Check that a client is to forget its session, with these cookies (docs/reference/http.md, What is cleared)."""
    assert response.headers["front-token"] == "remove"
    assert (response.headers["st-access-token"], response.headers["st-refresh-token"]) == ("", "")
    for cookie in set_cookies(response).values():
        assert "expires=thu, 01 jan 1970" in cookie.lower()
    assert set(set_cookies(response)) == set(cookies)


def test_line_5_expired_access_token(serve: Serve) -> None:
    """An expired access token has to be refreshed, also where it is optional; the former one lives on until then."""
    clock = TurnedClock()
    client = serve(session.init(access_token_validity_s=2), clock=clock)
    first = sign_up(client, "ada@example.com", HEADERS)
    clock.turn(seconds=1)
    second = refresh(client, bearer(first, "st-refresh-token"))
    assert (second.status_code, second.json()) == (200, {})
    assert front_token(second)["uid"] == front_token(first)["uid"]
    for answer in (first, second):
        assert client.get("/me", headers=bearer(answer)).status_code == 200

    clock.turn(seconds=1)
    assert refusal(client.get("/me", headers=bearer(first))) == (401, "try refresh token")
    assert client.get("/me", headers=bearer(second)).status_code == 200
    clock.turn(seconds=2)
    for route in ("/me", "/maybe"):
        expired = client.get(route, headers=bearer(second))
        assert refusal(expired) == (401, "try refresh token")
        assert "front-token" not in expired.headers
    third = refresh(client, bearer(second, "st-refresh-token"))
    assert client.get("/me", headers=bearer(third)).status_code == 200


@pytest.mark.parametrize("used_by", ["refresh", "check"])
def test_line_6_theft(serve: Serve, used_by: str) -> None:
    """A refresh token may be used twice; once its successor has been, and the grace is over, its use is theft."""
    clock = TurnedClock()
    client = serve(session.init(refresh_grace_s=10), clock=clock)
    parent = bearer(sign_up(client, "ada@example.com", HEADERS), "st-refresh-token")
    children = [refresh(client, parent) for _ in range(2)]
    assert [child.status_code for child in children] == [200, 200]
    latest = children[0]
    if used_by == "refresh":
        latest = refresh(client, bearer(latest, "st-refresh-token"))
    assert client.get("/me", headers=bearer(latest)).status_code == 200
    assert client.get("/me/now", headers=bearer(latest)).status_code == 200

    clock.turn(seconds=11)
    theft = refresh(client, parent)
    assert refusal(theft) == (401, "token theft detected")
    assert_cleared(theft)
    gone = refresh(client, bearer(latest, "st-refresh-token"))
    assert refusal(gone) == (401, "unauthorised")
    assert_cleared(gone)
    assert refusal(client.get("/me/now", headers=bearer(latest))) == (401, "unauthorised")


def test_line_8_cross_site(serve: Serve) -> None:
    """Where cookies cross sites, a header ``rid`` of any value proves that the website sent the request."""
    client = serve(session.init(), info=CROSS_SITE)
    signed_up = sign_up(client, "ada@example.com", COOKIES)
    for cookie in set_cookies(signed_up).values():
        assert {"samesite=none", "secure", "httponly"} <= {part.strip().lower() for part in cookie.split(";")}
    held = cookies_of(signed_up)
    assert refusal(client.post("/me", headers=held)) == (401, "try refresh token")
    assert client.post("/me", headers={**held, "rid": "anything"}).status_code == 200
    assert client.get("/me", headers=held).status_code == 200

    without = refresh(client, held)
    assert refusal(without) == (401, "unauthorised")
    assert_cleared(without, "sAccessToken", "sRefreshToken")
    assert refresh(client, {**held, "rid": "anti-csrf"}).status_code == 200

    by_header = sign_up(client, "grace@example.com", HEADERS)
    assert client.post("/me", headers=bearer(by_header)).status_code == 200
    assert refresh(client, bearer(by_header, "st-refresh-token")).status_code == 200


def test_line_9_cookies_of_an_older_domain(serve: Serve) -> None:
    """Two refresh cookies: those of the older domain are cleared by a 200, and the next refresh succeeds."""
    client = serve(session.init(cookie_domain=".example.com", older_cookie_domain="api.example.com"))
    signed_up = sign_up(client, "ada@example.com", COOKIES)
    present = cookies_of(signed_up)["cookie"]
    cleared = refresh(client, {"cookie": f"{present}; sAccessToken=old; sRefreshToken=old"})
    assert cleared.status_code == 200
    assert set(cleared.json()) == {"message"}
    assert set(set_cookies(cleared)) == {"sAccessToken", "sRefreshToken"}
    for cookie in set_cookies(cleared).values():
        parts = {part.strip().lower() for part in cookie.split(";")}
        assert {"domain=api.example.com", "expires=thu, 01 jan 1970 00:00:00 gmt"} <= parts
    assert front_token(cleared)["uid"] == front_token(signed_up)["uid"]
    assert front_token(cleared)["up"] == front_token(signed_up)["up"]
    assert front_token(cleared)["ate"] == TurnedClock().now_ms
    assert refresh(client, {"cookie": present}).status_code == 200


def test_line_9_without_an_older_domain(serve: Serve) -> None:
    """Without one configured, foreign cookies are passed over; of two sessions a 400 with the frontends' words."""
    client = serve(session.init())
    first = cookies_of(sign_up(client, "ada@example.com", COOKIES))["cookie"]
    for cookies in (f"{first}; sRefreshToken=old", f"sRefreshToken=old; {first}"):
        assert refresh(client, {"cookie": cookies}).status_code == 200
        assert client.get("/me", headers={"cookie": f"{cookies}; sAccessToken=old"}).status_code == 200
    second = cookies_of(sign_up(client, "grace@example.com", COOKIES))["cookie"]
    assert refusal(client.get("/me", headers={"cookie": f"{first}; {second}"})) == (401, "try refresh token")
    refused = refresh(client, {"cookie": f"{first}; {second}"})
    assert refused.status_code == 400
    assert "The request contains multiple session cookies." in refused.json()["message"]
    assert "older_cookie_domain" in refused.json()["message"]
    for each in (first, second):
        assert refresh(client, {"cookie": each}).status_code == 200


def long_enough(value: JSON, _tenant_id: str) -> str | None:
    """Return whether a name is too short."""
    return None if isinstance(value, str) and len(value) > 2 else "Too short"


def test_line_15_order_of_field_errors(serve: Serve) -> None:
    """All faults of a form come at once: the application's own fields first, then password, then email."""
    own = InputSignUpFeature([InputFormField("name", long_enough), InputFormField("nick", optional=True)])
    client = serve(session.init(), sign_up_feature=own)
    fields = form("no address", "short")["formFields"]
    assert isinstance(fields, list)
    response = client.post("/auth/signup", json={"formFields": [{"id": "name", "value": "A"}, *fields]})
    assert response.json() == {
        "status": "FIELD_ERROR",
        "formFields": [
            {"id": "name", "error": "Too short"},
            {"id": "password", "error": "Password must contain at least 8 characters, including a number"},
            {"id": "email", "error": "Email is not valid"},
        ],
    }
    sign_in = client.post("/auth/signin", json=form("no address", ""))
    assert sign_in.json()["formFields"] == [
        {"id": "password", "error": "Field is not optional"},
        {"id": "email", "error": "Email is not valid"},
    ]
