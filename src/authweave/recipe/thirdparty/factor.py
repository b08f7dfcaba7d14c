"""The sign-in with a provider as a factor, for the recipe that asks for several."""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import override

from authweave.extending import FactorOwner, Services
from authweave.kernel import UserContext
from authweave.types import LoginMethod, User

from .functions import RECIPE_ID


class ProviderFactor(FactorOwner):
    """A provider is a first factor, and never offered as a second one."""

    @override
    def second_factors(self, services: Services) -> Sequence[str]:
        return ()

    @override
    async def set_up_for(self, services: Services, user: User, user_context: UserContext) -> Sequence[str]:
        return ()

    @override
    def shown_with(self, method: LoginMethod) -> Sequence[str]:
        return (RECIPE_ID,) if method.recipe_id == RECIPE_ID else ()
