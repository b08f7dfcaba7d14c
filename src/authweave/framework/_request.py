"""The request of an ASGI scope: what nobody asks for is not decoded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NotRequired, TypeAlias, TypedDict, cast, overload

import attrs
from typing_extensions import override

from authweave.types import BaseRequest

if TYPE_CHECKING:
    from ._body import Body, Scope

RawHeaders: TypeAlias = Sequence[tuple[bytes, bytes]]


class Given(TypedDict):
    """What is read of a scope (ASGI 3.0)."""

    method: str
    path: str
    root_path: NotRequired[str]
    query_string: NotRequired[bytes]
    headers: RawHeaders


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


def request_of(scope: Scope, body: Body) -> ASGIRequest:
    """Return the request of a scope."""
    given = cast("Given", scope)  # the types of a scope's values are those of the ASGI specification
    path, mounted_at = given["path"], given.get("root_path", "")
    if mounted_at and not f"{path}/".startswith(f"{mounted_at.rstrip('/')}/"):  # older servers leave it out
        path = mounted_at.rstrip("/") + path
    query = given.get("query_string")
    raw_headers = tuple(given["headers"])
    return ASGIRequest(
        given["method"].lower(),
        path,
        DecodedHeaders(raw_headers),
        query.decode("latin-1") if query else "",
        body.read,
        None,
        raw_headers,
    )
