"""The library's cookies in Django's response, which keeps cookies by name and writes them by attribute."""

from __future__ import annotations

from collections.abc import Container
from http.cookies import Morsel
from typing import Final

from typing_extensions import override

PARTITIONED: Final = "partitioned"


class SentCookie(Morsel[str]):
    """A cookie that is sent letter by letter as the library wrote it, and can be looked at like any other of Django."""

    sent: str = ""
    is_partitioned: bool = False

    @property
    @override
    def key(self) -> str:
        return self.sent.partition(";")[0].partition("=")[0].strip()

    @property
    @override
    def value(self) -> str:
        return self.sent.partition(";")[0].partition("=")[2].strip()

    @property
    @override
    def coded_value(self) -> str:
        return self.value

    @override
    def OutputString(self, attrs: Container[str] | None = None) -> str:
        return self.sent


def sent_cookie(text: str) -> SentCookie:
    """
    Read a cookie as browsers do (RFC 6265, section 5.2).

    Python's own parser takes one with an attribute that it does not know for none: ``Partitioned``, before 3.14.
    """
    cookie = SentCookie()
    cookie.sent = text
    for attribute in text.split(";")[1:]:
        key, _, said = (part.strip() for part in attribute.partition("="))
        if cookie.isReservedKey(key):
            cookie[key] = said or True
        cookie.is_partitioned = cookie.is_partitioned or key.lower() == PARTITIONED
    return cookie


def place_of(cookie: Morsel[str]) -> tuple[str, str, str]:
    """Return what tells a cookie from others of its name: path, domain, and whether each website has its own."""
    is_partitioned = isinstance(cookie, SentCookie) and cookie.is_partitioned
    return cookie["path"], cookie["domain"], PARTITIONED if is_partitioned else ""
