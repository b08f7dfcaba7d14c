"""What the recipe asks of a store. All methods block, and each is one transaction: see `authweave.storage`."""

from __future__ import annotations

from typing import Protocol

from authweave.types import JSON, JSONObject


class UserMetadataStore(Protocol):
    """A JSON object with each user. Ids of users are free texts: a user need not be known here."""

    def metadata_of_user(self, user_id: str) -> dict[str, JSON]:
        """Return what is kept with a user, always a new object; an empty one where nothing is."""
        ...

    def merge_metadata(self, user_id: str, update: JSONObject) -> dict[str, JSON]:
        """
        Merge into what is kept with a user, as `strict_json.merged` does, and return it.

        Of callers at once none undoes what another one merged under other keys.

        Raises:
            authweave.types.BadInputError: it is no JSON, or would be too long. Nothing was changed.
        """
        ...

    def clear_metadata(self, user_id: str) -> bool:
        """Delete what is kept with a user. Returns whether there was something."""
        ...
