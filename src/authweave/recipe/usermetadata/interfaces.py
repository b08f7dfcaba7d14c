"""The functions of the usermetadata recipe. It has no APIs: what is kept is the application's to show."""

from __future__ import annotations

from typing import Protocol

from typing_extensions import TypeVar

from authweave.kernel import Interface, UserContext, overridable
from authweave.types import JSONObject, UncheckedJSON

from .types import ClearUserMetadataResult, MetadataResult

__all__ = ["APIInterface", "ClearUserMetadataResult", "JSONObject", "MetadataResult", "RecipeInterface"]

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, contravariant=True)


class APIInterface(Protocol):
    """The APIs of the recipe: there are none. It is here for overrides that were written for SuperTokens."""


class RecipeInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """The functions of the recipe. Each may be overridden."""

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def get_user_metadata(self, user_id: str, user_context: ContextT_contra) -> MetadataResult:
        """Return what is kept with a user; nothing for a user that there is not."""
        ...

    @overridable
    async def update_user_metadata(self, user_id: str, metadata_update: UncheckedJSON, user_context: ContextT_contra) -> MetadataResult:
        """Merge into what is kept with a user: a key at the top is replaced whole, and None at the top removes its key."""
        ...

    @overridable
    async def clear_user_metadata(self, user_id: str, user_context: ContextT_contra) -> ClearUserMetadataResult:
        """Delete all that is kept with a user, also what the library keeps there."""
        ...
    # fmt: on
