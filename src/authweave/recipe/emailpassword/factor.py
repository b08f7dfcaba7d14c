"""The password as a factor, for the recipe that asks for several."""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import override

from authweave.extending import FactorContacts, FactorOwner, Services
from authweave.kernel import UserContext
from authweave.recipe.session import likely_emails
from authweave.types import FAKE_EMAIL_DOMAIN, LoginMethod, RecipeUserId, User

from .functions import RECIPE_ID


class PasswordFactor(FactorOwner):
    """A password is a first factor, or a second one beside a passkey, say."""

    @override
    def second_factors(self, services: Services) -> Sequence[str]:
        return (RECIPE_ID,)

    @override
    async def set_up_for(self, services: Services, user: User, user_context: UserContext) -> Sequence[str]:
        return (RECIPE_ID,) if any(each.recipe_id == RECIPE_ID for each in user.login_methods) else ()

    @override
    def shown_with(self, method: LoginMethod) -> Sequence[str]:
        return (RECIPE_ID,) if method.recipe_id == RECIPE_ID else ()

    @override
    def contacts(self, services: Services, user: User, made_with: RecipeUserId) -> FactorContacts:
        """Return the likeliest addresses; one that stands in for none where a user has none: a form needs some."""
        found = likely_emails(user, RECIPE_ID, made_with)
        return FactorContacts(emails={RECIPE_ID: found or [f"{made_with.get_as_string()}@{FAKE_EMAIL_DOMAIN}"]})
