"""Where an application lives: its name, its domains and its base paths."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

import attrs

from ._errors import ConfigurationError
from ._hosts import is_ip_address
from ._options import Options

HOST: Final = re.compile(r"[\w.-]+|[0-9a-f:.%]+")
"""A name of letters, digits, hyphens and dots, in any script, or an IPv6 address."""

IMPLIED_PORTS: Final = {"http": ":80", "https": ":443"}
"""What browsers leave out of an origin (RFC 6454, section 6.2)."""

PATH: Final = re.compile(r"[A-Za-z0-9._~/-]*")
"""What needs no escaping (RFC 3986, section 2.3): a path also goes into the attributes of cookies, as it is."""


@attrs.frozen
class InputAppInfo(Options):
    """
    What ``init`` is told of the application, as written.

    Args:
        app_name: shown to people.
        api_domain: where this backend answers (``https://api.example.com``); without a scheme ``https://`` is
            meant, for localhost and IP addresses ``http://``.
        website_domain: where the frontend is served.
        api_gateway_path: what a gateway in front takes off the path. Browsers write it, so it is in the paths of
            cookies and in the addresses that are handed out; requests arrive without it.
        api_base_path: under which path the library's own routes live.
        website_base_path: under which path the frontend has its pages.
    """

    app_name: str
    api_domain: str
    website_domain: str
    api_gateway_path: str = ""
    api_base_path: str = "/auth"
    website_base_path: str = "/auth"

    def normalised(self) -> AppInfo:
        """
        Bring domains and paths to one form.

        Raises:
            authweave.types.ConfigurationError: a domain cannot be read, or a path cannot be one.
        """
        gateway = normal_path(self.api_gateway_path, "api_gateway_path")
        base = normal_path(self.api_base_path, "api_base_path")
        return AppInfo(
            app_name=self.app_name,
            api_domain=normal_domain(self.api_domain, "api_domain"),
            website_domain=normal_domain(self.website_domain, "website_domain"),
            api_gateway_path=gateway,
            api_base_path=gateway + base,
            website_base_path=normal_path(self.website_base_path, "website_base_path"),
        )


@attrs.frozen(kw_only=True)
class AppInfo:
    """
    The same in normal form.

    Domains are ``scheme://host[:port]`` in lower case; paths start with one slash and end with none, and the root is
    the empty path.

    Attributes:
        api_base_path: as browsers write it, with what the gateway takes off.
        api_gateway_path: what the gateway takes off.
    """

    app_name: str
    api_domain: str
    website_domain: str
    api_base_path: str
    website_base_path: str
    api_gateway_path: str = ""

    @property
    def served_base_path(self) -> str:
        """The base path as requests arrive, without what the gateway took off."""
        return self.api_base_path.removeprefix(self.api_gateway_path)

    def base_path_below(self, root_path: str) -> str:
        """
        Return the base path as a browser writes it, for requests that come with a root path (ASGI).

        A gateway may take off what the root path says, or more than that; and the base path may say it already. A root
        path that could not stand in a cookie's attributes, with a parameter of a mount in it say, is left out.
        """
        gateway, served = self.api_gateway_path, self.served_base_path
        if not PATH.fullmatch(root_path) or gateway.endswith(root_path) or is_below(served, root_path):
            return self.api_base_path
        return (root_path if is_below(root_path, gateway) else gateway + root_path) + served

    @property
    def website_origin(self) -> str:
        """The website's origin, as browsers write it in the header ``Origin`` (RFC 6454, section 6.2)."""
        return comparable_origin(self.website_domain)

    def has_origin(self, origin: str) -> bool:
        """Return whether an ``Origin`` (RFC 6454, section 7) is the API's or the website's."""
        if not origin.isascii():  # browsers write hosts in ASCII
            return False
        wanted = comparable_origin(origin)
        return any(comparable_origin(each) == wanted for each in (self.api_domain, self.website_domain))


def is_below(path: str, other: str) -> bool:
    """Return whether a path is another or begins with its segments."""
    return f"{path}/".startswith(f"{other}/")


def comparable_origin(written: str) -> str:
    """Return an origin in lower case, its host in ASCII (RFC 5891) and without the port that its scheme implies."""
    scheme, found, authority = written.lower().partition("://")
    if not authority.isascii():
        with suppress(UnicodeError):  # no browser has such a host
            authority = authority.encode("idna").decode("ascii")
    return f"{scheme}{found}{authority.removesuffix(IMPLIED_PORTS.get(scheme, ' '))}"


def normal_domain(written: str, field: str) -> str:
    """Return ``scheme://host[:port]`` of what was written."""
    text = written.strip().lower()
    if any(character.isspace() for character in text):  # urlsplit would leave some of it out without a word
        raise ConfigurationError(domain_fault(written, field))
    try:
        host = urlsplit(text if "://" in text else f"//{text}").hostname
        if not host or not HOST.fullmatch(host):
            raise ConfigurationError(domain_fault(written, field))
        if "://" not in text:
            text = f"{'http' if host == 'localhost' or is_ip_address(host) else 'https'}://{text}"
        parts = urlsplit(text)
        port = "" if parts.port is None else f":{parts.port}"
    except ValueError as error:
        raise ConfigurationError(domain_fault(written, field)) from error
    if parts.scheme not in {"http", "https"}:
        raise ConfigurationError(domain_fault(written, field))
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"


def domain_fault(written: str, field: str) -> str:
    """Say what is wrong with a domain."""
    return f"InputAppInfo: {field}={written!r} is not a domain; write one like 'https://api.example.com'."


def normal_path(written: str, field: str) -> str:
    """Return a path with one slash in front and none at the end."""
    trimmed = written.strip().strip("/")
    if not PATH.fullmatch(trimmed):
        raise ConfigurationError(
            f"InputAppInfo: {field}={written!r} is not a path; write one like '/auth', of letters, digits and -._~."
        )
    return f"/{trimmed}" if trimmed else ""
