"""Which hosts count as one site."""

from __future__ import annotations

import functools
import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from authweave.recipe.session.types import SameSite

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


def same_site_for(api_domain: str, website_domain: str) -> SameSite:
    """
    Return how strict cookies may be, for an API and a website as ``scheme://host[:port]``.

    ``none`` where registrable domain or scheme differ (RFC 6265bis, section 5.2, "schemeful same-site"), else
    ``lax``. Private suffixes count: ``a.github.io`` and ``b.github.io`` are two sites.
    """
    api, website = urlsplit(api_domain), urlsplit(website_domain)
    if api.scheme != website.scheme:
        return "none"
    if api.hostname == website.hostname:
        return "lax"
    return "lax" if site_of(api.hostname or "") == site_of(website.hostname or "") else "none"


def is_local(domain: str) -> bool:
    """Return whether ``scheme://host[:port]`` is localhost or an IPv4 address."""
    return is_local_host(urlsplit(domain).hostname or "")


def site_of(host: str) -> str:
    """Return the registrable domain of a host; ``localhost`` for IPv4 addresses; else the host itself."""
    if is_local_host(host):
        return "localhost"
    if ":" in host:
        return host
    return public_suffixes().privatesuffix(host) or host


def is_local_host(host: str) -> bool:
    """Return whether a host is localhost or an IPv4 address, which count as one site."""
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return host == "localhost"
    return True


def is_near(domain: str) -> bool:
    """
    Return whether ``scheme://host[:port]`` is this machine, or one of a private network.

    That is seen by its address, or by a name without a dot, which means nothing elsewhere.
    """
    host = urlsplit(domain).hostname or ""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith(".localhost")


def is_public_suffix(domain: str) -> bool:
    """Return whether anybody may have hosts below a domain, so that browsers keep no cookies for it."""
    host = domain.removeprefix(".")
    return not is_local_host(host) and public_suffixes().privatesuffix(host) is None


def covers(domain: str, host: str) -> bool:
    """Return whether a host is given the cookies of a domain, and may set some (RFC 6265, section 5.1.3)."""
    bare = domain.removeprefix(".")
    return host == bare or (host.endswith(f".{bare}") and not is_local_host(host))


@functools.cache
def public_suffixes() -> PublicSuffixList:
    """Parse the list that the package ships: some 60 ms, once, and only where two hosts have to be compared."""
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()
