"""URLs as the HTTP client reads them."""

from __future__ import annotations

import httpx2

from .settings import OAuthSettings


def safe_address(url: str, settings: OAuthSettings) -> httpx2.URL | None:
    """Read a URL that a request, or a user, may be sent to: HTTPS, or HTTP to a host that may do without; else None."""
    try:
        address = httpx2.URL(url)
    except (httpx2.InvalidURL, UnicodeError):
        return None
    secure = address.scheme == "https" or (address.scheme == "http" and address.host in settings.insecure_hosts)
    return address if secure and address.host else None
