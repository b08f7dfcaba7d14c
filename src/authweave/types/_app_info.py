"""Where an application lives: its name, its domains and its base paths."""

from __future__ import annotations

from typing import Final

import attrs

from authweave.kernel import UserContext

from ._domains import PATH, comparable_origin, normal_domain, normal_path
from ._options import Options, or_default
from ._requests import BaseRequest
from ._websites import OriginFunction, Websites, websites_of

BASE_PATH: Final = "/auth"


@attrs.frozen
class InputAppInfo(Options):
    """
    What ``init`` is told of the application, as written. None means the default everywhere.

    Of a domain its scheme, host and port are kept, of a path given as a whole URL the path.

    Args:
        app_name: shown to people.
        api_domain: where this backend answers (``https://api.example.com``); without a scheme ``https://`` is
            meant, for localhost and IP addresses ``http://``.
        api_gateway_path: what a gateway in front takes off the path. Browsers write it, so it is in the paths of
            cookies and in the addresses that are handed out; requests arrive without it.
        api_base_path: under which path the library's own routes live.
        website_base_path: under which path the frontend has its pages.
        website_domain: where the frontend is served. It may be left out where ``origin`` says it.
        origin: where the frontend is served, and comes before ``website_domain``: a text; or, for several websites on
            one backend, a function of the request (None where none is being served) and the user context that
            returns one of them. It is asked for each request, is not awaited, and has to compare what the request
            says with the websites that there are: what it returns may send forms, open WebSockets and get the links
            in mails. Where it fails, ``website_domain`` holds, or what it returned for no request when the
            application began; the log says so (``origin_failed``).
    """

    app_name: str
    api_domain: str
    api_gateway_path: str | None = ""
    api_base_path: str | None = BASE_PATH
    website_base_path: str | None = BASE_PATH
    website_domain: str | None = None
    origin: str | OriginFunction | None = None

    def normalised(self) -> AppInfo:
        """
        Bring domains and paths to one form. A function for ``origin`` is tried with pages of others.

        Raises:
            authweave.types.ConfigurationError: a domain cannot be read, or a path cannot be one; there is no website;
                or ``origin`` takes somebody else's page for the application's own.
        """
        gateway = normal_path(or_default(self.api_gateway_path, ""), "api_gateway_path")
        base = normal_path(or_default(self.api_base_path, BASE_PATH), "api_base_path")
        website_base = or_default(self.website_base_path, BASE_PATH)
        api_domain = normal_domain(self.api_domain, "api_domain")
        website_domain, websites = websites_of(self.website_domain, self.origin, api_domain)
        return AppInfo(
            app_name=self.app_name,
            api_domain=api_domain,
            website_domain=website_domain,
            api_gateway_path=gateway,
            api_base_path=gateway + base,
            website_base_path=normal_path(website_base, "website_base_path"),
            websites=websites,
        )


@attrs.frozen(kw_only=True)
class AppInfo:
    """
    The same in normal form.

    Domains are ``scheme://host[:port]`` in lower case; paths start with one slash and end with none, and the root is
    the empty path.

    Attributes:
        website_domain: the website; with several, the main one, for whom nothing says which it is (`get_origin`).
        api_base_path: as browsers write it, with what the gateway takes off.
        api_gateway_path: what the gateway takes off.
        websites: tells of which website a request is; None where there is one.
    """

    app_name: str
    api_domain: str
    website_domain: str
    api_base_path: str
    website_base_path: str
    api_gateway_path: str = ""
    websites: Websites | None = attrs.field(default=None, repr=False, eq=False)

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

    def get_origin(self, request: BaseRequest | None, user_context: UserContext | None = None) -> str:
        """
        Return the website that a request is of, as ``scheme://host[:port]``.

        Args:
            request: the request that is being served; None where none is.
            user_context: handed to the application's function; the current one by default.
        """
        return self.website_domain if self.websites is None else self.websites.find(request, user_context)

    def has_origin(self, origin: str, request: BaseRequest | None = None) -> bool:
        """
        Return whether an ``Origin`` (RFC 6454, section 7) is the API's or the website's.

        Args:
            origin: it.
            request: whose origin it is: with several websites, it may be that of the one which the request is of.
        """
        if not origin.isascii():  # browsers write hosts in ASCII
            return False
        wanted = comparable_origin(origin)
        if any(comparable_origin(each) == wanted for each in (self.api_domain, self.website_domain)):
            return True
        return self.websites is not None and comparable_origin(self.websites.find(request)) == wanted


def is_below(path: str, other: str) -> bool:
    """Return whether a path is another or begins with its segments."""
    return f"{path}/".startswith(f"{other}/")
