"""
Errors of the thirdparty recipe.

None of them holds a token, a code or a secret.

::

    ThirdPartyError
    ├── ProviderNotFoundError      the client asked for a provider that the tenant has not
    ├── ClientTypeNotFoundError    the client asked for a clientType that the provider has not
    ├── SignInRefusedError         what the client brought proves nothing
    │   ├── SealedValueError       pkceCodeVerifier is missing, foreign or stale
    │   ├── CodeRefusedError       the provider does not accept the code, or sent the user back with an error
    │   ├── MixUpError             the answer comes from another provider
    │   ├── IDTokenError           an ID token is not genuine, or not for us
    │   └── ClientTokenError       oAuthTokens of which nobody can say that they were issued to us
    ├── RefreshTokenRefusedError   the provider does not accept a refresh token any more
    └── ProviderError              the provider is at fault
        ├── ProviderUnreachableError   down, or too slow
        └── ProviderAnswerError        it answered something else than the protocol says, or an error
            └── ClientRefusedError     it does not accept our client: its id, its secret, or how it authenticates
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

from authweave.kernel import AuthweaveError
from authweave.types import ConfigurationError

SealedValueFault: TypeAlias = Literal["missing", "foreign", "stale"]
IDTokenFault: TypeAlias = Literal[
    "malformed", "algorithm", "key", "signature", "issuer", "audience", "nonce", "expired", "claims", "access_token"
]

OF_FOREIGN_VALUES: Final = (
    " It was changed, or is of another provider, client, tenant or redirect URI; where an account is to be linked to a "
    "session's user, the session's tenant counts. One that an application made itself is taken where its client says "
    "is_native=True, and not gives_up_pkce."
)


class ThirdPartyError(AuthweaveError):
    """
    Signing in with a provider did not work.

    Attributes:
        third_party_id: the provider's id.
    """

    code = "third_party"

    def __init__(self, third_party_id: str, message: str) -> None:
        self.third_party_id = third_party_id
        super().__init__(message)


SuperTokensThirdPartyError: TypeAlias = ThirdPartyError
"""The name that applications know from SuperTokens."""


class ProviderNotFoundError(ThirdPartyError):
    """The tenant has no such provider, which a frontend asked for."""

    code = "provider_not_found"


class ClientTypeNotFoundError(ThirdPartyError):
    """The provider has no client of the type that was asked for, or several where none was."""

    code = "client_type_not_found"

    def __init__(self, message: str, *, third_party_id: str = "") -> None:
        self.message = message
        super().__init__(third_party_id, message)


class SignInRefusedError(ThirdPartyError):
    """What the client brought does not prove who signed in. The frontend starts again."""

    code = "sign_in_refused"


class SealedValueError(SignInRefusedError):
    """
    The ``pkceCodeVerifier`` is none that was handed out for this sign-in, or is too old.

    Attributes:
        fault: ``missing``; ``foreign``: not ours, changed, or of another provider, client, tenant or redirect URI;
            ``stale``: it was ours, too long ago.
    """

    code = "sealed_value"

    def __init__(self, third_party_id: str, fault: SealedValueFault) -> None:
        self.fault: SealedValueFault = fault
        super().__init__(
            third_party_id,
            f"The pkceCodeVerifier sent for provider {third_party_id!r} is {fault}: ask for a new authorisation URL, "
            f"and send back the value that comes with it.{OF_FOREIGN_VALUES if fault == 'foreign' else ''}",
        )


class CodeRefusedError(SignInRefusedError):
    """The provider did not accept the authorisation code, or sent the user back without one."""

    code = "code_refused"


class MixUpError(SignInRefusedError):
    """The user was sent back by another provider than the one that the sign-in began with (RFC 9207)."""

    code = "mix_up"


class IDTokenError(SignInRefusedError):
    """
    An ID token is not genuine, not for us, or not for now.

    Attributes:
        fault: which check failed.
        reason: the same in words.
    """

    code = "id_token"

    def __init__(self, third_party_id: str, fault: IDTokenFault, message: str) -> None:
        self.fault: IDTokenFault = fault
        self.reason = message
        super().__init__(third_party_id, f"The ID token of provider {third_party_id!r} is refused: {message}")


class ClientTokenError(SignInRefusedError):
    """``oAuthTokens`` that a client sent were issued to somebody else, or nobody can tell to whom."""

    code = "client_token"


class RefreshTokenRefusedError(ThirdPartyError):
    """The provider does not accept a refresh token: it has withdrawn it, or it is too old. The user signs in again."""

    code = "refresh_token_refused"


class ProviderError(ThirdPartyError):
    """The provider is at fault, or its configuration. Trying again later may work."""

    code = "provider"


class ProviderUnreachableError(ProviderError):
    """The provider does not answer in time, or not at all."""

    code = "provider_unreachable"


class ProviderAnswerError(ProviderError):
    """The provider answered, but not what the protocol says: HTML, an error, a redirect, too much."""

    code = "provider_answer"


class ClientRefusedError(ProviderAnswerError):
    """The provider does not accept our client. That is a fault of the configuration: trying again does not help."""

    code = "client_refused"


class ProviderFaultsError(ConfigurationError):
    """
    Providers are configured in a way that cannot work.

    Attributes:
        faults: all that was found, in the order of the providers.
    """

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults: tuple[str, ...] = tuple(faults)
        lines = "\n".join(f"  {fault}" for fault in self.faults)
        one = len(self.faults) == 1
        super().__init__(
            self.faults[0] if one else f"{len(self.faults)} faults in the configuration of providers:\n{lines}"
        )
