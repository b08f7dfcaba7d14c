"""What schemathesis has to know of the API for programs: its key, and what there is to name."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# schemathesis leaves some of its generic types without arguments.

from __future__ import annotations

import secrets
from typing import Final, cast

import httpx2
import schemathesis
from schemathesis import AuthContext, HookContext

from tests.integration.openapi.checks import NUMBERS, AnyCase, body_of, is_right
from tests.integration.openapi.served import KEY

ROLES: Final = ("editor", "reader")
RUN: Final = secrets.token_hex(4)
SENT: Final = {"authorization": f"Bearer {KEY}"}


@schemathesis.auth(refresh_interval=None)
class WithKey:
    """Sends the key."""

    def get(self, case: AnyCase, context: AuthContext) -> str:
        """Return the key, which does not change."""
        return KEY

    def set(self, case: AnyCase, data: str, context: AuthContext) -> None:
        """Put it into a request."""
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_call(context: HookContext, case: AnyCase, kwargs: dict[str, object]) -> None:
    """Name, in most requests that are not wrong on purpose, users, roles and sessions that there are."""
    number = next(NUMBERS)
    if not is_right(case) or number % 4 == 0:
        return
    sent = cast("dict[str, object]", case.query) if case.method == "GET" else body_of(case)  # likewise an object
    if not sent:
        return
    if "userId" in sent:
        sent["userId"] = user_id(case)
    if "role" in sent:
        sent["role"] = ROLES[number % len(ROLES)]
    if not sent.keys().isdisjoint({"accessToken", "refreshToken", "sessionHandle", "sessionHandles"}):
        sent.update((name, value) for name, value in session_of(case) if name in sent)


def user_id(case: AnyCase) -> str:
    """Sign a user up: the one before may be deleted or disabled by now."""
    email = f"user-{RUN}-{next(NUMBERS)}@example.com"
    form = {"formFields": [{"id": "email", "value": email}, {"id": "password", "value": "correct horse 1"}]}
    return str(httpx2.post(f"{case.operation.base_url}/auth/signup", json=form).json()["user"]["id"])


def session_of(case: AnyCase) -> tuple[tuple[str, object], ...]:
    """Make a session, and return what requests may name of it."""
    user = {"userId": user_id(case)}
    made = httpx2.post(f"{case.operation.base_url}/auth/api/session/create", json=user, headers=SENT).json()
    handle, tokens = made["session"]["sessionHandle"], made["tokens"]
    return (
        ("sessionHandle", handle),
        ("sessionHandles", [handle]),
        ("accessToken", tokens["accessToken"]),
        ("refreshToken", tokens["refreshToken"]),
    )
