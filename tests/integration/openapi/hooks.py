"""What schemathesis has to know of us: how to sign in, and what a refusal is (https://schemathesis.readthedocs.io)."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# schemathesis leaves some of its generic types without arguments.

from __future__ import annotations

import itertools
import secrets
from typing import Any, Final, TypeAlias, cast

import httpx2
import schemathesis
from schemathesis import APIOperation, AuthContext, Case, CheckContext, HookContext, Response
from schemathesis.specs.openapi.checks import negative_data_rejection

PASSWORD: Final = "correct horse 1"
PROVIDER: Final = "corp"
RUN: Final = secrets.token_hex(4)
BEHIND: Final = "x-behind"
"""Is on every answer of the application behind the middleware."""

NUMBERS: Final = itertools.count()


AnyCase: TypeAlias = "Case[APIOperation[Any, Any, Any, Any]]"  # Any: schemathesis has no names for these


def form(email: str) -> dict[str, object]:
    """Return the body of a sign-up or sign-in."""
    return {"formFields": [{"id": "email", "value": email}, {"id": "password", "value": PASSWORD}]}


@schemathesis.auth(refresh_interval=60)
class Sessions:
    """Sends an access token, or where sessions are refreshed a refresh token. One that is refused is replaced."""

    def get(self, case: AnyCase, context: AuthContext) -> httpx2.Headers:
        """Sign a new user up."""
        email = f"user-{RUN}-{next(NUMBERS)}@example.com"
        answer = httpx2.post(f"{case.operation.base_url}/auth/signup", json=form(email))
        return answer.headers

    def set(self, case: AnyCase, data: httpx2.Headers, context: AuthContext) -> None:
        """Put the token into a request."""
        name = "st-refresh-token" if case.path.endswith("/session/refresh") else "st-access-token"
        case.headers["Authorization"] = f"Bearer {data[name]}"


@schemathesis.hook
def before_call(context: HookContext, case: AnyCase, kwargs: dict[str, object]) -> None:
    """Fill some bodies in as a frontend would, so that what comes next is seen too: none that is wrong on purpose."""
    if case.meta is None or case.meta.generation.mode.is_negative or not isinstance(case.body, dict):
        return
    number, body = next(NUMBERS), cast("dict[str, object]", case.body)  # of what, isinstance does not tell
    if case.path.endswith("/signup") and number % 3 == 0:
        body.update(form(f"person-{RUN}-{number}@example.com"))
    if case.path.endswith("/signinup") and number % 2 == 0:
        body["thirdPartyId"] = PROVIDER


@schemathesis.check
def wrong_data_is_refused(ctx: CheckContext, response: Response, case: AnyCase) -> bool | None:
    """Check as `negative_data_rejection` does, but know what else is a refusal: a ``status`` that is not ``OK``."""
    if response.status_code == 200 and "json" in response.headers.get("content-type", [""])[0]:
        content = cast("dict[str, object]", response.json())  # every answer of ours that is JSON is an object
        if content.get("status", "OK") != "OK":
            return None
    return negative_data_rejection(ctx, response, case)


@schemathesis.check
def other_methods_are_left_to_the_application(ctx: CheckContext, response: Response, case: AnyCase) -> bool | None:
    """Check that what the document does not name is answered by the application behind, and the rest by us."""
    paths = cast("dict[str, dict[str, object]]", case.operation.schema.raw_schema["paths"])  # OpenAPI says so
    is_ours = case.method.lower() in paths[case.path]
    if not is_ours and BEHIND not in response.headers:
        raise AssertionError(f"{case.method} {case.path} is not in the document, and did not reach the application.")
    if is_ours and BEHIND in response.headers and response.status_code != 404:
        raise AssertionError(f"{case.method} {case.path} is in the document, and the application answered.")
    return None
