"""Passkeys as a second factor."""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import override

from authweave.extending import FactorContacts, FactorOwner, Services
from authweave.kernel import UserContext
from authweave.recipe.session import likely_emails
from authweave.types import LoginMethod, RecipeUserId, User

from .recovery.tokens import RECIPE_ID


class PasskeyFactor(FactorOwner):
    """Passkeys as a second factor: whoever has one has set it up, and not who has removed the last."""

    @override
    def second_factors(self, services: Services) -> Sequence[str]:
        return (RECIPE_ID,)

    @override
    async def set_up_for(self, services: Services, user: User, user_context: UserContext) -> Sequence[str]:
        return (RECIPE_ID,) if user.webauthn.credential_ids else ()

    @override
    def shown_with(self, method: LoginMethod) -> Sequence[str]:
        return (RECIPE_ID,) if method.recipe_id == RECIPE_ID else ()

    @override
    def contacts(self, services: Services, user: User, made_with: RecipeUserId) -> FactorContacts:
        return FactorContacts(emails={RECIPE_ID: likely_emails(user, RECIPE_ID, made_with)})
