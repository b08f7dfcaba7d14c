"""What the totp recipe is told by `init`, in normal form, and its fixed numbers."""

from __future__ import annotations

from typing import Final

import attrs

RECIPE_ID: Final = "totp"

FACTOR: Final = "totp"
"""The id of the factor, which recovery codes show as well."""

DIGITS: Final = 6
SECRET_BYTES: Final = 20
"""Of a new secret: as long as the hash (RFC 4226, section 4, R6)."""

SKEW: Final = 1
PERIOD_S: Final = 30
"""As RFC 6238 has them (sections 5.2 and 4.1)."""

MAX_SKEW: Final = 10
MAX_PERIOD_S: Final = 3_600
"""What a device may be made with: each step that counts as well is one more code to guess, and one more hash."""

RECOVERY_CODES: Final = 10
"""How many are made at once."""


@attrs.frozen(kw_only=True)
class NormalisedTOTPConfig:
    """
    What `init` was told.

    Attributes:
        issuer: what apps show above the account.
        default_skew: how many codes earlier and later count as well.
        default_period: how many seconds a code lasts.
    """

    issuer: str
    default_skew: int = SKEW
    default_period: int = PERIOD_S


def skew_fault(skew: int) -> str | None:
    """Say what is wrong with a number of steps; None where nothing is."""
    return None if 0 <= skew <= MAX_SKEW else f"has to be from 0 to {MAX_SKEW} steps"


def period_fault(period_s: int) -> str | None:
    """Say what is wrong with the length of a step; None where nothing is."""
    return None if 1 <= period_s <= MAX_PERIOD_S else f"has to be from 1 to {MAX_PERIOD_S} seconds"
