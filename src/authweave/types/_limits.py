"""How long texts from outside may be, where several rooms have to agree."""

from __future__ import annotations

from typing import Final

MAX_ADDRESS_CHARACTERS: Final = 254
"""Of an address that mail can reach: a path has at most 256 octets with its brackets (RFC 5321, section 4.5.3.1.3)."""

MAX_EMAIL_CHARACTERS: Final = 320
"""Of an address as it is stored: those made up for users whose provider gave none hold the user's id there."""

MAX_SUBJECT_CHARACTERS: Final = 255
"""Of a provider's id of a user: OpenID Connect Core, section 2."""

MAX_PROVIDER_TOKEN_CHARACTERS: Final = 16 * 1024
"""Of a token that a provider made. Those with groups and pictures in them have a few thousand."""
