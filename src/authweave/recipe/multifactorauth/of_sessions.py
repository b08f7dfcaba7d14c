"""The recipe as those that sign people in meet it."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
from typing_extensions import override

from authweave.extending import Services
from authweave.kernel import UserContext
from authweave.recipe.session import EmptySession, SessionContainer, SessionFactors
from authweave.types import User

from .multi_factor_auth_claim import MultiFactorAuthClaim
from .recipe import MultiFactorAuthRecipe


@attrs.frozen
class FactorsOfSessions(SessionFactors):
    """Notes factors in sessions, and asks for them. All of it goes by the composed functions."""

    recipe: MultiFactorAuthRecipe

    @classmethod
    def of(cls, services: Services) -> FactorsOfSessions:
        """Return that of an application."""
        return cls(services.recipe(MultiFactorAuthRecipe))

    @override
    async def mark_complete(self, session: SessionContainer, factor_id: str, user_context: UserContext) -> None:
        if not isinstance(session, EmptySession):  # an override has seen to it that there is none
            await self.recipe.for_any_context.mark_factor_as_complete_in_session(session, factor_id, user_context)

    @override
    async def require_may_set_up(self, session: SessionContainer, factor_id: str, user_context: UserContext) -> None:
        standing = await self.recipe.standings.of(session, user_context)
        check = self.recipe.for_any_context.assert_allowed_to_setup_factor_else_throw_invalid_claim_error
        await check(session, factor_id, standing.requirements, standing.has_set_up, user_context)

    @override
    async def require_complete(self, session: SessionContainer, user_context: UserContext) -> None:
        # Of today: a session of before more was required says that all was shown.
        await self.recipe.standings.of(session, user_context)
        validators = MultiFactorAuthClaim.validators
        await session.assert_claims([validators.has_completed_mfa_requirements_for_auth()], user_context)

    @override
    async def is_required_besides(self, user: User, factor_ids: Sequence[str], user_context: UserContext) -> bool:
        required_of = self.recipe.for_any_context.get_required_secondary_factors_for_user
        required = await required_of(user.id, user_context)
        return bool(required) and set(required).isdisjoint(factor_ids)
