"""What a user is sent to a provider with (RFC 6749, section 4.1.1), and a challenge for the code (RFC 7636)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

from authweave.security import base64url

from .sign_in_state import SignInState

RESERVED_PARAMETERS: Final = frozenset(
    {
        "client_id",
        "response_type",
        "redirect_uri",
        "scope",
        "state",
        "code_challenge",
        "code_challenge_method",
        "nonce",
    }
)
"""Parameters that no configuration replaces; ``state`` is the frontend's."""


def authorisation_parameters(
    client_id: str,
    *,
    redirect_uri: str,
    scope: Sequence[str],
    state: SignInState,
    pkce: bool,
    nonce: bool,
    parameters: Mapping[str, str],
) -> Mapping[str, str]:
    """
    Return the parameters.

    Args:
        client_id: our client.
        redirect_uri: where the provider sends the user back.
        scope: what is asked for.
        state: the secrets of this sign-in.
        pkce: whether the code is bound to the verifier.
        nonce: whether there will be an ID token to repeat the nonce.
        parameters: further ones, from the configuration.
    """
    added = {name: value for name, value in parameters.items() if name not in RESERVED_PARAMETERS}
    if pkce:
        challenge = base64url(hashlib.sha256(state.verifier.encode()).digest())
        added |= {"code_challenge": challenge, "code_challenge_method": "S256"}
    if nonce:
        added["nonce"] = state.nonce
    asked = {"response_type": "code", "client_id": client_id, "redirect_uri": redirect_uri}
    if scope:
        asked["scope"] = " ".join(scope)
    return {**asked, **added}
