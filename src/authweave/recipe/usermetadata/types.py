"""What the functions of the recipe return."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import attrs

from authweave.types import Result


@attrs.frozen
class MetadataResult(Result):
    """
    What is kept with a user.

    Attributes:
        metadata: a copy: what is done to it changes nothing in the store. Empty where nothing is kept.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    # Not shown: it is the application's, and may be personal.
    metadata: dict[str, Any] = attrs.field(repr=False)  # Any: what it keeps there, the application knows


@attrs.frozen
class ClearUserMetadataResult(Result):
    """Nothing is kept with the user any more."""

    status: ClassVar[Literal["OK"]] = "OK"
