"""Addresses, as all recipes compare them."""

from __future__ import annotations

from typing import Final

FAKE_EMAIL_DOMAIN: Final = "stfakeemail.supertokens.com"
"""Where the addresses of users live whose provider gave none (wire contract, section 14). Nobody gets mail there."""


def normal_email(email: str) -> str:
    """Return an address as it is stored and compared: trimmed, in lower case."""
    return email.strip().lower()
