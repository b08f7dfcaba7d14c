"""
The functions of the recipe, each as the call that an override is handed.

The parameters stand here and nowhere else: ``nox -s signatures`` writes the methods of the
interfaces from them.
"""

from __future__ import annotations

from typing import Final

from typing_extensions import TypeVar

from authweave.extending import APICall
from authweave.kernel import Call, UserContext
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import JSONObject, User

from .interfaces import (
    APIInterface,
    APIOptions,
    GetFactors,
    GetRequirements,
    GetUser,
    MFARequirementList,
    RecipeInterface,
    ResyncSessionAndFetchMFAInfoPUTResult,
)

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)

IN_INTERFACES: Final = {"JSONObject": "UncheckedJSON"}
"""What interfaces say, so that an override may annotate it as here or as the documents do."""


class AssertAllowedToSetupFactorElseThrowInvalidClaimError(Call[RecipeInterface[ContextT], None, ContextT]):
    """
    Check that the user of a session may set up a factor now.

    Attributes:
        session: the user's.
        factor_id: the factor.
        mfa_requirements_for_auth: looks up what is asked of the user.
        factors_set_up_for_user: looks up which factors the user has.

    Raises:
        authweave.errors.InvalidClaimsError: others have to be shown first.
    """

    session: SessionContainer
    factor_id: str
    mfa_requirements_for_auth: GetRequirements
    factors_set_up_for_user: GetFactors


class GetMfaRequirementsForAuth(Call[RecipeInterface[ContextT], MFARequirementList, ContextT]):
    """
    Return which factors a user has to show, in order; without an override one of those that user or tenant require.

    Attributes:
        tenant_id: of the session.
        access_token_payload: what the session says.
        completed_factors: which factors were shown in it, and when, in seconds since the epoch; the first one too.
        user: looks up the user.
        factors_set_up_for_user: looks up which factors the user has.
        required_secondary_factors_for_user: looks up what is required of the user.
        required_secondary_factors_for_tenant: looks up what is required in the tenant.
    """

    tenant_id: str
    access_token_payload: JSONObject
    completed_factors: dict[str, int]
    user: GetUser
    factors_set_up_for_user: GetFactors
    required_secondary_factors_for_user: GetFactors
    required_secondary_factors_for_tenant: GetFactors


class MarkFactorAsCompleteInSession(Call[RecipeInterface[ContextT], None, ContextT]):
    """
    Note that the user of a session has just shown a factor, and find out whether that was all that is asked for.

    Attributes:
        session: the user's, which gets a new access token.
        factor_id: the factor.
    """

    session: SessionContainer
    factor_id: str


class GetFactorsSetupForUser(Call[RecipeInterface[ContextT], list[str], ContextT]):
    """Return which factors a user has set up, in the order of the application's recipes."""

    user: User


class GetRequiredSecondaryFactorsForUser(Call[RecipeInterface[ContextT], list[str], ContextT]):
    """
    Return which factors are required of a user, of which one will do unless an override says otherwise.

    Attributes:
        user_id: the user's id, or that of one of the login methods.
    """

    user_id: str


class AddToRequiredSecondaryFactorsForUser(Call[RecipeInterface[ContextT], None, ContextT]):
    """
    Require a factor of a user. Sessions that there are find out by ``PUT /mfa/info``, new ones at once.

    Attributes:
        user_id: as for `GetRequiredSecondaryFactorsForUser`.
        factor_id: the factor, one of the application's own too.
    """

    user_id: str
    factor_id: str


class RemoveFromRequiredSecondaryFactorsForUser(Call[RecipeInterface[ContextT], None, ContextT]):
    """Require a factor of a user no more. Parameters as for `AddToRequiredSecondaryFactorsForUser`."""

    user_id: str
    factor_id: str


class ResyncSessionAndFetchMfaInfoPut(
    Call[APIInterface[ContextT], ResyncSessionAndFetchMFAInfoPUTResult, ContextT], APICall[APIOptions]
):
    """Answer ``PUT /mfa/info``: bring the session up to date with what is asked for, and say how the user goes on."""

    api_options: APIOptions
    session: SessionContainer
