"""How long passwords and access tokens may be."""

from __future__ import annotations

from typing import Final

MAX_PASSWORD_BYTES: Final = 4096

MAX_ACCESS_TOKEN_CHARACTERS: Final = 8 * 1024
"""Longer tokens are refused before any work. Browsers keep no cookie of more than 4096 bytes anyway."""
