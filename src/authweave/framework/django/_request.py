"""Django's request as a plain value: what nobody asks for is not decoded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Final

import attrs
from django.http import HttpRequest
from typing_extensions import override

from authweave.http import LazyHeaders
from authweave.types import BaseRequest

from ._body import Body

PLAIN: Final = frozenset({"CONTENT_TYPE", "CONTENT_LENGTH"})
"""Those that CGI writes without ``HTTP_`` (RFC 3875, section 4.1)."""


@attrs.define(eq=False, repr=False)
class DecodedHeaders(LazyHeaders):
    """The headers of Django's request. Repeated ones Django has joined."""

    http_request: HttpRequest

    @override
    def __iter__(self) -> Iterator[tuple[str, str]]:
        return ((name.lower(), value) for name, value in self.http_request.headers.items())


@attrs.define(eq=False, repr=False, kw_only=True)
class DjangoRequest(BaseRequest):
    """A request that looks its headers up in ``request.META``."""

    http_request: HttpRequest

    @property
    @override
    def request(self) -> HttpRequest:
        """Django's request."""
        return self.http_request

    @property
    @override
    def scheme(self) -> str:
        return self.http_request.scheme or super().scheme

    @override
    def get_header(self, key: str) -> str | None:
        name = key.upper().replace("-", "_")
        value: object = self.http_request.META.get(name if name in PLAIN else f"HTTP_{name}")
        return value if isinstance(value, str) else None

    @override
    def get_headers(self, key: str) -> list[str]:
        value = self.get_header(key)
        return [] if value is None else [value]


def request_of(http_request: HttpRequest, limit_bytes: int, *, blocks: bool) -> tuple[DjangoRequest, Body]:
    """
    Return the library's request of Django's, and its body, of which nothing is read before somebody asks.

    Args:
        http_request: Django's.
        limit_bytes: how long a body may be.
        blocks: whether to read it may block (WSGI): over ASGI Django has received all of it.
    """
    body = Body(http_request, limit_bytes)
    return read_request(http_request, body.read if blocks else body.read_here), body


def read_request(http_request: HttpRequest, read_body: Callable[[], Awaitable[bytes]]) -> DjangoRequest:
    """Return what Django's request says."""
    environ: dict[str, object] = http_request.META
    root_path = str(environ.get("SCRIPT_NAME") or "").strip("/")
    return DjangoRequest(
        method=(http_request.method or "").lower(),
        path=http_request.path,
        headers=DecodedHeaders(http_request),
        query=str(environ.get("QUERY_STRING") or ""),
        read_body=read_body,
        root_path=f"/{root_path}" if root_path else "",
        peer=str(environ.get("REMOTE_ADDR") or "") or None,
        http_request=http_request,
    )
