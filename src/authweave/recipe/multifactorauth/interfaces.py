"""The functions and APIs of the recipe."""

from __future__ import annotations

from typing import Any, Protocol

import attrs
from typing_extensions import TypeVar

from authweave.extending import RecipeAPIOptions
from authweave.kernel import Interface, UserContext, overridable
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import GeneralErrorResponse, UncheckedJSON, User

from .config import MultiFactorAuthConfig
from .values import (
    GetFactors,
    GetRequirements,
    GetUser,
    MFARequirementList,
    NextFactors,
    ResyncSessionAndFetchMFAInfoPUTOkResult,
    ResyncSessionAndFetchMFAInfoPUTResult,
)

__all__ = [
    "APIInterface",
    "APIOptions",
    "GeneralErrorResponse",
    "GetFactors",
    "GetRequirements",
    "GetUser",
    "MFARequirementList",
    "NextFactors",
    "RecipeInterface",
    "ResyncSessionAndFetchMFAInfoPUTOkResult",
    "ResyncSessionAndFetchMFAInfoPUTResult",
    "SessionContainer",
    "UncheckedJSON",
    "User",
]

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, contravariant=True)


class RecipeInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """The functions of the recipe. Each may be overridden."""

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def assert_allowed_to_setup_factor_else_throw_invalid_claim_error(self, session: SessionContainer, factor_id: str, mfa_requirements_for_auth: GetRequirements, factors_set_up_for_user: GetFactors, user_context: ContextT_contra) -> None:
        """Check that the user of a session may set up a factor now."""
        ...

    @overridable
    async def get_mfa_requirements_for_auth(self, tenant_id: str, access_token_payload: UncheckedJSON, completed_factors: dict[str, int], user: GetUser, factors_set_up_for_user: GetFactors, required_secondary_factors_for_user: GetFactors, required_secondary_factors_for_tenant: GetFactors, user_context: ContextT_contra) -> MFARequirementList:
        """Return which factors a user has to show, in order; without an override one of those that user or tenant require."""
        ...

    @overridable
    async def mark_factor_as_complete_in_session(self, session: SessionContainer, factor_id: str, user_context: ContextT_contra) -> None:
        """Note that the user of a session has just shown a factor, and find out whether that was all that is asked for."""
        ...

    @overridable
    async def get_factors_setup_for_user(self, user: User, user_context: ContextT_contra) -> list[str]:
        """Return which factors a user has set up, in the order of the application's recipes."""
        ...

    @overridable
    async def get_required_secondary_factors_for_user(self, user_id: str, user_context: ContextT_contra) -> list[str]:
        """Return which factors are required of a user, of which one will do unless an override says otherwise."""
        ...

    @overridable
    async def add_to_required_secondary_factors_for_user(self, user_id: str, factor_id: str, user_context: ContextT_contra) -> None:
        """Require a factor of a user. Sessions that there are find out by ``PUT /mfa/info``, new ones at once."""
        ...

    @overridable
    async def remove_from_required_secondary_factors_for_user(self, user_id: str, factor_id: str, user_context: ContextT_contra) -> None:
        """Require a factor of a user no more. Parameters as for `AddToRequiredSecondaryFactorsForUser`."""
        ...
    # fmt: on


@attrs.frozen(kw_only=True)
class APIOptions(RecipeAPIOptions[RecipeInterface[Any]]):  # Any: it is called with contexts of either kind
    """
    What an API is handed beside its input.

    Attributes:
        config: what `init` was told.
    """

    recipe_id: str = "multifactorauth"
    config: MultiFactorAuthConfig


class APIInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """
    The HTTP API of the recipe. It may be overridden.

    It can be switched off by an override in the style of the documents: after
    ``original_implementation.disable_resync_session_and_fetch_mfa_info_put = True`` its requests reach the
    application's own route of that path.
    """

    disable_resync_session_and_fetch_mfa_info_put: bool = False

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def resync_session_and_fetch_mfa_info_put(self, api_options: APIOptions, session: SessionContainer, user_context: ContextT_contra) -> ResyncSessionAndFetchMFAInfoPUTResult:
        """Answer ``PUT /mfa/info``: bring the session up to date with what is asked for, and say how the user goes on."""
        ...
    # fmt: on
