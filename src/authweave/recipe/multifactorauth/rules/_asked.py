"""What each API asks of the factors of a session (accounts contract, 2.3, 10.5, 10.6, 11.1 and 12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

Asked: TypeAlias = Literal["nothing", "may set up", "complete", "first factor"]

ASKED: Final[Mapping[str, Asked]] = {
    "a route of the application": "complete",
    "sign in or up, without a session": "first factor",
    "sign in or up, to link something new to the session's user": "may set up",
    "sign in with what is the session user's already": "nothing",
    "`PUT /mfa/info`": "nothing",
    "`POST /signout`": "nothing",
    "the APIs that verify addresses": "nothing",
    "`POST /totp/device`": "may set up",
    "`POST /totp/device/verify`": "may set up",
    "`POST /totp/device/remove`, of somebody who has a verified device": "complete",
    "`GET /totp/device/list`": "nothing",
    "`POST /totp/verify`": "nothing",
    "`POST /totp/recovery/codes`": "complete",
    "`GET /totp/recovery/codes`": "nothing",
    "`POST /totp/recovery/verify`": "nothing",
    "`POST /webauthn/credential`": "may set up",
    "`GET /webauthn/credential/list`": "nothing",
    "`POST /webauthn/credential/remove`": "complete",
}
"""By what is called."""

WORDS: Final[Mapping[Asked, str]] = {
    "nothing": "nothing",
    "may set up": "that the factor may be set up, by the table above",
    "complete": "that all that is asked for was shown: `v` is true",
    "first factor": "that the factor is a first one in the tenant",
}
"""How the page says it."""
