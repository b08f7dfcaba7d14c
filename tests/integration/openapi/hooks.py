"""What schemathesis has to know of the routes of frontends: how to sign in, and what is of use in a form."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# schemathesis leaves some of its generic types without arguments.

from __future__ import annotations

import re
import secrets
from typing import Final

import httpx2
import schemathesis
from schemathesis import AuthContext, HookContext

from tests.integration.openapi.checks import NUMBERS, AnyCase, body_of, is_right
from tests.patience import PATIENCE_S

PASSWORD: Final = "correct horse 1"
PROVIDER: Final = "corp"
RUN: Final = secrets.token_hex(4)
CLIENT: Final = httpx2.Client(trust_env=False, timeout=PATIENCE_S)
APPLE_STATE: Final = "eyJmcm9udGVuZFJlZGlyZWN0VVJJIjogImh0dHA6Ly9sb2NhbGhvc3Q6MzAwMC9hdXRoL2NhbGxiYWNrL2FwcGxlIn0="
PAGE_TOKEN: Final = re.compile(r'name="token" value="([^"]+)"')


def form(email: str) -> dict[str, object]:
    """Return the body of a sign-up or sign-in."""
    return {"formFields": [{"id": "email", "value": email}, {"id": "password", "value": PASSWORD}]}


def sign_up(case: AnyCase) -> httpx2.Response:
    """Sign a new user up."""
    email = f"user-{RUN}-{next(NUMBERS)}@example.com"
    return CLIENT.post(f"{case.operation.base_url}/auth/signup", json=form(email))


@schemathesis.auth(refresh_interval=60)
class Sessions:
    """Sends an access token, or where sessions are refreshed a refresh token. One that is refused is replaced."""

    def get(self, case: AnyCase, context: AuthContext) -> httpx2.Headers:
        """Sign a new user up."""
        return sign_up(case).headers

    def set(self, case: AnyCase, data: httpx2.Headers, context: AuthContext) -> None:
        """Put the token into a request."""
        name = "st-refresh-token" if case.path.endswith("/session/refresh") else "st-access-token"
        case.headers["Authorization"] = f"Bearer {data[name]}"


@schemathesis.hook
def before_call(context: HookContext, case: AnyCase, kwargs: dict[str, object]) -> None:
    """Fill some bodies in as a frontend would, so that what comes next is seen too: none that is wrong on purpose."""
    body = body_of(case)
    if body is None or not is_right(case):
        return
    number = next(NUMBERS)
    if case.path.endswith("/signup") and number % 3 == 0:
        body.update(form(f"person-{RUN}-{number}@example.com"))
    if case.path.endswith("/signinup") and number % 2 == 0:
        body["thirdPartyId"] = PROVIDER
    if case.path.endswith("/callback/apple") and number % 2 == 0:
        body["state"] = APPLE_STATE
    if case.path.startswith("/auth/admin/") and number % 3:
        fill_in_form_of_page(case, body)


def fill_in_form_of_page(case: AnyCase, body: dict[str, object]) -> None:
    """Give a form of administrators the token of the page, and a user to do it to."""
    shown = {"authorization": f"{case.headers.get('Authorization')}"}
    user_id = sign_up(case).json()["user"]["id"]
    page = CLIENT.get(f"{case.operation.base_url}/auth/admin/user", params={"id": user_id}, headers=shown)
    if found := PAGE_TOKEN.search(page.text):  # a request without a session has none
        body.update(id=user_id, token=found[1])
