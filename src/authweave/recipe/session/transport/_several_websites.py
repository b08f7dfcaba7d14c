"""What differs by the website that a request is of, where there are several (`InputAppInfo.origin`)."""

from __future__ import annotations

from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

import attrs

from authweave.http import is_own_origin
from authweave.recipe.session.types import AntiCsrfMode, SameSite
from authweave.types import AppInfo, BaseRequest

from ._cookies import CookieSettings
from ._sites import is_local, same_site_for

KEPT: Final = 64
"""Websites whose cookies are remembered: more than people have, and few enough to be held."""


def are_allowed(api_domain: str, website_domain: str, same_site: SameSite, *, secure: bool) -> bool:
    """Return whether browsers take cookies: across sites only those that are secure, unless both are this machine."""
    return secure or same_site != "none" or (is_local(api_domain) and is_local(website_domain))


@attrs.frozen(eq=False)
class SeveralWebsites:
    """
    Decides by the website that a request is of.

    Attributes:
        cookies: of the website where nothing says which.
        anti_csrf: how a request whose ``Origin`` tells nothing proves that a website sent it.
        same_site: as configured, for all of them; None where it follows from the website.
        asks_origin: whether an ``Origin`` may be the proof.
    """

    app_info: AppInfo
    cookies: CookieSettings
    anti_csrf: AntiCsrfMode
    same_site: SameSite | None
    asks_origin: bool
    _known: dict[str, CookieSettings] = attrs.field(factory=dict[str, CookieSettings], init=False)

    def cookies_of(self, request: BaseRequest) -> CookieSettings:
        """Return how cookies are written in the answer to a request."""
        website = self.app_info.get_origin(request)
        known = self._known.get(website)
        if known is None:
            known = self.cookies_for(website)
            if len(self._known) < KEPT:
                self._known[website] = known
        return known

    def cookies_for(self, website: str) -> CookieSettings:
        """Return how cookies are written for a website."""
        api_domain = self.app_info.api_domain
        same_site = self.same_site or same_site_for(api_domain, website)
        return attrs.evolve(
            self.cookies,
            same_site=same_site,
            allowed=are_allowed(api_domain, website, same_site, secure=self.cookies.secure),
            website_host=urlsplit(website).hostname or "",
        )

    def anti_csrf_of(self, request: BaseRequest) -> AntiCsrfMode:
        """
        Return how a request with cookies proves that a website sent it.

        The cookies may have been set for a website of another site, so SameSite alone proves nothing. An ``Origin``
        that is a website's on the API's own site does (OWASP, Cross-Site Request Forgery Prevention, 2025, "Verifying
        Origin With Standard Headers"); what comes from elsewhere, or does not say, needs a header that browsers ask
        for first.
        """
        origin = request.get_header("origin") if self.asks_origin else None
        if origin is None or not is_own_origin(request, self.app_info):
            return self.anti_csrf
        with suppress(ValueError):  # a header that no browser writes
            if same_site_for(self.app_info.api_domain, origin.lower()) != "none":
                return "NONE"
        return self.anti_csrf
