"""The functions that are about several sessions at once, as they are without overrides."""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import override

from authweave.extending import Services
from authweave.kernel import overridable

from .interfaces import ContextT_contra, RecipeInterface


class ListingImplementation(RecipeInterface[ContextT_contra]):
    """What `RecipeImplementation` does with several sessions at once."""

    services: Services

    @overridable
    @override
    async def get_all_session_handles_for_user(
        self,
        user_id: str,
        fetch_across_all_tenants: bool | None,
        tenant_id: str,
        user_context: ContextT_contra,
    ) -> list[str]:
        tenant = tenant_id if fetch_across_all_tenants is False else None
        find = self.services.storage.session_handles_of_user
        return list(await self.services.off_loop(find, user_id, tenant, self.services.clock()))

    @overridable
    @override
    async def revoke_multiple_sessions(
        self, session_handles: Sequence[str], user_context: ContextT_contra
    ) -> list[str]:
        return [handle for handle in session_handles if await self.revoke_session(handle, user_context)]
