"""The functions of the usermetadata recipe, as they are without overrides."""

from __future__ import annotations

from typing_extensions import override

from authweave.extending import Services
from authweave.kernel import overridable
from authweave.types import JSONObject

from .interfaces import ContextT_contra, RecipeInterface
from .store import USER_METADATA, UserMetadataStore
from .types import ClearUserMetadataResult, MetadataResult


class RecipeImplementation(RecipeInterface[ContextT_contra]):
    """The functions without overrides. Each is one hop to the store."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.store: UserMetadataStore = services.storage.part(USER_METADATA)

    @overridable
    @override
    async def get_user_metadata(self, user_id: str, user_context: ContextT_contra) -> MetadataResult:
        return MetadataResult(await self.services.off_loop(self.store.metadata_of_user, user_id))

    @overridable
    @override
    async def update_user_metadata(
        self, user_id: str, metadata_update: JSONObject, user_context: ContextT_contra
    ) -> MetadataResult:
        return MetadataResult(await self.services.off_loop(self.store.merge_metadata, user_id, metadata_update))

    @overridable
    @override
    async def clear_user_metadata(self, user_id: str, user_context: ContextT_contra) -> ClearUserMetadataResult:
        await self.services.off_loop(self.store.clear_metadata, user_id)
        return ClearUserMetadataResult()
