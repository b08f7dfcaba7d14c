"""What the functions of the recipe return."""

from __future__ import annotations

from typing import Any

import attrs


@attrs.frozen
class MetadataResult:
    """
    What is kept with a user.

    Attributes:
        metadata: a copy: what is done to it changes nothing in the store. Empty where nothing is kept.
    """

    # Not shown: it is the application's, and may be personal.
    metadata: dict[str, Any] = attrs.field(repr=False)  # Any: what it keeps there, the application knows


@attrs.frozen
class ClearUserMetadataResult:
    """Nothing is kept with the user any more."""
