"""What recipes say of the factors that people sign in with: those of a tenant, say."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import attrs

from authweave.kernel import UserContext
from authweave.types import LoginMethod, RecipeUserId, User

from ._services import Services


class FirstFactors(Protocol):
    """Says with which first factors people of a tenant may sign in."""

    async def __call__(self, services: Services, tenant_id: str, user_context: UserContext, /) -> Sequence[str] | None:
        """Return their ids, none for nobody; None where nothing was said, and all that recipes offer will do."""
        ...


@attrs.frozen(kw_only=True)
class FactorContacts:
    """
    Where codes of a recipe's factors may be sent to, or whose password or passkey it may be, the likeliest first.

    Attributes:
        emails: addresses by the factor's id (``{"otp-email": ["ann@example.com"]}``); an empty list where none is.
        phone_numbers: numbers, likewise.

    .. versionadded:: 0.1.0
    """

    emails: Mapping[str, Sequence[str]] = attrs.field(factory=dict[str, Sequence[str]])
    phone_numbers: Mapping[str, Sequence[str]] = attrs.field(factory=dict[str, Sequence[str]])


class FactorOwner(ABC):
    """
    A recipe whose login methods or devices are factors, as the recipe that asks for several meets it.

    .. versionadded:: 0.1.0
    """

    __slots__ = ()

    @abstractmethod
    def second_factors(self, services: Services) -> Sequence[str]:
        """Return the ids of the factors that may be a second one, in their order."""

    @abstractmethod
    async def set_up_for(self, services: Services, user: User, user_context: UserContext) -> Sequence[str]:
        """Return those of them that a user has set up."""

    def is_offered(self, factor_id: str) -> bool:
        """
        Return whether people may sign in with a factor, as far as this recipe says: it may have some that are off.

        Args:
            factor_id: one of this recipe, or of another, of which it says nothing against it.
        """
        del self, factor_id
        return True

    def shown_with(self, method: LoginMethod) -> Sequence[str]:
        """
        Return which of its factors somebody may have shown who signed in with a login method, the likeliest first.

        It is asked where a session does not say: one that the application made by itself, or an older one.
        """
        del self, method
        return ()

    def contacts(self, services: Services, user: User, made_with: RecipeUserId) -> FactorContacts:
        """
        Return where codes of these factors may be sent to, and the like.

        Args:
            services: those of the application.
            user: whose factors they are.
            made_with: the login method that the session was made with.
        """
        del self, services, user, made_with
        return FactorContacts()


@attrs.frozen
class FactorsContribution:
    """
    What a recipe says of the factors that people sign in with: it returns one from its `RecipeEntry.contributions`.

    Args:
        first_factors: says which first factors a tenant allows. Of several recipes the first that says something is
            followed.
        of_application: the first factors of all tenants that say nothing; None where they were not limited.
        owner: it has factors, as first or second ones.

    .. versionadded:: 0.1.0
    """

    first_factors: FirstFactors | None = None
    of_application: Sequence[str] | None = None
    owner: FactorOwner | None = None


async def first_factors_of(services: Services, tenant_id: str, user_context: UserContext) -> Sequence[str] | None:
    """
    Return the first factors with which people of a tenant may sign in; None where all that recipes offer will do.

    Raises:
        authweave.storage.StorageError: the store failed.

    .. versionadded:: 0.1.0
    """
    contributions = services.contributions(FactorsContribution)
    for contribution in contributions:
        if contribution.first_factors is not None:
            allowed = await contribution.first_factors(services, tenant_id, user_context)
            if allowed is not None:
                return allowed
    return next((each.of_application for each in contributions if each.of_application is not None), None)


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
