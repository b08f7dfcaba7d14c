"""Where requests, and users, may be sent."""

from __future__ import annotations

import re
from typing import Final

from authweave.recipe.thirdparty.exceptions import ProviderAnswerError

from .settings import OAuthSettings

PLAIN: Final = re.compile(
    r"https://(?!(?:.*[./])?xn--)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(?:/[A-Za-z0-9_~-]+(?:\.[A-Za-z0-9_~-]+)*)*/?"
)
"""A URL that reads the same for everybody: those of well-known providers, for which no parser has to be loaded."""


def checked_url(third_party_id: str, url: str, settings: OAuthSettings) -> str:
    """
    Check where a user is about to be sent; return the URL in normal form.

    Raises:
        ProviderAnswerError: it is no URL, or not HTTPS.
    """
    safe = safe_url(url, settings)
    if safe is None:
        raise not_https(third_party_id)
    return safe


def safe_url(url: str, settings: OAuthSettings) -> str | None:
    """Return, in normal form, a URL that a request, or a user, may be sent to; None for any other."""
    if PLAIN.fullmatch(url):
        return url
    from .parsed_address import safe_address  # noqa: PLC0415  loads the HTTP client

    address = safe_address(url, settings)
    return None if address is None else str(address)


def not_https(third_party_id: str) -> ProviderAnswerError:
    """Return the error of an endpoint to which nobody is sent."""
    message = f"Provider {third_party_id!r} has an endpoint that is no https:// URL: correct its configuration."
    return ProviderAnswerError(third_party_id, message)
