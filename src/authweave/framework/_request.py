"""The request of an ASGI scope: what nobody asks for is not decoded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NotRequired, TypedDict, cast, overload

import attrs
from typing_extensions import override

from authweave.types import BaseRequest

from ._body import Body, RawHeaders, Receive, Scope


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
    """

    raw_headers: RawHeaders = ()

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


class HTTPScope(TypedDict):
    """What is read of a scope: its keys and their types are those of the ASGI specification, version 3.0."""

    method: str
    path: str
    root_path: NotRequired[str]
    query_string: NotRequired[bytes]
    headers: Iterable[tuple[bytes, bytes]]


def request_of(scope: Scope, receive: Receive, limit_bytes: int) -> tuple[ASGIRequest, Body]:
    """Return the request of a scope, and its body."""
    http = cast("HTTPScope", scope)  # ASGI: its type is "http"
    path, root_path = http["path"], http.get("root_path", "")
    if root_path:
        root_path, path = with_root_path(root_path, path)
    raw_headers = tuple(http["headers"])
    body = Body(receive, limit_bytes, raw_headers)
    request = ASGIRequest(
        http["method"].lower(),
        path,
        DecodedHeaders(raw_headers),
        query.decode("latin-1") if (query := http.get("query_string")) else "",
        body.read,
        root_path=root_path,
        raw_headers=raw_headers,
    )
    return request, body


def with_root_path(root_path: str, path: str) -> tuple[str, str]:
    """Return a root path in its normal form, and a path with it in front."""
    trimmed = root_path.strip("/")
    if not trimmed:
        return "", path
    normal = f"/{trimmed}"  # FastAPI hands on what it was given
    if f"{path}/".startswith(f"{normal}/"):
        return normal, path
    return normal, normal + path  # older servers leave it out, and proxies take it off
