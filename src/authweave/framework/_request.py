"""The request of an ASGI scope: what nobody asks for is not decoded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias, cast, overload

import attrs
from typing_extensions import override

from authweave.types import BaseRequest

from ._body import Body, Scope

RawHeaders: TypeAlias = Sequence[tuple[bytes, bytes]]


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
    # The types of a scope's values are those of the ASGI specification.
    path, mounted_at = cast("str", scope["path"]), cast("str", scope.get("root_path", ""))  # ASGI: text
    if mounted_at and not f"{path}/".startswith(f"{mounted_at.rstrip('/')}/"):  # older servers leave it out
        path = mounted_at.rstrip("/") + path
    raw_headers = tuple(cast("RawHeaders", scope["headers"]))  # ASGI: pairs of bytes
    client: Any = scope.get("client")  # Any: host and port, or None (ASGI); a cast is a call, and takes time
    return ASGIRequest(
        cast("str", scope["method"]).lower(),  # ASGI: text
        path,
        DecodedHeaders(raw_headers),
        cast("bytes", scope.get("query_string", b"")).decode("latin-1"),  # ASGI: bytes
        body.read,
        peer=client[0] if client else None,
        raw_headers=raw_headers,
        scope=scope,
    )
