"""The text of ``Set-Cookie`` headers."""

from __future__ import annotations

from collections.abc import Callable
from time import gmtime
from typing import Final
from urllib.parse import quote

import attrs

from authweave.recipe.session.types import SameSite
from authweave.types import ResponseChanges

REFRESH_PATH: Final = "/session/refresh"

CLEARED: Final = 0
LATEST_MS: Final = 253_402_300_799_000
"""The end of the year 9999, beyond which dates cannot be written."""

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@attrs.frozen(kw_only=True)
class CookieSettings:
    """
    How session cookies are written.

    Attributes:
        domain: None for cookies of the host alone.
        older_domain: the domain of former times, whose cookies may still be about; empty for those of the host alone.
        refresh_path: where the refresh cookie is sent to, as browsers write it.
        base_path_below: returns the base path as browsers write it, for requests with a root path.
        allowed: False where browsers would refuse the cookies: across sites and not secure.
        expose_access_token: whether the frontend gets the access token in a header beside the cookie.
        partitioned: whether browsers keep them apart for each website in whose frames they were set (CHIPS).
        website_host: the host of the website, whose scripts keep what they read in cookies of their own.
    """

    domain: str | None
    older_domain: str | None
    secure: bool
    same_site: SameSite
    refresh_path: str
    allowed: bool
    expose_access_token: bool
    website_host: str
    base_path_below: Callable[[str], str] | None = None
    partitioned: bool = False


def set_cookie(
    changes: ResponseChanges, settings: CookieSettings, name: str, value: str, *, path: str, expires_ms: int
) -> None:
    """Set a cookie of the present domain, in place of an earlier change of the same cookie."""
    path = seen_path(changes, settings, path)
    clear_unpartitioned(changes, settings, name, settings.domain, path=path)
    write_cookie(changes, name, value, expires_ms, cookie_attributes(settings, settings.domain, path))


def set_cookie_text(settings: CookieSettings, name: str, value: str, *, path: str, expires_ms: int) -> str:
    """Return the text of what sets a cookie of the present domain. It is as long for every time of expiry."""
    return cookie_text(name, value, expires_ms, cookie_attributes(settings, settings.domain, path))


def clear_cookie(changes: ResponseChanges, settings: CookieSettings, name: str, *, path: str) -> None:
    """Make the browser forget a cookie of the present domain."""
    path = seen_path(changes, settings, path)
    clear_unpartitioned(changes, settings, name, settings.domain, path=path)
    write_cookie(changes, name, "", CLEARED, cookie_attributes(settings, settings.domain, path))


def clear_older_cookie(changes: ResponseChanges, settings: CookieSettings, name: str, *, path: str) -> None:
    """Make the browser forget a cookie of the older domain."""
    path = seen_path(changes, settings, path)
    clear_unpartitioned(changes, settings, name, settings.older_domain, path=path)
    write_cookie(changes, name, "", CLEARED, cookie_attributes(settings, settings.older_domain, path))


def seen_path(changes: ResponseChanges, settings: CookieSettings, path: str) -> str:
    """Return the path of a cookie as the browser writes it: refreshing may be below a root path."""
    if not changes.root_path or path != settings.refresh_path or settings.base_path_below is None:
        return path
    return settings.base_path_below(changes.root_path) + REFRESH_PATH


def clear_unpartitioned(
    changes: ResponseChanges, settings: CookieSettings, name: str, domain: str | None, *, path: str
) -> None:
    """
    Where cookies are partitioned, make the browser forget one from before they were: to it that is another cookie.

    To a browser that knows no partitions it is the same one, so this comes before what is set.
    """
    if settings.partitioned:
        before = attrs.evolve(settings, partitioned=False)
        write_cookie(changes, name, "", CLEARED, cookie_attributes(before, domain, path))


def cookie_attributes(settings: CookieSettings, domain: str | None, path: str) -> str:
    """Return the attributes that, with its name, tell one cookie from another."""
    secure, partitioned = "; Secure" if settings.secure else "", "; Partitioned" if settings.partitioned else ""
    scope = f"Domain={domain}; Path={path}" if domain else f"Path={path}"
    return f"{scope}; HttpOnly{secure}; SameSite={settings.same_site.capitalize()}{partitioned}"


def write_cookie(changes: ResponseChanges, name: str, value: str, expires_ms: int, where: str) -> None:
    """Write the header, and take back an earlier one of the same name and scope."""
    changes.headers[:] = [
        (key, text)
        for key, text in changes.headers
        if not (key == "set-cookie" and text.startswith(f"{name}=") and text.split("; ", 2)[2:] == [where])
    ]
    changes.add("set-cookie", cookie_text(name, value, expires_ms, where))


def cookie_text(name: str, value: str, expires_ms: int, where: str) -> str:
    """Return the text of a ``Set-Cookie`` header."""
    return f"{name}={quote(value, safe='')}; Expires={http_date(expires_ms)}; {where}"


def http_date(at_ms: int) -> str:
    """Return a time as RFC 9110, section 5.6.7, wants it. `email.utils` takes four times as long, with each cookie."""
    at = gmtime(min(max(at_ms, 0), LATEST_MS) // 1000)
    day = f"{DAYS[at.tm_wday]}, {at.tm_mday:02} {MONTHS[at.tm_mon - 1]} {at.tm_year:04}"
    return f"{day} {at.tm_hour:02}:{at.tm_min:02}:{at.tm_sec:02} GMT"
