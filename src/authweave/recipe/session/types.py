"""Values of the session recipe."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, Generic, Literal, TypeAlias, TypedDict

import attrs
from typing_extensions import TypeVar, override

from authweave.types import (
    JSON,
    BaseRequest,
    FrozenList,
    FrozenValue,
    GeneralErrorResponse,
    JSONObject,
    RecipeUserId,
    Result,
    UncheckedJSON,
    frozen_texts,
)

T_co = TypeVar("T_co", covariant=True)

TokenTransferMethod: TypeAlias = Literal["cookie", "header"]
"""How the tokens of a session travel."""

TokenType: TypeAlias = Literal["access", "refresh"]
"""Which of a session's tokens."""

AnyTransferMethod: TypeAlias = Literal["cookie", "header", "any"]
AntiCsrfMode: TypeAlias = Literal["VIA_TOKEN", "VIA_CUSTOM_HEADER", "NONE"]
SameSite: TypeAlias = Literal["strict", "lax", "none"]

Risk: TypeAlias = Literal[
    "foreign_cookie_domain",
    "insecure_cookies",
    "long_access_tokens",
    "long_grace",
    "long_sessions",
    "no_anti_csrf_across_sites",
    "plain_http",
    "public_suffix_cookie_domain",
]
"""What settings may risk (docs/explanation/security.md, Risky settings)."""


@attrs.frozen
class TokenInfo(FrozenValue):
    """
    A token, and how long it lives.

    Attributes:
        token: it, in clear.
        expiry: milliseconds since the epoch.
        created_time: milliseconds since the epoch.
    """

    token: str = attrs.field(repr=False)
    expiry: int
    created_time: int


AccessTokenObj: TypeAlias = TokenInfo
"""A new access token. SuperTokens has two classes of the same fields."""


@attrs.frozen
class ReqResInfo(FrozenValue):
    """The request that a session belongs to, and how its tokens travel there."""

    request: BaseRequest
    transfer_method: TokenTransferMethod


class GetSessionTokensDangerouslyDict(TypedDict):
    """The tokens of a session, in clear."""

    accessToken: str
    accessAndFrontTokenUpdated: bool
    refreshToken: str | None
    frontToken: str
    antiCsrfToken: str | None


@attrs.frozen
class SessionInformationResult(Result):
    """
    What the store knows of a session.

    Attributes:
        expiry: milliseconds since the epoch.
        custom_claims_in_access_token_payload: the claims that the application put into the access token.
        time_created: milliseconds since the epoch.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    session_handle: str
    user_id: str
    recipe_user_id: RecipeUserId
    session_data_in_database: UncheckedJSON = attrs.field(repr=False)
    expiry: int
    custom_claims_in_access_token_payload: UncheckedJSON = attrs.field(repr=False)
    time_created: int
    tenant_id: str

    @override
    def to_json(self) -> dict[str, JSON]:
        """Return it in the names of SuperTokens: ``sessionHandle``, ``userId``, ``expiry`` and so on."""
        return FrozenValue.to_json(self)  # as there, without a status


@attrs.frozen
class SessionObj(FrozenValue):
    """
    The session of a new access token.

    Attributes:
        user_data_in_jwt: what the token says.
    """

    handle: str
    user_id: str
    recipe_user_id: RecipeUserId
    user_data_in_jwt: JSONObject = attrs.field(repr=False)
    tenant_id: str

    @override
    def to_json(self) -> dict[str, JSON]:
        """Return it in the names of SuperTokens: ``handle``, ``userId``, ``userDataInJWT`` and so on."""
        return {
            "handle": self.handle,
            "userId": self.user_id,
            "recipeUserId": self.recipe_user_id.get_as_string(),
            "tenantId": self.tenant_id,
            "userDataInJWT": self.user_data_in_jwt,
        }


@attrs.frozen
class RegenerateAccessTokenOkResult(Result):
    """
    A new access token for a session that goes on.

    Attributes:
        session: what the token says, and whose it is.
        access_token: the token, or None where the session's own token has expired meanwhile (only the store was
            updated).
    """

    status: ClassVar[Literal["OK"]] = "OK"

    session: SessionObj
    access_token: AccessTokenObj | None

    @override
    def to_json(self) -> dict[str, JSON]:
        """Return both, in clear, as ``session`` and ``accessToken``."""
        return FrozenValue.to_json(self)  # likewise


@attrs.frozen
class ClaimValidationError(FrozenValue):
    """
    Why a claim was refused.

    Attributes:
        id_: of the validator that refused it.
        reason: details for the frontend, or None.
    """

    id_: str
    reason: JSON = None

    @property
    def id(self) -> str:
        """The same as ``id_``."""
        return self.id_

    @override
    def to_json(self) -> dict[str, JSON]:
        """Return it as the frontend reads it: ``id``, and ``reason`` where there is one."""
        return {"id": self.id_} if self.reason is None else {"id": self.id_, "reason": self.reason}


@attrs.frozen
class ClaimsValidationResult(FrozenValue):
    """
    What validators say of a payload.

    Attributes:
        invalid_claims: every refusal, in the order of the validators; empty where the payload may pass.
        access_token_payload_update: claims that were fetched and are to be merged into the payload; None for none.
    """

    invalid_claims: Sequence[ClaimValidationError]
    access_token_payload_update: JSONObject | None = attrs.field(default=None, repr=False)

    @override
    def to_json(self) -> dict[str, JSON]:
        """Return it as ``{"status": "OK", "invalidClaims": [...], "accessTokenPayloadUpdate": ...}``."""
        return {
            "status": "OK",
            "invalidClaims": [failure.to_json() for failure in self.invalid_claims],
            "accessTokenPayloadUpdate": self.access_token_payload_update,
        }


@attrs.frozen
class SessionDoesNotExistError(Result):
    """The session does not exist, or has expired."""

    status: ClassVar[Literal["SESSION_DOES_NOT_EXIST_ERROR"]] = "SESSION_DOES_NOT_EXIST_ERROR"


@attrs.frozen
class GetClaimValueOkResult(Result, Generic[T_co]):
    """The value of a claim; None where the session has none."""

    status: ClassVar[Literal["OK"]] = "OK"

    value: T_co | None


@attrs.frozen
class SignOutOkayResponse(Result):
    """The session was revoked."""

    status: ClassVar[Literal["OK"]] = "OK"


SignOutPostResult: TypeAlias = SignOutOkayResponse | GeneralErrorResponse


@attrs.frozen
class CreateJwtOkResult(FrozenValue):
    """
    A JWT of the application's own.

    Attributes:
        jwt: it, signed.
    """

    jwt: str = attrs.field(repr=False)


@attrs.frozen
class CreateJwtResultUnsupportedAlgorithm(FrozenValue):
    """There is no key of the algorithm that was asked for. Nobody can ask for one, so it is not returned."""


@attrs.frozen
class JsonWebKey(FrozenValue):
    """
    The public half of a signing key (RFC 7517).

    Attributes:
        kty: ``RSA``, with ``n`` and ``e``, or ``EC``, with ``crv``, ``x`` and ``y``; the others are None.
        kid: the key's id.
        alg: ``RS256`` or ``ES256``.
        use: always ``sig``.
    """

    kty: str
    kid: str
    n: str | None
    e: str | None
    alg: str
    use: str
    crv: str | None = None
    x: str | None = None
    y: str | None = None

    @override
    def to_json(self) -> dict[str, JSON]:
        """Return the key as it is published. What it does not have has no key."""
        return {name: value for name, value in super().to_json().items() if value is not None}


def frozen_keys(keys: Iterable[JsonWebKey]) -> FrozenList[JsonWebKey]:
    """Return keys as a list that does not change."""
    return FrozenList(keys)


@attrs.frozen
class GetJWKSResult(FrozenValue):
    """
    The public keys of all tokens that are in use.

    Attributes:
        validity_in_secs: how long they may be kept, in seconds.
    """

    keys: FrozenList[JsonWebKey] = attrs.field(converter=frozen_keys)
    validity_in_secs: int | None


@attrs.frozen
class GetOpenIdDiscoveryConfigurationResult(FrozenValue):
    """
    Where the keys are (OpenID Connect Discovery 1.0, section 3). The ``/oauth`` endpoints are named, and not served.

    Attributes:
        issuer: the ``iss`` of access tokens.
        jwks_uri: where the keys are.
    """

    issuer: str
    jwks_uri: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    revocation_endpoint: str
    token_introspection_endpoint: str
    end_session_endpoint: str
    subject_types_supported: FrozenList[str] = attrs.field(converter=frozen_texts)
    id_token_signing_alg_values_supported: FrozenList[str] = attrs.field(converter=frozen_texts)
    response_types_supported: FrozenList[str] = attrs.field(converter=frozen_texts)

    @override
    def to_json(self) -> dict[str, JSON]:
        """Return it in the names of the standard, which are those of the attributes."""
        return attrs.asdict(self)
