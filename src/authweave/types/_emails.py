"""Addresses, as all recipes compare them."""

from __future__ import annotations

from typing import Final

FAKE_EMAIL_DOMAIN: Final = "stfakeemail.supertokens.com"
"""Of addresses that stand in for none: nobody gets mail there (docs/reference/http.md, Coming back from a provider)."""


def normal_email(email: str) -> str:
    """Return an address as it is stored and compared: trimmed, in lower case."""
    return email.strip().lower()
