"""Values of the session recipe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Generic, Literal, TypeAlias, TypedDict

import attrs
from typing_extensions import TypeVar

from authweave.types import (
    JSON,
    NOT_IN_JSON,
    BaseRequest,
    FrozenValue,
    GeneralErrorResponse,
    JSONObject,
    RecipeUserId,
    Result,
)

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
class TokenInfo(FrozenValue):
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


@attrs.frozen(kw_only=True)
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
    session_data_in_database: JSONObject = attrs.field(repr=False)
    expiry: int
    custom_claims_in_access_token_payload: JSONObject = attrs.field(repr=False)
    time_created: int
    tenant_id: str


@attrs.frozen(kw_only=True)
class RegenerateAccessTokenOkResult(Result):
    """
    A new access token for a session that goes on.

    Attributes:
        access_token: the token, or None where the session's own token has expired meanwhile (only the store was
            updated).
    """

    status: ClassVar[Literal["OK"]] = "OK"

    access_token: str | None = attrs.field(repr=False, metadata=NOT_IN_JSON)
    session_handle: str
    user_id: str
    payload: JSONObject = attrs.field(repr=False)


@attrs.frozen
class ClaimValidationError(FrozenValue):
    """
    Why a claim was refused.

    Attributes:
        reason: details for the frontend, or None.
    """

    id: str
    reason: JSON = None


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
