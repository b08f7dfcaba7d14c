"""What a recipe says of how people sign in with it."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from authweave.types import JSON, JSONObject


@attrs.frozen
class OfferedLogin:
    """
    A way to sign in that a recipe offers.

    Attributes:
        name: as the frontends call it: ``emailPassword``, ``thirdParty``, ``passwordless``, ``webauthn``.
        factors: the first factors that it stands for, by their ids (``otp-email``). Without any it
            is not offered, and its details are shown all the same.
        details: what the frontends are told beside (``{"providers": [{"id": "google", "name": "Google"}]}``).
    """

    name: str
    factors: Sequence[str]
    details: JSONObject = attrs.field(factory=dict[str, JSON])
