"""What the recipe is told by `init`."""

from __future__ import annotations

import attrs


@attrs.frozen(kw_only=True)
class MultiFactorAuthConfig:
    """
    What `init` was told.

    Attributes:
        first_factors: with which factors people may sign in where their tenant does not say; None: with all that the
            recipes offer.
    """

    first_factors: tuple[str, ...] | None = None
