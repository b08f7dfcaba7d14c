"""The functions and APIs of the recipe, each as the call that an override is handed; see those of emailpassword."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from typing_extensions import TypeVar

from authweave.extending import APICall
from authweave.kernel import Call, UserContext
from authweave.types import JSONObject, RecipeUserId

from .claims.base import AnyClaim, SessionClaimValidator
from .container import SessionContainer
from .interfaces import APIInterface, APIOptions, OverrideClaimValidators, RecipeInterface
from .types import (
    ClaimsValidationResult,
    GetClaimValueOkResult,
    RegenerateAccessTokenOkResult,
    SessionDoesNotExistError,
    SessionInformationResult,
    SignOutPostResult,
)

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)

IN_INTERFACES: Final = {
    "JSONObject": "UncheckedJSON",
    "AnyClaim": "ClaimParameter",
    "Sequence[str]": "HandlesParameter",
    "OverrideClaimValidators": "OverrideParameter",
}
"""What interfaces say, so that an override may annotate it as here or as the documents do."""


class CreateNewSession(Call[RecipeInterface[ContextT], SessionContainer, ContextT]):
    """
    Create a session. To create none, an override returns `authweave.recipe.session.EmptySession`.

    Attributes:
        user_id: whose session it is.
        recipe_user_id: the login method that was used.
        access_token_payload: claims of the application's own.
        session_data_in_database: what to keep on the server only.
        disable_anti_csrf: whether the session needs no anti-CSRF token (it travels by header, say).
        tenant_id: the tenant that was signed in to.
    """

    user_id: str
    recipe_user_id: RecipeUserId
    access_token_payload: JSONObject | None
    session_data_in_database: JSONObject | None
    disable_anti_csrf: bool | None
    tenant_id: str


class GetSession(Call[RecipeInterface[ContextT], SessionContainer | None, ContextT]):
    """
    Verify an access token (its signature, expiry and anti-CSRF token; claims are validated by the caller).

    A revoked session is noticed when its token expires, or at once with ``check_database``.

    Returns:
        The session; None where there is no token and no session is required.

    Raises:
        UnauthorisedError: there is no session, and one is required; or it was revoked.
        TryRefreshTokenError: the token has expired, or cannot be trusted.
    """

    access_token: str | None
    anti_csrf_token: str | None
    anti_csrf_check: bool | None
    session_required: bool | None
    check_database: bool | None
    override_global_claim_validators: OverrideClaimValidators | None


class RefreshSession(Call[RecipeInterface[ContextT], SessionContainer, ContextT]):
    """
    Give a session new tokens. The same token always gives the same successor.

    Raises:
        UnauthorisedError: the session does not exist or has expired, or the token is not one of ours.
        TokenTheftError: the token was replaced by one that has been used. The session has been revoked.
    """

    refresh_token: str
    anti_csrf_token: str | None
    disable_anti_csrf: bool


class RevokeSession(Call[RecipeInterface[ContextT], bool, ContextT]):
    """Revoke a session. Returns whether it existed."""

    session_handle: str


class RevokeMultipleSessions(Call[RecipeInterface[ContextT], list[str], ContextT]):
    """Revoke sessions, each by `revoke_session`. Returns the handles of those that existed."""

    session_handles: Sequence[str]


class RevokeAllSessionsForUser(Call[RecipeInterface[ContextT], list[str], ContextT]):
    """
    Revoke a user's sessions, of one tenant or of all. Returns their handles.

    Attributes:
        user_id: whose sessions: the user's id, or that of one of the login methods.
        revoke_sessions_for_linked_accounts: whether also those that were made with other login methods of the user.
        tenant_id: of which tenant, where not of all.
        revoke_across_all_tenants: whether of all tenants.
    """

    user_id: str
    revoke_sessions_for_linked_accounts: bool
    tenant_id: str
    revoke_across_all_tenants: bool


class GetAllSessionHandlesForUser(Call[RecipeInterface[ContextT], list[str], ContextT]):
    """
    Return the handles of a user's sessions, of one tenant or of all, the oldest first.

    Attributes:
        user_id: whose sessions: the user's id, or that of one of the login methods.
        fetch_sessions_for_linked_accounts: whether also those that were made with other login methods of the user.
        tenant_id: of which tenant, where not of all.
        fetch_across_all_tenants: whether of all tenants.
    """

    user_id: str
    fetch_sessions_for_linked_accounts: bool
    tenant_id: str
    fetch_across_all_tenants: bool


class GetSessionInformation(Call[RecipeInterface[ContextT], SessionInformationResult | None, ContextT]):
    """Return what the store knows of a session; None if it does not exist or has expired."""

    session_handle: str


class UpdateSessionDataInDatabase(Call[RecipeInterface[ContextT], bool, ContextT]):
    """Replace what the session keeps on the server. Returns whether the session exists."""

    session_handle: str
    new_session_data: JSONObject


class MergeIntoAccessTokenPayload(Call[RecipeInterface[ContextT], bool, ContextT]):
    """Merge claims into the stored payload; None deletes a claim. Returns whether the session exists."""

    session_handle: str
    access_token_payload_update: JSONObject


class RegenerateAccessToken(Call[RecipeInterface[ContextT], RegenerateAccessTokenOkResult | None, ContextT]):
    """Mint an access token with other claims and the same expiry; None if the session does not exist."""

    access_token: str
    new_access_token_payload: JSONObject | None


class GetGlobalClaimValidators(
    Call[RecipeInterface[ContextT], list[SessionClaimValidator], ContextT], allow_plain=True
):
    """
    Return the validators that every route has unless it says otherwise.

    Attributes:
        tenant_id: of the session.
        user_id: of the session.
        recipe_user_id: of the session.
        claim_validators_added_by_other_recipes: those that `authweave.recipe.session.init` was given.
    """

    tenant_id: str
    user_id: str
    recipe_user_id: RecipeUserId
    claim_validators_added_by_other_recipes: list[SessionClaimValidator]


class ValidateClaims(Call[RecipeInterface[ContextT], ClaimsValidationResult, ContextT]):
    """
    Fetch the claims that their validators find missing or too old, then let all validators look.

    Nothing is stored: the caller merges what was fetched.
    """

    user_id: str
    recipe_user_id: RecipeUserId
    access_token_payload: JSONObject
    claim_validators: list[SessionClaimValidator]


class ValidateClaimsInJwtPayload(Call[RecipeInterface[ContextT], ClaimsValidationResult, ContextT]):
    """Let all validators look at a payload as it is; nothing is fetched."""

    user_id: str
    jwt_payload: JSONObject
    claim_validators: list[SessionClaimValidator]


class FetchAndSetClaim(Call[RecipeInterface[ContextT], bool, ContextT]):
    """Fetch the value of a claim and store it. Returns whether the session exists."""

    session_handle: str
    claim: AnyClaim


class SetClaimValue(Call[RecipeInterface[ContextT], bool, ContextT]):
    """Store a value of a claim, which has to be of the claim's type. Returns whether the session exists."""

    session_handle: str
    claim: AnyClaim
    value: object


class GetClaimValue(
    Call[RecipeInterface[ContextT], SessionDoesNotExistError | GetClaimValueOkResult[object], ContextT]
):
    """Return the value of a claim as it is stored; it is None where the session has none."""

    session_handle: str
    claim: AnyClaim


class RemoveClaim(Call[RecipeInterface[ContextT], bool, ContextT]):
    """Take a claim out of what is stored. Returns whether the session exists."""

    session_handle: str
    claim: AnyClaim


class RefreshPost(Call[APIInterface[ContextT], SessionContainer, ContextT], APICall[APIOptions]):
    """Answer ``POST /session/refresh``."""

    api_options: APIOptions


class SignoutPost(Call[APIInterface[ContextT], SignOutPostResult, ContextT], APICall[APIOptions]):
    """Answer ``POST /signout``: revoke the session of the request."""

    session: SessionContainer
    api_options: APIOptions


class VerifySession(Call[APIInterface[ContextT], SessionContainer | None, ContextT], APICall[APIOptions]):
    """Verify the session of a request, before a route of the application runs."""

    api_options: APIOptions
    anti_csrf_check: bool | None
    session_required: bool
    check_database: bool
    override_global_claim_validators: OverrideClaimValidators | None
