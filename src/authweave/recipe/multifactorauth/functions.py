"""The functions of the multifactorauth recipe, as they are without overrides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from typing_extensions import override

from authweave.extending import FactorsContribution, Services
from authweave.kernel import UserContext, overridable
from authweave.recipe.session.interfaces import SessionContainer
from authweave.recipe.usermetadata import RecipeInterface as UserMetadata
from authweave.recipe.usermetadata import UserMetadataRecipe
from authweave.types import JSON, JSONObject, User

from .constants import KEY
from .exceptions import FactorConfigurationError
from .interfaces import ContextT_contra, RecipeInterface
from .may_set_up import MaySetUpValidator
from .multi_factor_auth_claim import MultiFactorAuthClaim
from .requirements import check_factor_id, checked_factors
from .standing import Standings
from .values import GetFactors, GetRequirements, GetUser, MFARequirementList

OWN_METADATA: Final = "_supertokens"
"""The key of what is the library's in the metadata of users, as SuperTokens has it."""

REQUIRED: Final = "requiredSecondaryFactors"


class RecipeImplementation(RecipeInterface[ContextT_contra]):
    """
    The functions without overrides.

    Attributes:
        standings: finds out how far users of sessions have come.
    """

    def __init__(self, services: Services, standings: Standings) -> None:
        self.services = services
        self.standings = standings

    @overridable
    @override
    async def assert_allowed_to_setup_factor_else_throw_invalid_claim_error(
        self,
        session: SessionContainer,
        factor_id: str,
        mfa_requirements_for_auth: GetRequirements,
        factors_set_up_for_user: GetFactors,
        user_context: ContextT_contra,
    ) -> None:
        validator = MaySetUpValidator(
            KEY, MultiFactorAuthClaim, factor_id, mfa_requirements_for_auth, factors_set_up_for_user
        )
        await session.assert_claims([validator], user_context)

    @overridable
    @override
    async def get_mfa_requirements_for_auth(
        self,
        tenant_id: str,
        access_token_payload: JSONObject,
        completed_factors: dict[str, int],
        user: GetUser,
        factors_set_up_for_user: GetFactors,
        required_secondary_factors_for_user: GetFactors,
        required_secondary_factors_for_tenant: GetFactors,
        user_context: ContextT_contra,
    ) -> MFARequirementList:
        of_user, of_tenant = await required_secondary_factors_for_user(), await required_secondary_factors_for_tenant()
        return [{"oneOf": [*dict.fromkeys([*of_user, *of_tenant])]}]

    @overridable
    @override
    async def mark_factor_as_complete_in_session(
        self, session: SessionContainer, factor_id: str, user_context: ContextT_contra
    ) -> None:
        check_factor_id(factor_id)
        await self.standings.of(session, user_context, factor_id)

    @overridable
    @override
    async def get_factors_setup_for_user(self, user: User, user_context: ContextT_contra) -> list[str]:
        owners = [each.owner for each in self.services.contributions(FactorsContribution)]
        found = [
            factor
            for owner in owners
            if owner is not None
            for factor in await owner.set_up_for(self.services, user, user_context)
        ]
        return [*dict.fromkeys(found)]

    @overridable
    @override
    async def get_required_secondary_factors_for_user(self, user_id: str, user_context: ContextT_contra) -> list[str]:
        held = await self.metadata.get_user_metadata(await self.primary_id(user_id), user_context)
        return required_in(own_metadata(held.metadata))

    @overridable
    @override
    async def add_to_required_secondary_factors_for_user(
        self, user_id: str, factor_id: str, user_context: ContextT_contra
    ) -> None:
        check_factor_id(factor_id)
        await self.change(user_id, lambda required: [*required, factor_id], user_context)

    @overridable
    @override
    async def remove_from_required_secondary_factors_for_user(
        self, user_id: str, factor_id: str, user_context: ContextT_contra
    ) -> None:
        check_factor_id(factor_id)
        await self.change(user_id, lambda required: [each for each in required if each != factor_id], user_context)

    async def primary_id(self, user_id: str) -> str:
        """Return the id of the user who has a login method; what is given, where the store knows none."""
        user = await self.services.off_loop(self.services.storage.find_user, user_id)
        return user_id if user is None else user.id

    async def change(self, user_id: str, change: Callable[[list[str]], list[str]], user_context: UserContext) -> None:
        """Change what is required of a user; of two who do so at once neither is lost."""
        update, owner = self.metadata.update_user_metadata, await self.primary_id(user_id)
        async with self.services.transaction():
            held = await update(owner, {}, user_context)  # which reads, and has others wait
            own = own_metadata(held.metadata)
            before = required_in(own)
            if (after := [*dict.fromkeys(change(before))]) != before:
                await update(owner, {OWN_METADATA: {**own, REQUIRED: list[JSON](after)}}, user_context)

    @property
    def metadata(self) -> UserMetadata[UserContext]:
        """The composed functions that keep metadata of users."""
        return self.services.recipe(UserMetadataRecipe[UserContext]).functions


def own_metadata(metadata: JSONObject) -> JSONObject:
    """
    Return what is the library's of a user's metadata.

    Raises:
        FactorConfigurationError: somebody has put something else there.
    """
    own = metadata.get(OWN_METADATA, {})
    if isinstance(own, Mapping):
        return own
    raise FactorConfigurationError(f"{OWN_METADATA!r} in the metadata of a user is no object: it is the library's own.")


def required_in(own: JSONObject) -> list[str]:
    """Return which factors are required, by what is the library's of a user's metadata. Raises as `own_metadata`."""
    return checked_factors(own.get(REQUIRED, []), f"{OWN_METADATA}.{REQUIRED} in the metadata of a user")
