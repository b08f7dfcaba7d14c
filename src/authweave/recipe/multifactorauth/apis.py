"""The HTTP API of the multifactorauth recipe, as it is without overrides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from typing_extensions import override

from authweave.extending import FactorOwner, FactorsContribution, Services
from authweave.kernel import UserContext, overridable
from authweave.recipe.session.exceptions import InvalidClaimsError
from authweave.recipe.session.interfaces import SessionContainer

from .exceptions import FactorConfigurationError
from .interfaces import APIInterface, APIOptions, ContextT_contra, RecipeInterface
from .standing import Standing, Standings
from .values import NextFactors, ResyncSessionAndFetchMFAInfoPUTOkResult, ResyncSessionAndFetchMFAInfoPUTResult


class APIImplementation(APIInterface[ContextT_contra]):
    """The API without overrides. It calls the composed functions that its options name."""

    def __init__(self, services: Services, standings: Standings) -> None:
        self.services = services
        self.standings = standings

    @overridable
    @override
    async def resync_session_and_fetch_mfa_info_put(
        self, api_options: APIOptions, session: SessionContainer, user_context: ContextT_contra
    ) -> ResyncSessionAndFetchMFAInfoPUTResult:
        standing = await self.standings.of(session, user_context)
        has_set_up = await standing.has_set_up()
        allowed = await self.allowed(standing, session, api_options.recipe_implementation, user_context)
        coming = standing.next.factor_ids
        possible = [each for each in coming if each in has_set_up or each in allowed]
        if coming and not possible:
            raise FactorConfigurationError(
                f"A user of the tenant {session.get_tenant_id()!r} has to show {' or '.join(map(repr, coming))}, and "
                "has set up none of these, nor may: no recipe of the application offers them as second factors. "
                "Change what is required, or list the recipe."
            )
        contacts = [owner.contacts(self.services, standing.user, standing.made_with) for owner in self.owners()]
        return ResyncSessionAndFetchMFAInfoPUTOkResult(
            NextFactors(possible, has_set_up, allowed),
            joined([each.emails for each in contacts]),
            joined([each.phone_numbers for each in contacts]),
        )

    async def allowed(
        self,
        standing: Standing,
        session: SessionContainer,
        functions: RecipeInterface[UserContext],
        user_context: UserContext,
    ) -> list[str]:
        """Return which of the application's second factors a user may set up now."""
        check = functions.assert_allowed_to_setup_factor_else_throw_invalid_claim_error
        found: list[str] = []
        for factor_id in dict.fromkeys(
            factor for owner in self.owners() for factor in owner.second_factors(self.services)
        ):
            try:
                await check(session, factor_id, standing.requirements, standing.has_set_up, user_context)
            except InvalidClaimsError:
                continue
            found.append(factor_id)
        return found

    def owners(self) -> list[FactorOwner]:
        """Return the recipes that have factors, in the order of the application's list."""
        owners = [each.owner for each in self.services.contributions(FactorsContribution)]
        return [each for each in owners if each is not None]


def joined(found: Sequence[Mapping[str, Sequence[str]]]) -> dict[str, list[str]]:
    """Return what several recipes say of their factors, as one."""
    return {factor: [*each] for of_recipe in found for factor, each in of_recipe.items()}
