"""What the functions of the recipe return."""

from __future__ import annotations

import attrs

from authweave.types import JSON


@attrs.frozen
class MetadataResult:
    """
    What is kept with a user.

    Attributes:
        metadata: a copy: what is done to it changes nothing in the store. Empty where nothing is kept.
    """

    # Not shown: it is the application's, and may be personal.
    metadata: dict[str, JSON] = attrs.field(repr=False)


@attrs.frozen
class ClearUserMetadataResult:
    """Nothing is kept with the user any more."""
