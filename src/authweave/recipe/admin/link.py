"""The guard of ``authweave admin``: a link that is good once, and a session that is the page's own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final

import attrs
from typing_extensions import override

from authweave.http import Exchange, Security, SecurityScheme
from authweave.security import base64url
from authweave.types import BaseRequest, Clock

from .exceptions import ForeignHostError, LinkUsedError, NotSignedInError
from .guard import Administrator, Guard

TOKEN_BYTES: Final = 32
LINK_S: Final = 300
SESSION_S: Final = 3600
COOKIE: Final = "authweave_admin"


@attrs.define(eq=False)
class LinkGuard(Guard):
    """
    Let in who opened the link that a command printed. All is in memory, and ends with the command.

    Attributes:
        name: who started the command, as it stands in events.
        hosts: the names under which the page may be asked for. Another one is that of somebody's site, which names this
            machine (DNS rebinding).
        clock: tells the time.
        random_bytes: returns as many unpredictable bytes as asked.
    """

    name: str
    hosts: frozenset[str]
    clock: Clock
    random_bytes: Callable[[int], bytes] = attrs.field(repr=False)
    _link: tuple[bytes, int] | None = attrs.field(default=None, init=False, repr=False)
    _session: tuple[bytes, int] | None = attrs.field(default=None, init=False, repr=False)

    def new_link(self) -> str:
        """Return the token of a link that is good for five minutes, and once."""
        token = base64url(self.random_bytes(TOKEN_BYTES))
        self._link = (digest(token), self.clock() + LINK_S * 1000)
        return token

    def redeem(self, request: BaseRequest, token: str) -> str:
        """
        Return the session for the token of a link, which is good for nothing then.

        Raises:
            ForeignHostError: the page was asked for under another name.
            LinkUsedError: the token was used, has expired, or never was one.
        """
        self._require_host(request)
        link = self._link
        if link is None or link[0] != digest(token) or self.clock() > link[1]:
            raise LinkUsedError("It was used already, or has expired. Start the command again, which prints another.")
        self._link = None
        session = base64url(self.random_bytes(TOKEN_BYTES))
        self._session = (digest(session), self.clock() + SESSION_S * 1000)
        return session

    @override
    async def admit(self, exchange: Exchange) -> Administrator:
        self._require_host(exchange.request)
        session = self._session
        sent = exchange.request.get_cookie(COOKIE) or ""
        if session is None or session[0] != digest(sent) or self.clock() > session[1]:
            raise NotSignedInError("Open the link that the command printed. After an hour, start the command again.")
        return Administrator(self.name, session[0].hex())

    @override
    def security(self) -> Security:
        return ((SecurityScheme("adminCookie", {"type": "apiKey", "in": "cookie", "name": COOKIE}),),)

    def end(self) -> None:
        """End the session."""
        self._session = None

    def _require_host(self, request: BaseRequest) -> None:
        if (request.get_header("host") or "") not in self.hosts:
            raise ForeignHostError("Open the page under the address that the command printed.")


def digest(token: str) -> bytes:
    """Return the SHA-256 hash of a token: what is compared tells nothing of what was sent, however long it takes."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
