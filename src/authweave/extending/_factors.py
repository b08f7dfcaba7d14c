"""What recipes say of the factors that people sign in with: those of a tenant, say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import attrs

from authweave.kernel import UserContext

from ._services import Services


class FirstFactors(Protocol):
    """Says with which first factors people of a tenant may sign in."""

    async def __call__(self, services: Services, tenant_id: str, user_context: UserContext, /) -> Sequence[str] | None:
        """Return their ids, none for nobody; None where nothing was said, and all that recipes offer will do."""
        ...


@attrs.frozen
class FactorsContribution:
    """
    What a recipe says of the factors that people sign in with: it returns one from its `RecipeEntry.contributions`.

    Args:
        first_factors: says which first factors a tenant allows. Of several recipes the first that says something is
            followed.

    .. versionadded:: 0.1.0
    """

    first_factors: FirstFactors


async def first_factors_of(services: Services, tenant_id: str, user_context: UserContext) -> Sequence[str] | None:
    """
    Return the first factors with which people of a tenant may sign in; None where all that recipes offer will do.

    Raises:
        authweave.storage.StorageError: the store failed.

    .. versionadded:: 0.1.0
    """
    for contribution in services.contributions(FactorsContribution):
        allowed = await contribution.first_factors(services, tenant_id, user_context)
        if allowed is not None:
            return allowed
    return None


async def valid_first_factors(
    services: Services, offered: Iterable[str], tenant_id: str, user_context: UserContext
) -> list[str]:
    """
    Return those of some first factors with which people of a tenant may sign in, in the order in which they are given.

    Args:
        services: those of the application.
        offered: the ids of factors that recipes offer.
        tenant_id: the tenant.
        user_context: that of the request.

    Raises:
        authweave.storage.StorageError: the store failed.

    .. versionadded:: 0.1.0
    """
    allowed = await first_factors_of(services, tenant_id, user_context)
    return [each for each in offered if allowed is None or each in allowed]
