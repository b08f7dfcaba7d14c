"""How an application wants browsers to be sent to providers and back, without a frontend."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from authweave.recipe.thirdparty.redirects import browser_target, is_of_origin
from authweave.types import AppInfo, ConfigurationError, Options

MAX_PAGE_CHARACTERS: Final = 1024


@attrs.frozen(kw_only=True)
class ServerRedirects(Options):
    """
    Lets browsers sign in by links alone: ``GET <base>/signin/<third_party_id>`` leads to the provider and back.

    Pages are those of the website: paths, or URLs of its origin.

    Attributes:
        after_sign_in: where the browser goes on to with its session, where the link's ``redirectTo`` does not say.
        on_failure: where it goes on to without one, with ``error`` in the query; None: to the website's own sign-in
            page (``website_base_path``), which shows ``error`` in the SuperTokens frontends.
    """

    after_sign_in: str = "/"
    on_failure: str | None = None

    def check(self, app_info: AppInfo) -> None:
        """
        Check that both are pages of the website.

        Raises:
            authweave.types.ConfigurationError: one is not.
        """
        for name in ("after_sign_in", "on_failure"):
            page: str | None = getattr(self, name)
            if page is not None and page_of(page, app_info.website_domain) is None:
                raise ConfigurationError(
                    f"ServerRedirects({name}=...) is not a page of the website: write a path ('/welcome'), or a URL of "
                    f"{app_info.website_domain}."
                )

    def page(self, name: Literal["after_sign_in", "on_failure"], app_info: AppInfo, website: str) -> str:
        """Return one of both as a URL: with several websites, a path is of the one that a request is of."""
        written = self.after_sign_in if name == "after_sign_in" else self.on_failure
        page = app_info.website_base_path or "/" if written is None else written
        return page_of(page, website) or page_of(page, app_info.website_domain) or website


def page_of(written: str, origin: str) -> str | None:
    """Return a page of a website as a URL, by its path or its URL; None where it is none of the website's."""
    whole = origin + written if written.startswith("/") and not written.startswith("//") else written
    return browser_target(whole) if len(whole) <= MAX_PAGE_CHARACTERS and is_of_origin(whole, origin) else None
