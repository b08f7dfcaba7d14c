"""What overrides say of an answer, beside its result."""

from __future__ import annotations

import re
from typing import Final, Literal, TypeAlias

import attrs

from ._json import JSON

SameSite: TypeAlias = Literal["lax", "strict", "none"]

TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""Names of headers and cookies (RFC 9110, section 5.6.2; RFC 6265, section 4.1.1)."""

VALUE: Final = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
"""Values of headers (RFC 9110, section 5.5)."""

COOKIE_VALUE: Final = re.compile(r'"?[!#-+\--:<-\[\]-~]*"?')
"""RFC 6265, section 4.1.1."""

ATTRIBUTE: Final = re.compile(r"[\x20-:<-~]*")

FRAMING: Final = frozenset({"content-length", "transfer-encoding", "connection", "upgrade", "trailer", "keep-alive"})
"""Headers that say where a message ends, and so are the server's."""


@attrs.define(eq=False, repr=False)
class BaseResponse:
    """
    What overrides say of the answer of an API, beside its result: ``call.response``, ``api_options.response``.

    It is applied when the API has returned; what is not said stays as the result has it. An exception undoes it.
    Cookies and headers of a session are added afterwards, and win over those of the same name.

    In `authweave.recipe.session.VerifySession` the answer is that of the application's route: headers and cookies are
    added to it, while status and content are the route's own.

    Attributes:
        status_code: None where nothing was said of it.
        headers: in order, names in lower case; only those of cookies are repeated.
        has_content: whether there is content.
        content: it.
        is_html: whether it is a page, and no JSON.

    .. versionadded:: 0.1.0
    """

    status_code: int | None = attrs.field(default=None, init=False)
    headers: list[tuple[str, str]] = attrs.field(factory=list[tuple[str, str]], init=False)
    has_content: bool = attrs.field(default=False, init=False)
    content: JSON = attrs.field(default=None, init=False)
    is_html: bool = attrs.field(default=False, init=False)

    def set_status_code(self, status_code: int) -> None:
        """
        Set the status. With 204, 205 and 304 there is no content.

        Raises:
            ValueError: it is no status of a final answer, 200 to 599.
        """
        if not 200 <= status_code <= 599:  # noqa: PLR2004  RFC 9110, section 15
            message = f"set_status_code({status_code!r}): an answer has a status from 200 to 599."
            raise ValueError(message)
        self.status_code = status_code

    def set_header(self, key: str, value: str) -> None:
        """
        Set a header, in place of one of its name; ``Set-Cookie`` beside others.

        Raises:
            ValueError: name or value cannot be sent, or the header says where the message ends, which the server does.
        """
        name = key.lower()
        if not TOKEN.fullmatch(name) or not VALUE.fullmatch(value):
            message = f"set_header({key!r}, ...): name or value has characters that no header can carry (RFC 9110)."
            raise ValueError(message)
        if name in FRAMING:
            message = f"set_header({key!r}, ...): that header says how the message is framed, which the server does."
            raise ValueError(message)
        if name != "set-cookie":
            self.remove_header(name)
        self.headers.append((name, value.strip()))

    def get_header(self, key: str) -> str | None:
        """Return the value of a header that was set; None where it was not."""
        return next((value for name, value in self.headers if name == key.lower()), None)

    def remove_header(self, key: str) -> None:
        """Take back a header that was set."""
        self.headers[:] = [header for header in self.headers if header[0] != key.lower()]

    def set_cookie(
        self,
        key: str,
        value: str,
        expires: int | None = None,
        path: str = "/",
        domain: str | None = None,
        secure: bool = False,  # noqa: FBT001, FBT002  the documents' order of parameters
        httponly: bool = False,  # noqa: FBT001, FBT002  likewise
        samesite: SameSite | None = "lax",
        *,
        max_age_s: int | None = None,
    ) -> None:
        """
        Set a cookie (RFC 6265), beside others. Its defaults are those of Starlette.

        Args:
            key: its name.
            value: as it is sent; nothing is escaped.
            expires: when it ends, in milliseconds since the epoch; with neither this nor ``max_age_s`` it ends with the
                browser's session.
            path: below which it is sent.
            domain: to whose subdomains it is sent too; None for the host that sets it, alone.
            secure: whether it is sent by HTTPS alone.
            httponly: whether scripts cannot read it.
            samesite: whether it goes along with requests of other sites; ``none`` wants ``secure``.
            max_age_s: after how many seconds it ends; 0 deletes it.

        Raises:
            ValueError: something has characters that no cookie can carry.
        """
        if not TOKEN.fullmatch(key) or not COOKIE_VALUE.fullmatch(value):
            message = f"set_cookie({key!r}, ...): name or value has characters that no cookie can carry: encode them."
            raise ValueError(message)
        if not ATTRIBUTE.fullmatch(f"{path}{domain or ''}{samesite or ''}"):
            message = f"set_cookie({key!r}, ...): an attribute has characters that no cookie can carry (RFC 6265)."
            raise ValueError(message)
        if samesite == "none" and not secure:
            message = f"set_cookie({key!r}, samesite='none'): browsers take it with secure=True only."
            raise ValueError(message)
        from email.utils import formatdate  # noqa: PLC0415  loads much else, and few cookies need it

        parts = [
            f"{key}={value}",
            *([] if expires is None else [f"Expires={formatdate(expires / 1000, usegmt=True)}"]),
            *([] if max_age_s is None else [f"Max-Age={max_age_s:d}"]),
            *([] if domain is None else [f"Domain={domain}"]),
            f"Path={path}",
            *(["Secure"] if secure else []),
            *(["HttpOnly"] if httponly else []),
            *([] if samesite is None else [f"SameSite={samesite.title()}"]),
        ]
        self.headers.append(("set-cookie", "; ".join(parts)))

    def set_json_content(self, content: JSON) -> None:
        """Set the content, in place of what the result would be written as."""
        self.has_content, self.content, self.is_html = True, content, False

    def set_html_content(self, content: str) -> None:
        """Set a page for content, in place of what the result would be written as. Nothing is escaped."""
        self.has_content, self.content, self.is_html = True, content, True

    def redirect(self, url: str) -> BaseResponse:
        """
        Send the browser to another URL (302, RFC 9110, section 15.4.3), without content.

        Raises:
            ValueError: the URL has characters that no header can carry.
        """
        self.set_header("location", url)
        self.set_status_code(302)
        self.set_html_content("")
        return self

    def clear(self) -> None:
        """Forget all of it."""
        self.status_code, self.has_content, self.content, self.is_html = None, False, None, False
        self.headers.clear()
