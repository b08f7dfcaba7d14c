"""What a sign-in has to remember while the user is at the provider: sealed, and carried by the frontend."""

from __future__ import annotations

import re
import struct
from typing import Final

import attrs

from authweave.extending import Services
from authweave.recipe.thirdparty.exceptions import SealedValueError
from authweave.security import Sealer, base64url
from authweave.types import BadInputError

from .settings import OAuthSettings

VERIFIER_BYTES: Final = 32
"""As RFC 7636, section 4.1, recommends: 43 characters."""

NONCE_BYTES: Final = 16

LAYOUT: Final = struct.Struct(f">Q{VERIFIER_BYTES}s{NONCE_BYTES}s")
"""When it becomes stale, in milliseconds since the epoch; verifier; nonce."""

MAX_SEALED_CHARACTERS: Final = 256
"""All have 139; longer ones are refused before any work."""


MAX_VERIFIER_CHARACTERS: Final = 128
"""Of a native application's own verifier (RFC 7636, section 4.1). Sealed values are longer, and so told apart."""

OWN_VERIFIER: Final = re.compile(f"[A-Za-z0-9._~-]{{43,{MAX_VERIFIER_CHARACTERS}}}")


@attrs.frozen
class SignInState:
    """
    The secrets of one sign-in.

    Attributes:
        verifier: proves to the provider that who exchanges the code is who asked for it (PKCE, RFC 7636).
        nonce: what the ID token has to repeat (OpenID Connect Core, section 3.1.2.1).
    """

    verifier: str = attrs.field(repr=False)
    nonce: str = attrs.field(repr=False)


@attrs.frozen
class NativeState:
    """
    What a native application brings of a sign-in that it began itself: there is no nonce of ours.

    Attributes:
        verifier: its own (RFC 7636); None where the provider's SDK asked for the code.
    """

    verifier: str | None = attrs.field(repr=False)
    nonce: None = None


@attrs.frozen
class SignInBinding:
    """What a sign-in is for. What was sealed for one opens for no other."""

    third_party_id: str
    client_id: str
    client_type: str
    tenant_id: str
    redirect_uri: str


class SealedStates:
    """Makes the state of a sign-in, and knows it again when it comes back."""

    def __init__(self, services: Services, settings: OAuthSettings) -> None:
        self._clock = services.clock
        self._random_bytes = services.random_bytes
        self._app = services.app_info.app_name
        self._sealer = Sealer(services.secret, "third-party-sign-ins", random_bytes=services.random_bytes)
        self._lifetime_ms = round(settings.sign_in_lifetime.total_seconds() * 1000)

    def begin(self, binding: SignInBinding) -> tuple[SignInState, str]:
        """Make the state of a new sign-in; return it, and sealed."""
        verifier, nonce = self._random_bytes(VERIFIER_BYTES), self._random_bytes(NONCE_BYTES)
        content = LAYOUT.pack(self._clock() + self._lifetime_ms, verifier, nonce)
        return sign_in_state(verifier, nonce), self._sealer.seal(content, self._associated_data(binding))

    def resume(self, sealed: str | None, binding: SignInBinding) -> SignInState:
        """
        Open what a frontend sent back.

        Raises:
            SealedValueError: it is missing, was not made for this, or is too old.
        """
        if not sealed:
            raise SealedValueError(binding.third_party_id, "missing")
        plausible = len(sealed) <= MAX_SEALED_CHARACTERS
        content = self._sealer.open(sealed, self._associated_data(binding)) if plausible else None
        if content is None:
            raise SealedValueError(binding.third_party_id, "foreign")
        stale_at_ms: int
        verifier: bytes
        nonce: bytes
        stale_at_ms, verifier, nonce = LAYOUT.unpack(content)
        if self._clock() >= stale_at_ms:
            raise SealedValueError(binding.third_party_id, "stale")
        return sign_in_state(verifier, nonce)

    def _associated_data(self, binding: SignInBinding) -> tuple[str, ...]:
        return (
            self._app,
            binding.third_party_id,
            binding.client_id,
            binding.client_type,
            binding.tenant_id,
            binding.redirect_uri,
        )


def native_state(verifier: str | None, *, may_lack_verifier: bool) -> NativeState:
    """
    Read what a native application brings.

    Raises:
        authweave.types.BadInputError: its verifier is missing, or none.
    """
    if not verifier and may_lack_verifier:
        return NativeState(None)
    if not verifier or not OWN_VERIFIER.fullmatch(verifier):
        raise BadInputError(
            "Please provide the pkceCodeVerifier in request body: the application's own, of 43 to 128 letters, digits "
            "and -._~ (RFC 7636), or the one that came with the authorisation URL"
        )
    return NativeState(verifier)


def sign_in_state(verifier: bytes, nonce: bytes) -> SignInState:
    """Return a state as the protocols write it."""
    return SignInState(base64url(verifier), base64url(nonce))
