"""The factors that a session was made with, as recipes that sign people in tell of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence

import attrs

from authweave.extending import Services
from authweave.kernel import UserContext
from authweave.types import LoginMethod, RecipeUserId, User

from .container import SessionContainer
from .transport.sign_ins import is_fake


class SessionFactors(ABC):
    """
    The recipe that asks for several factors, as others meet it: `session_factors` finds it.

    .. versionadded:: 0.1.0
    """

    __slots__ = ()

    @abstractmethod
    async def mark_complete(self, session: SessionContainer, factor_id: str, user_context: UserContext) -> None:
        """Note that a session's user has just shown a factor."""

    @abstractmethod
    async def require_may_set_up(self, session: SessionContainer, factor_id: str, user_context: UserContext) -> None:
        """
        Check that a session's user may set up a factor now.

        Raises:
            authweave.errors.InvalidClaimsError: other factors have to be shown first.
        """

    @abstractmethod
    async def require_complete(self, session: SessionContainer, user_context: UserContext) -> None:
        """
        Check that a session's user has shown all factors that are asked for today, whatever the session says.

        Raises:
            authweave.errors.InvalidClaimsError: some are missing.
        """

    @abstractmethod
    async def is_required_besides(self, user: User, factor_ids: Sequence[str], user_context: UserContext) -> bool:
        """Return whether another factor is required of a user than these."""


@attrs.frozen
class SessionFactorsContribution:
    """
    The recipe that asks for several factors: it returns one from its `RecipeEntry.contributions`.

    Args:
        factors: returns it, when it is needed first.

    .. versionadded:: 0.1.0
    """

    factors: Callable[[Services], SessionFactors]


def session_factors(services: Services) -> SessionFactors | None:
    """Return the recipe that asks for several factors; None where the application asks for one."""
    contributed = services.contributions(SessionFactorsContribution)
    return contributed[0].factors(services) if contributed else None


def likely_emails(user: User, recipe_id: str, made_with: RecipeUserId) -> list[str]:
    """
    Return by which addresses a user may have a recipe's factor, or may get it: the likeliest first.

    These are the addresses of his login methods of the recipe, those that were verified before the others; where he has
    none, those of all his login methods. Addresses that stand in for none come last, and only where there is no other
    for a factor that he does not have. That of the session's own login method comes before all.

    Args:
        user: whose they are.
        recipe_id: that of the login methods that are the factor.
        made_with: the login method that the session was made with.
    """
    own = [each for each in user.login_methods if each.recipe_id == recipe_id]
    if own:
        verified = sorted(own, key=lambda each: not each.verified)
        found = sorted(emails_of(verified), key=is_fake)
    else:
        all_of_user = emails_of(sorted(user.login_methods, key=lambda each: each.time_joined))
        found = [each for each in all_of_user if not is_fake(each)] or all_of_user
    first = emails_of(each for each in user.login_methods if each.recipe_user_id == made_with)
    return [*(each for each in first if each in found), *(each for each in found if each not in first)]


def emails_of(methods: Iterable[LoginMethod]) -> list[str]:
    """Return the addresses of login methods, without repetition."""
    return [*dict.fromkeys(each.email for each in methods if each.email is not None)]
