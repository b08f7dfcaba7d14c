"""The request of a WSGI environment: what nobody asks for is not decoded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import lru_cache
from typing import Any, Final, cast
from wsgiref.types import WSGIEnvironment

import attrs
from typing_extensions import override

from authweave.http import LazyHeaders
from authweave.types import BaseRequest, no_body

from ._wsgi_body import InputBody
from ._wsgi_input import body_of

WITHOUT_PREFIX: Final = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
PREFIX: Final = "HTTP_"


@attrs.define(eq=False, repr=False)
class EnvironHeaders(LazyHeaders):
    """The headers in an environment. Servers have joined those of one name."""

    environ: WSGIEnvironment

    @override
    def __iter__(self) -> Iterator[tuple[str, str]]:
        for key, value in self.environ.items():
            if key.startswith(PREFIX):
                yield key.removeprefix(PREFIX).replace("_", "-").lower(), str(value)
        for name, key in WITHOUT_PREFIX.items():
            if value := self.environ.get(key):
                yield name, str(value)


@attrs.define(eq=False, repr=False)
class WSGIRequest(BaseRequest):
    """
    A request that looks its headers up in the environment (PEP 3333).

    Attributes:
        environ: what the server tells of it.
        input_body: its body, if it has one.
        wrap: makes the framework's own request.
    """

    environ: WSGIEnvironment = attrs.field(factory=dict[str, Any])  # Any: as WSGIEnvironment has it
    input_body: InputBody | None = None
    wrap: Callable[[WSGIEnvironment], object] | None = None

    @property
    @override
    def request(self) -> object:
        """The framework's own request where its middleware makes one (Flask's); else the environment."""
        return self.environ if self.wrap is None else self.wrap(self.environ)

    @property
    @override
    def scheme(self) -> str:
        return str(self.environ.get("wsgi.url_scheme") or super().scheme)

    @override
    def get_header(self, key: str) -> str | None:
        found = self.environ.get(key_of(key))
        return None if found is None else str(found)

    @override
    def get_headers(self, key: str) -> list[str]:
        found = self.get_header(key)
        return [] if found is None else [found]


@lru_cache
def key_of(name: str) -> str:
    """Return where a header stands in an environment. Each request asks for the same few."""
    lower = name.lower()
    return WITHOUT_PREFIX.get(lower) or PREFIX + lower.replace("-", "_").upper()


def request_of(
    environ: WSGIEnvironment, limit_bytes: int, wrap: Callable[[WSGIEnvironment], object] | None = None
) -> WSGIRequest:
    """Return the request of an environment, of which ``wrap`` makes the framework's own."""
    body = body_of(environ, limit_bytes)
    request = read_environ(environ, no_body if body is None else body.read)
    request.input_body, request.wrap = body, wrap
    return request


def read_environ(environ: WSGIEnvironment, read_body: Callable[[], Awaitable[bytes]]) -> WSGIRequest:
    """Return what an environment says of a request."""
    root_path = text_of(environ.get("SCRIPT_NAME")).rstrip("/")
    peer = environ.get("REMOTE_ADDR")
    return WSGIRequest(
        str(environ["REQUEST_METHOD"]).lower(),
        root_path + text_of(environ.get("PATH_INFO")),
        EnvironHeaders(environ),
        str(environ.get("QUERY_STRING") or ""),
        read_body,
        root_path=root_path,
        peer=cast("str", peer) or None,  # PEP 3333: a text where it is there
        environ=environ,
    )


def text_of(path: object) -> str:
    """Return a path as people write it: servers hand over its bytes as latin-1 (PEP 3333, "Unicode Issues")."""
    if not isinstance(path, str) or path.isascii():
        return str(path or "")
    return path.encode("latin-1").decode("utf-8", "replace")
