"""Passkeys as a second factor."""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import override

from authweave.extending import FactorContacts, FactorOwner, Services
from authweave.kernel import UserContext
from authweave.recipe.session import is_fake
from authweave.types import LoginMethod, RecipeUserId, User

from .recovery.tokens import RECIPE_ID


class PasskeyFactor(FactorOwner):
    """Passkeys as a second factor: whoever has a login method of the recipe has set it up."""

    @override
    def second_factors(self, services: Services) -> Sequence[str]:
        return (RECIPE_ID,)

    @override
    async def set_up_for(self, services: Services, user: User, user_context: UserContext) -> Sequence[str]:
        return (RECIPE_ID,) if any(each.recipe_id == RECIPE_ID for each in user.login_methods) else ()

    @override
    def contacts(self, services: Services, user: User, made_with: RecipeUserId) -> FactorContacts:
        return FactorContacts(emails={RECIPE_ID: addresses_of(user, made_with)})


def addresses_of(user: User, made_with: RecipeUserId) -> list[str]:
    """
    Return the addresses that a user's passkey may be for, the likeliest first.

    Those of login methods with passkeys, verified ones first; without such, any, that of the session first. What
    stands in for no address comes last.
    """
    oldest = sorted(user.login_methods, key=lambda each: each.time_joined)
    mine = sorted((each for each in oldest if each.recipe_id == RECIPE_ID), key=lambda each: not each.verified)
    found = emails_of(mine) if mine else emails_of(sorted(oldest, key=lambda each: each.recipe_user_id != made_with))
    real = [each for each in found if not is_fake(each)]
    return [*real, *(each for each in found if each not in real)] if mine else real or found


def emails_of(methods: Sequence[LoginMethod]) -> list[str]:
    """Return the addresses of login methods, without repetition."""
    return list(dict.fromkeys(each.email for each in methods if each.email is not None))
