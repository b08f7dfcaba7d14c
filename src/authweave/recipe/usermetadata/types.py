"""What the functions of the recipe return."""

from __future__ import annotations

from typing import ClassVar, Literal

import attrs

from authweave.types import JSON, Result


@attrs.frozen
class MetadataResult(Result):
    """
    What is kept with a user.

    Attributes:
        metadata: a copy: what is done to it changes nothing in the store. Empty where nothing is kept.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    # Not shown: it is the application's, and may be personal.
    metadata: dict[str, JSON] = attrs.field(repr=False)


@attrs.frozen
class ClearUserMetadataResult(Result):
    """Nothing is kept with the user any more."""

    status: ClassVar[Literal["OK"]] = "OK"
