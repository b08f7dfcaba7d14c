"""
The server of ``second_factors.py``: that of ``sign_in.py``, where people sign in by codes and with passkeys too.

Run as ``python benchmarks/_second_factors_server.py NAME PORT FOLDER``. ``POST /codes`` makes codes of the addresses
that it is sent, and ``POST /options`` options of sign-ins, so many as it is sent; both answer with what a browser would
have of them. ``POST /assertion`` is sent what an authenticator said, and ``GET /verify-assertion?times=N`` has
py_webauthn check that so many times.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

from _sign_in_server import application, serve_application
from fastapi import Body
from webauthn import verify_authentication_response
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.structs import AuthenticationCredential, AuthenticatorAssertionResponse, PublicKeyCredentialType

from authweave import InputAppInfo, init
from authweave.recipe import emailpassword, passwordless, session, webauthn
from authweave.recipe.passwordless import ContactEmailOnlyConfig
from authweave.recipe.passwordless.asyncio import create_code
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
    """What py_webauthn does of a sign-in, by itself, with all that it needs at hand."""

    def __init__(self) -> None:
        self.said: Mapping[str, bytes] = {}

    async def keep(self, said: Annotated[dict[str, str], Body()]) -> None:
        """Keep what an authenticator said, the challenge and the public key."""
        self.said = {name: base64url_to_bytes(text) for name, text in said.items()}

    async def repeat(self, times: int) -> None:
        """Check it."""
        said = self.said
        for _ in range(times):
            verify_authentication_response(
                credential=AuthenticationCredential(
                    id="AA",
                    raw_id=b"\0",
                    response=AuthenticatorAssertionResponse(
                        client_data_json=said["clientDataJSON"],
                        authenticator_data=said["authenticatorData"],
                        signature=said["signature"],
                    ),
                    type=PublicKeyCredentialType.PUBLIC_KEY,
                ),
                expected_challenge=said["challenge"],
                expected_rp_id=RP_ID,
                expected_origin=WEBSITE,
                credential_public_key=said["publicKey"],
                credential_current_sign_count=0,
            )


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
    app = application(hasher)
    app.post("/codes")(codes)
    app.post("/options")(options)
    app.post("/assertion")(verification.keep)
    app.get("/verify-assertion")(verification.repeat)
    serve_application(app, int(port))


if __name__ == "__main__":
    main()
