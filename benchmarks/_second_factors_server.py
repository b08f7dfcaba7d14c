"""
The server of ``second_factors.py``: that of ``sign_in.py``, where people sign in by codes and with passkeys too.

Run as ``python benchmarks/_second_factors_server.py NAME PORT FOLDER``. ``POST /codes`` makes codes of the addresses
that it is sent, and ``POST /options`` options of sign-ins, so many as it is sent; both answer with what a browser would
have of them. ``GET /verification`` answers with the CPU time that py_webauthn has taken, in nanoseconds.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated, Any, Final

from _sign_in_server import application, serve_application
from fastapi import Body
from webauthn import verify_authentication_response
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication

from authweave import InputAppInfo, init
from authweave.recipe import emailpassword, passwordless, session, webauthn
from authweave.recipe.passwordless import ContactEmailOnlyConfig
from authweave.recipe.passwordless.asyncio import create_code
from authweave.recipe.webauthn import ceremonies
from authweave.recipe.webauthn.functions import sign_in_options
from authweave.recipe.webauthn.types import SignInOptionsResponse
from authweave.security import PasswordHasher

WEBSITE: Final = "http://localhost"
RP_ID: Final = "localhost"


async def codes(emails: Annotated[list[str], Body()]) -> list[dict[str, str]]:
    """Make codes."""
    made = [await create_code("public", email=email) for email in emails]
    return [
        {
            "preAuthSessionId": each.pre_auth_session_id,
            "deviceId": each.device_id,
            "userInputCode": each.user_input_code,
        }
        for each in made
    ]


async def options(count: Annotated[int, Body()]) -> list[dict[str, str]]:
    """Make options of sign-ins."""
    made = [
        await sign_in_options(relying_party_id=RP_ID, relying_party_name="benchmark", origin=WEBSITE)
        for _ in range(count)
    ]
    return [
        {"id": each.webauthn_generated_options_id, "challenge": each.challenge, "rpId": RP_ID}
        for each in made
        if isinstance(each, SignInOptionsResponse)
    ]


class Verification:
    """What py_webauthn does of a sign-in: its own CPU time, where it is called."""

    def __init__(self) -> None:
        self.taken_ns = 0

    def __call__(self, **given: Any) -> VerifiedAuthentication:  # noqa: ANN401  as py_webauthn has it
        """Verify, and take the time."""
        start = time.thread_time_ns()
        try:
            return verify_authentication_response(**given)
        finally:
            self.taken_ns += time.thread_time_ns() - start

    async def taken(self) -> int:
        """Return how long it took so far, in nanoseconds."""
        return self.taken_ns


def main() -> None:
    """Serve it."""
    _, port, folder = sys.argv[1:]
    hasher = PasswordHasher(memory_kib=8, time_cost=1, at_once=2)
    init(
        InputAppInfo("benchmark", WEBSITE, website_domain=WEBSITE),
        [
            emailpassword.init(),
            passwordless.init(ContactEmailOnlyConfig(), flow_type="USER_INPUT_CODE_AND_MAGIC_LINK"),
            webauthn.init(),
            session.init(),
        ],
        storage=f"sqlite:///{Path(folder) / 'second-factors.db'}",
        passwords=hasher,
        trusted_proxies=[],
    )
    verification = Verification()
    setattr(ceremonies, "verify_authentication_response", verification)  # noqa: B010  type checkers refuse the plain one
    app = application(hasher)
    app.post("/codes")(codes)
    app.post("/options")(options)
    app.get("/verification")(verification.taken)
    serve_application(app, int(port))


if __name__ == "__main__":
    main()
