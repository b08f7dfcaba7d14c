"""Connections to others: a request goes out in one piece, and what is meant for this machine stays on it."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Final, TypeAlias

import httpcore2
import httpx2
from typing_extensions import override

LOCALHOST: Final = "localhost"
LOOPBACK: Final = ("127.0.0.1", "::1")
"""What ``localhost`` is (RFC 6761, section 6.3), whatever a name server says."""

SocketOptions: TypeAlias = Iterable[httpcore2.SOCKET_OPTION]


class OneWriteStream(httpcore2.AsyncNetworkStream):
    """Keeps what is written until something is read: a head and its body wake the other side once, not twice."""

    def __init__(self, stream: httpcore2.AsyncNetworkStream) -> None:
        self._stream = stream
        self._unsent: list[bytes] = []

    @override
    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Send what was written, and receive."""
        if self._unsent:
            unsent, self._unsent = self._unsent, []
            with suppress(httpcore2.WriteError):  # the other side may have answered before it closed: read that
                await self._stream.write(b"".join(unsent), timeout)
        return await self._stream.read(max_bytes, timeout)

    @override
    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Keep it for the next `read`: requests are short."""
        self._unsent.append(buffer)

    @override
    async def aclose(self) -> None:
        """Close the connection."""
        await self._stream.aclose()

    @override
    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.AsyncNetworkStream:
        """Return the same over TLS."""
        return OneWriteStream(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    @override
    def get_extra_info(self, info: str) -> Any:  # Any: as the base has it
        """Ask the connection."""
        return self._stream.get_extra_info(info)


class OneWriteBackend(httpcore2.AsyncNetworkBackend):
    """Opens such connections."""

    def __init__(self) -> None:
        # For where anyio is missing, which httpx2 brings, there is another of that name.
        self._backend: httpcore2.AsyncNetworkBackend = httpcore2.AnyIOBackend()  # pyright: ignore[reportAttributeAccessIssue]  two

    @override
    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: SocketOptions | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Open a connection; to ``localhost`` without asking who that is."""
        *others, last = LOOPBACK if host == LOCALHOST else (host,)
        for each in others:
            with suppress(httpcore2.ConnectError):
                return await self.connect_tcp(each, port, timeout, local_address, socket_options)
        return OneWriteStream(await self._backend.connect_tcp(last, port, timeout, local_address, socket_options))


def make_pool(tls: ssl.SSLContext, proxy: httpcore2.Proxy | None = None) -> httpcore2.AsyncConnectionPool:
    """
    Return what keeps connections. Those that wait to be used again are few, and short-lived.

    Many servers close theirs after 5 s: not just while something is on its way there that can be sent only once.
    """
    return httpcore2.AsyncConnectionPool(
        ssl_context=tls,
        proxy=proxy,
        max_connections=None,
        max_keepalive_connections=20,
        keepalive_expiry=2,
        network_backend=OneWriteBackend(),
    )


def target_of(url: httpx2.URL) -> httpcore2.URL:
    """Return a URL as the pool takes it."""
    return httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)


def host_of(url: httpcore2.URL) -> tuple[bytes, bytes]:
    """Return the header that names the host (RFC 9110, section 7.2), an IPv6 address in brackets."""
    host = b"[%b]" % url.host if b":" in url.host else url.host
    return b"host", host if url.port is None else b"%b:%d" % (host, url.port)
