"""Several websites on one backend: the application says of which a request is."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

import attrs
from typing_extensions import override

from authweave.kernel import UserContext, current_context

from ._domains import normal_domain
from ._errors import ConfigurationError
from ._hosts import is_loopback
from ._requests import BaseRequest

OriginFunction: TypeAlias = Callable[
    [BaseRequest | None, Any],  # Any: the context, as the application declares it or as a dict
    str,
]
"""Returns the website that a request is of. It is not awaited."""

STRANGER: Final = "somebody-elses-page"
NOBODYS: Final = f"{STRANGER}.invalid"
"""A host that nobody can have (RFC 2606, section 2)."""

ADVICE: Final = (
    "compare what a request says with the websites that are yours, whole, and return one of those. Whom it names may "
    "send the application's forms, and gets the links in mails."
)

logger: Final = logging.getLogger("authweave.http")


@attrs.define(eq=False)
class Websites:
    """
    Asks the application of which website a request is.

    Attributes:
        ask: the application's function.
        otherwise: the website where that fails.
        told: the kinds of failures that the log was told of: a function that fails does so with every request.
    """

    ask: OriginFunction = attrs.field(repr=False)
    otherwise: str
    told: set[type[Exception]] = attrs.field(factory=set[type[Exception]], repr=False)

    def find(self, request: BaseRequest | None, user_context: UserContext | None = None) -> str:
        """Return the website of a request, in normal form."""
        try:
            return normal_domain(
                self.ask(request, current_context() if user_context is None else user_context), "origin"
            )
        except Exception as error:  # the application's own function: whatever it raises opens nothing
            if type(error) not in self.told:
                self.told.add(type(error))
                logger.exception(
                    "InputAppInfo(origin=...) failed for %s, so the website is %s. Logged once for each kind of error.",
                    "no request" if request is None else request.route,
                    self.otherwise,
                    extra={"event": "origin_failed"},
                )
            return self.otherwise


def websites_of(
    website_domain: str | None, origin: str | OriginFunction | None, api_domain: str
) -> tuple[str, Websites | None]:
    """
    Return the website, and with several what finds that of a request.

    Raises:
        ConfigurationError: there is none; or what is to find it fails without a request, or takes the request's word.
    """
    website = None if website_domain is None else normal_domain(website_domain, "website_domain")
    if isinstance(origin, str):
        return normal_domain(origin, "origin"), None
    if origin is None:
        if website is None:
            raise ConfigurationError(
                "InputAppInfo: neither website_domain= nor origin= is given: say where the frontend is served "
                "(website_domain='https://example.com')."
            )
        return website, None
    if website is None:
        try:
            website = normal_domain(origin(None, UserContext()), "origin")
        except Exception as error:
            raise ConfigurationError(
                "InputAppInfo: origin= fails where no request is being served, as for the mail that a script sends "
                f"({type(error).__name__}): return a website where the request is None, or give website_domain= too."
            ) from error
    if takes_any_page(origin, website):
        fault = f"InputAppInfo: origin= takes somebody else's page for the application's website: {ADVICE}"
        if not is_loopback(urlsplit(api_domain).hostname or ""):
            raise ConfigurationError(fault)
        logger.warning("%s", fault, extra={"event": "origin_takes_any_page"})  # nobody but the developer comes
    return website, Websites(origin, website)


@attrs.define(eq=False, repr=False)
class Stranger(BaseRequest):
    """A request of which every header and every query parameter names somebody else's page, or its host."""

    host: str = attrs.field(default="", kw_only=True)

    @override
    def get_header(self, key: str) -> str:
        if "host" in key.lower():
            return self.host
        return f"https://{self.host}{'/' if key.lower() == 'referer' else ''}"

    @override
    def get_query_param(self, key: str, default: str | None = None) -> str:
        return f"https://{self.host}"


def takes_any_page(origin: OriginFunction, website: str) -> bool:
    """
    Return whether a function names whatever page sends a request, or whatever host that says it goes to.

    It is tried with a host of nobody's, and with two that a careless comparison takes for the website's: one that
    begins with it (``example.com.invalid``), and one that ends with it and no dot in between (``not-example.com``).
    """
    host = urlsplit(website).hostname or ""
    parent, _, top = host.rpartition(".")
    ends_alike = f"{STRANGER}-{parent.rpartition('.')[2]}.{top}"
    if names(origin, NOBODYS) or names(origin, f"{host}.{NOBODYS}"):
        return True
    return names(origin, ends_alike) and not names(origin, f"{STRANGER}.{top}")  # who takes those has all below `top`


def names(origin: OriginFunction, host: str) -> bool:
    """Return whether a function names the page of a host that sends a request."""
    request = Stranger("post", "/", host=host)
    try:
        return urlsplit(normal_domain(origin(request, UserContext()), "origin")).hostname == host
    except Exception:  # noqa: BLE001  the application's own function, which refuses strangers
        return False
