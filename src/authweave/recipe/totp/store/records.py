"""What a store keeps of devices."""

from __future__ import annotations

from typing import Final

import attrs

from authweave.storage import check_text
from authweave.types import BadInputError

MAX_SECRET_CHARACTERS: Final = 512
"""Of a sealed secret; one of 20 bytes has about 100."""

MAX_DEVICES: Final = 20
"""How many devices a user may have."""


@attrs.frozen(kw_only=True)
class TOTPDevice:
    """
    A device that makes one-time passwords.

    Attributes:
        user_id: whose it is, by the id that APIs show.
        name: unique among his.
        secret: what it shares with the server, sealed by the caller. No two seals are the same.
        period_s: how long a step is.
        skew: how many steps earlier and later count as well.
        verified: whether a code of it was shown once.
        created_at_ms: when it was added.
    """

    user_id: str
    name: str
    secret: str = attrs.field(repr=False)
    period_s: int
    skew: int
    verified: bool
    created_at_ms: int


def check_device(device: TOTPDevice) -> None:
    """
    Check all texts of a device.

    Raises:
        authweave.types.BadInputError: see `authweave.storage.check_text`.
    """
    check_text(device.user_id, "user_id")
    check_text(device.name, "device_name")
    check_text(device.secret, "secret", MAX_SECRET_CHARACTERS)


def require_few(number: int) -> None:
    """
    Check that a user may have so many devices.

    Raises:
        authweave.types.BadInputError: they are too many.
    """
    if number > MAX_DEVICES:
        raise BadInputError(f"A user has at most {MAX_DEVICES} TOTP devices: remove one that is not used any more.")
