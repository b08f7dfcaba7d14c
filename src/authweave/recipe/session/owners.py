"""Whose session it is that an application creates by itself, for a login method."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import attrs

from authweave.extending import Services
from authweave.storage import LinkedUserError
from authweave.types import RecipeUserId

from .container import SessionContainer


@attrs.frozen
class Owners:
    """Finds the users of login methods."""

    services: Services = attrs.field(repr=False)

    async def find(self, recipe_user_id: RecipeUserId) -> tuple[str, RecipeUserId]:
        """
        Return the user of a login method, and the login method, by the ids that APIs show.

        The id of a user who has no login method of that id any more stands for the oldest one. One that the store does
        not know is both: an application may keep its users elsewhere, and only its sessions here.
        """
        storage, named = self.services.storage, recipe_user_id.get_as_string()
        user = await self.services.at_once(storage.find_user, named)
        if user is None:
            return named, recipe_user_id
        shown = [method.recipe_user_id for method in user.login_methods]
        if recipe_user_id not in shown:
            mapping = await self.services.off_loop(storage.find_user_id_mapping, named, "SUPERTOKENS")
            by_mapping = RecipeUserId(named if mapping is None else mapping.external_user_id)
            recipe_user_id = by_mapping if by_mapping in shown else shown[0]
        return user.id, recipe_user_id

    async def session_of(
        self,
        recipe_user_id: RecipeUserId,
        create: Callable[[str, RecipeUserId], Awaitable[SessionContainer]],
    ) -> SessionContainer:
        """Create a session of whoever has a login method, also where it is linked or unlinked meanwhile."""
        try:
            return await create(*await self.find(recipe_user_id))
        except LinkedUserError:
            return await create(*await self.find(recipe_user_id))
