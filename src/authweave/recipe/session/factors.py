"""The factors that a session was made with, as recipes that sign people in tell of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

import attrs

from authweave.extending import Services
from authweave.kernel import UserContext

from .container import SessionContainer


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
        Check that a session's user has shown all factors that are asked for.

        Raises:
            authweave.errors.InvalidClaimsError: some are missing.
        """


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
