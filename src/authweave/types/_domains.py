"""Domains and paths in one form."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from ._errors import ConfigurationError
from ._hosts import host_in_ascii, is_ip_address

HOST: Final = re.compile(r"(?!.*\.\.)[\w-][\w.-]*|[0-9a-f]*:[0-9a-f:.%]+")
"""A name of letters, digits, hyphens and dots, in any script, or an IPv6 address."""

IMPLIED_PORTS: Final = {"http": ":80", "https": ":443"}
"""What browsers leave out of an origin (RFC 6454, section 6.2)."""

PATH: Final = re.compile(r"[A-Za-z0-9._~/-]*")
"""What needs no escaping (RFC 3986, section 2.3): a path also goes into the attributes of cookies, as it is."""

URL: Final = re.compile(r"https?://[^/?#]*(?P<path>[^?#]*).*", re.IGNORECASE | re.DOTALL)

HOST_LIKE: Final = re.compile(r"[^/]*\.[^/]*(/.*)?|localhost([:/].*)?", re.IGNORECASE)
"""What may be a host with a path behind it, or a path without its slash. SuperTokens takes the first."""


def comparable_origin(written: str) -> str:
    """Return an origin in lower case, its host in ASCII (RFC 5891) and without the port that its scheme implies."""
    scheme, found, authority = written.lower().partition("://")
    host, colon, port = authority.removesuffix(IMPLIED_PORTS.get(scheme, " ")).partition(":")
    return f"{scheme}{found}{host_in_ascii(host)}{colon}{port}"


def normal_domain(written: str, field: str) -> str:
    """
    Return ``scheme://host[:port]`` of what was written; a dot in front of the host goes, and so does a path.

    Raises:
        ConfigurationError: it is no domain. What was written is shown, unless it may hold a password.
    """
    text = written.strip().lower()
    if any(character.isspace() for character in text):  # urlsplit would leave some of it out without a word
        raise ConfigurationError(domain_fault(written, field))
    try:
        named = urlsplit(text if "://" in text else f"//{text}")
        host = (named.hostname or "").removeprefix(".")
        if not HOST.fullmatch(host) or "@" in named.netloc:
            raise ConfigurationError(domain_fault(written, field))
        scheme = named.scheme or ("http" if host == "localhost" or is_ip_address(host) else "https")
        port = "" if named.port is None else f":{named.port}"
    except ValueError as error:
        raise ConfigurationError(domain_fault(written, field)) from error
    if scheme not in {"http", "https"}:
        raise ConfigurationError(domain_fault(written, field))
    return f"{scheme}://{f'[{host}]' if ':' in host else host}{port}"


def domain_fault(written: str, field: str) -> str:
    """Say what is wrong with a domain."""
    return (
        f"InputAppInfo: {field}={without_password(written)} is not a domain; write one like 'https://api.example.com'."
    )


def without_password(written: str) -> str:
    """Return what was written, unless a password may be in it."""
    return "'...@...'" if "@" in written else repr(written)


def normal_path(written: str, field: str) -> str:
    """
    Return a path with one slash in front and none at the end; of a whole URL, its path.

    Raises:
        ConfigurationError: it is no path, or may as well be a host.
    """
    text = written.strip()
    url = URL.fullmatch(text)
    trimmed = (text if url is None else url["path"]).strip("/")
    if not PATH.fullmatch(trimmed):
        raise ConfigurationError(
            f"InputAppInfo: {field}={without_password(written)} is not a path; write one like '/auth', of letters, "
            "digits and -._~."
        )
    if HOST_LIKE.fullmatch(text):
        raise ConfigurationError(
            f"InputAppInfo: {field}={without_password(written)} may be a host or a path: write '/{trimmed}' if it is a "
            "path, else a path alone."
        )
    return f"/{trimmed}" if trimmed else ""
