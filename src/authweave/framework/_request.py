"""The request of an ASGI scope: what nobody asks for is not decoded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import NotRequired, TypedDict, cast, overload

import attrs
from typing_extensions import override

from authweave.types import BaseRequest, no_body

from ._body import Body, RawHeaders, Scope


class Given(TypedDict):
    """What is read of a scope (ASGI 3.0)."""

    method: str
    path: str
    root_path: NotRequired[str]
    query_string: NotRequired[bytes]
    headers: RawHeaders
    client: NotRequired[tuple[str, int] | None]


@attrs.define(eq=False, repr=False)
class DecodedHeaders(Sequence[tuple[str, str]]):
    """The headers of a scope as texts, decoded when they are looked at."""

    raw: RawHeaders

    @override
    def __len__(self) -> int:
        return len(self.raw)

    @overload
    def __getitem__(self, index: int) -> tuple[str, str]: ...
    @overload
    def __getitem__(self, index: slice) -> list[tuple[str, str]]: ...
    @override
    def __getitem__(self, index: int | slice) -> tuple[str, str] | list[tuple[str, str]]:
        return list(self)[index]

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
    _request: object = attrs.field(default=None, init=False)

    @property
    @override
    def request(self) -> object:
        """Starlette's request, of which FastAPI's are; the scope where Starlette is not installed."""
        if self._request is None:
            try:
                from ._starlette import starlette_request  # noqa: PLC0415  an extra
            except ImportError:
                return self.scope
            self._request = starlette_request(self.scope, self.read_body)
        return self._request

    @override
    def get_header(self, name: str) -> str | None:
        wanted = name.lower().encode()
        for key, value in self.raw_headers:
            if key == wanted:
                return value.decode("latin-1")
        return None

    @override
    def get_headers(self, name: str) -> list[str]:
        wanted = name.lower().encode()
        return [value.decode("latin-1") for key, value in self.raw_headers if key == wanted]


def request_of(scope: Scope, body: Body) -> ASGIRequest:
    """Return the request of a scope."""
    return request_in(scope, cast("Given", scope)["method"].lower(), body.read)  # ASGI 3.0


def handshake_of(scope: Scope) -> ASGIRequest:
    """Return the handshake of a WebSocket: a GET without a body (RFC 6455, section 4.1)."""
    return request_in(scope, "get", no_body)


def request_in(scope: Scope, method: str, read_body: Callable[[], Awaitable[bytes]]) -> ASGIRequest:
    """Return what a scope says of a request."""
    given = cast("Given", scope)  # the types of a scope's values are those of the ASGI specification
    path, root_path = given["path"], given.get("root_path", "")
    if root_path and (trimmed := root_path.strip("/")):
        root_path = f"/{trimmed}"  # FastAPI hands on what it was given
        if not f"{path}/".startswith(f"{root_path}/"):  # older servers leave it out, and proxies that take it off
            path = root_path + path
    else:
        root_path = ""
    query = given.get("query_string")
    raw_headers = tuple(given["headers"])
    peer = given.get("client")
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
