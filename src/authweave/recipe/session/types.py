"""Values of the session recipe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, Literal, TypeAlias, TypedDict

import attrs
from typing_extensions import TypeVar

from authweave.types import JSON, BaseRequest, GeneralErrorResponse, JSONObject, RecipeUserId, UncheckedJSON

T_co = TypeVar("T_co", covariant=True)

TokenTransferMethod: TypeAlias = Literal["cookie", "header"]
"""How the tokens of a session travel."""

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
class TokenInfo:
    """
    A refresh token, and how long it lives.

    Attributes:
        expiry: milliseconds since the epoch.
        created_time: milliseconds since the epoch.
    """

    token: str = attrs.field(repr=False)
    expiry: int
    created_time: int


@attrs.frozen
class ReqResInfo:
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


@attrs.frozen(kw_only=True)
class SessionInformationResult:
    """
    What the store knows of a session.

    Attributes:
        expiry: milliseconds since the epoch.
        custom_claims_in_access_token_payload: the claims that the application put into the access token.
        time_created: milliseconds since the epoch.
    """

    session_handle: str
    user_id: str
    recipe_user_id: RecipeUserId
    session_data_in_database: UncheckedJSON = attrs.field(repr=False)
    expiry: int
    custom_claims_in_access_token_payload: UncheckedJSON = attrs.field(repr=False)
    time_created: int
    tenant_id: str


@attrs.frozen(kw_only=True)
class RegenerateAccessTokenOkResult:
    """
    A new access token for a session that goes on.

    Attributes:
        access_token: the token, or None where the session's own token has expired meanwhile (only the store was
            updated).
    """

    access_token: str | None = attrs.field(repr=False)
    session_handle: str
    user_id: str
    payload: JSONObject = attrs.field(repr=False)


@attrs.frozen
class ClaimValidationError:
    """
    Why a claim was refused.

    Attributes:
        reason: details for the frontend, or None.
    """

    id: str
    reason: JSON = None


@attrs.frozen
class ClaimsValidationResult:
    """
    What validators say of a payload.

    Attributes:
        invalid_claims: every refusal, in the order of the validators; empty where the payload may pass.
        access_token_payload_update: claims that were fetched and are to be merged into the payload; None for none.
    """

    invalid_claims: Sequence[ClaimValidationError]
    access_token_payload_update: JSONObject | None = attrs.field(default=None, repr=False)


@attrs.frozen
class SessionDoesNotExistError:
    """The session does not exist, or has expired."""


@attrs.frozen
class GetClaimValueOkResult(Generic[T_co]):
    """The value of a claim; None where the session has none."""

    value: T_co | None


@attrs.frozen
class SignOutOkayResponse:
    """The session was revoked."""


SignOutPostResult: TypeAlias = SignOutOkayResponse | GeneralErrorResponse
