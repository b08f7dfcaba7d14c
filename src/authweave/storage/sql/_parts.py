"""Parts that a store was opened without."""

from __future__ import annotations

from authweave.storage._part import StorePart
from authweave.types import ConfigurationError


def not_opened_with(part: StorePart[object]) -> ConfigurationError:
    """Return the error for a part that a store was opened without."""
    return ConfigurationError(
        f"The store was opened without its part {part.name!r}: hand it to open_storage, parts=[...], or open "
        "the store by its URL in init, which adds those of the recipes that are listed."
    )
