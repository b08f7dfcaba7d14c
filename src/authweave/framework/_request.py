"""The request of an ASGI scope: what nobody asks for is not decoded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NotRequired, TypedDict, cast

import attrs
from typing_extensions import override

from authweave.http import LazyHeaders, with_root_path
from authweave.types import BaseRequest, no_body

from ._body import Body, RawHeaders, Receive, Scope

if TYPE_CHECKING:
    from litestar.types import Scope as LitestarScope


@attrs.define(eq=False, repr=False)
class DecodedHeaders(LazyHeaders):
    """The headers of a scope as texts."""

    raw: RawHeaders

    @override
    def __iter__(self) -> Iterator[tuple[str, str]]:
        return ((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in self.raw)


@attrs.define(eq=False, repr=False)
class ASGIRequest(BaseRequest):
    """
    A request that looks its headers up as the server gave them: with names in lower case (ASGI 3.0).

    Attributes:
        raw_headers: those of the server.
        scope: the connection's.
    """

    raw_headers: RawHeaders = ()
    scope: Scope = attrs.field(factory=dict[str, object])
    _request: object = attrs.field(default=None, alias="request")

    @property
    @override
    def request(self) -> object:
        """Litestar's request, or Starlette's, of which FastAPI's are; the scope where neither is there."""
        if self._request is None and "litestar_app" in self.scope:
            from ._litestar_request import litestar_request  # noqa: PLC0415  an extra

            scope = cast("LitestarScope", self.scope)  # it names the application
            self._request = litestar_request(scope, self.read_body)
        if self._request is None:
            try:
                from ._starlette import starlette_request  # noqa: PLC0415  an extra
            except ImportError:
                return self.scope
            self._request = starlette_request(self.scope, self.read_body)
        return self._request

    @property
    @override
    def scheme(self) -> str:
        return str(self.scope.get("scheme") or super().scheme)

    @override
    def get_header(self, key: str) -> str | None:
        wanted = key.lower().encode()
        for name, value in self.raw_headers:
            if name == wanted:
                return value.decode("latin-1")
        return None

    @override
    def get_headers(self, key: str) -> list[str]:
        wanted = key.lower().encode()
        return [value.decode("latin-1") for name, value in self.raw_headers if name == wanted]


class HTTPScope(TypedDict):
    """What is read of a scope: its keys and their types are those of the ASGI specification, version 3.0."""

    method: str
    path: str
    root_path: NotRequired[str]
    query_string: NotRequired[bytes]
    headers: Iterable[tuple[bytes, bytes]]
    client: NotRequired[tuple[str, int] | None]


def http_scope(scope: Scope) -> HTTPScope:
    """Return what is read of a scope."""
    return cast("HTTPScope", scope)  # ASGI: its type is "http"


def request_of(scope: Scope, receive: Receive, limit_bytes: int) -> tuple[ASGIRequest, Body]:
    """Return the request of a scope, and its body."""
    http = cast("HTTPScope", scope)  # as `http_scope`, which is a call more with every request
    raw_headers = tuple(http["headers"])
    body = Body(receive, limit_bytes, raw_headers)
    return request_in(scope, http, http["method"].lower(), raw_headers, body.read), body


def handshake_of(scope: Scope) -> ASGIRequest:
    """Return the handshake of a WebSocket: a GET without a body (RFC 6455, section 4.1)."""
    http = cast("HTTPScope", scope)  # ASGI: that of a WebSocket has the same keys, but for its method
    return request_in(scope, http, "get", tuple(http["headers"]), no_body)


def request_in(
    scope: Scope, http: HTTPScope, method: str, raw_headers: RawHeaders, read_body: Callable[[], Awaitable[bytes]]
) -> ASGIRequest:
    """Return what a scope, which is handed over by both its types, says of a request."""
    path, root_path = http["path"], http.get("root_path", "")
    if root_path:
        root_path, path = with_root_path(root_path, path)
    query = http.get("query_string")
    peer = http.get("client")
    return ASGIRequest(
        method,
        path,
        DecodedHeaders(raw_headers),
        query.decode("latin-1") if query else "",
        read_body,
        root_path=root_path,
        peer=peer[0] if peer else None,
        raw_headers=raw_headers,
        scope=scope,
    )
