"""What providers are sent, and by which way."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from urllib.parse import parse_qs

import attrs
import pytest

from authweave.recipe.thirdparty.exceptions import ProviderUnreachableError
from authweave.recipe.thirdparty.provider import ProviderConfig

from .openid_server import OpenIDServer
from .reshaping import Reshaping
from .sign_ins import PATIENT, WEB, Bench, bench, opened, sign_in


def test_configured_headers_and_parameters_win(world: Bench, server: OpenIDServer, odd: Reshaping) -> None:
    """A header is sent once, by whatever case it is written in; a parameter takes the place of the URL's."""
    config = ProviderConfig(
        "corp",
        oidc_discovery_endpoint=server.issuer,
        clients=[WEB],
        user_info_endpoint=f"{server.issuer}/userinfo?a=1&b=2",
        user_info_endpoint_headers={"Accept": "application/vnd.corp+json", "X-Version": "7"},
        user_info_endpoint_query_params={"a": "3 &"},
    )

    async def main() -> None:
        await sign_in(await opened(world.prepare(config)), server)

    asyncio.run(main())
    headers, host = odd.seen["/userinfo"], server.issuer.removeprefix("http://").encode()
    names = [name for name, _ in headers]
    assert len(names) == len(set(names))
    assert {(b"accept", b"application/vnd.corp+json"), (b"x-version", b"7"), (b"host", host)} <= set(headers)
    assert parse_qs(odd.queries["/userinfo"]) == {b"a": [b"3 &"], b"b": [b"2"]}


@attrs.define
class Proxy:
    """A proxy that keeps the head of what it is asked, and answers the same to all."""

    answer: bytes
    heads: list[bytes] = attrs.field(factory=list[bytes])

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer once."""
        self.heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(self.answer)
        await writer.drain()
        writer.close()


def discovered_through(proxy: Proxy, issuer: str) -> None:
    """Discover a provider through a proxy."""

    async def main() -> None:
        listener = await asyncio.start_server(proxy, "127.0.0.1", 0)
        port = listener.sockets[0].getsockname()[1]
        settings = attrs.evolve(PATIENT, proxy=f"http://ada:a%20secret@127.0.0.1:{port}")
        async with listener:
            with bench(settings) as world:
                config = ProviderConfig("corp", oidc_discovery_endpoint=issuer, clients=[WEB])
                await opened(world.prepare(config))

    asyncio.run(main())


PROXY_AUTH = b"Proxy-Authorization: Basic " + b64encode(b"ada:a secret")


def test_through_a_proxy() -> None:
    """A proxy is asked in the provider's place, with the name and password of its URL."""
    issuer = "http://localhost:1"
    document = json.dumps({"issuer": issuer, "jwks_uri": f"{issuer}/jwks"}).encode()
    proxy = Proxy(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(document), document))
    discovered_through(proxy, issuer)
    (head,) = proxy.heads
    assert head.startswith(b"GET http://localhost:1/.well-known/openid-configuration HTTP/1.1\r\n")
    assert PROXY_AUTH in head


def test_through_a_proxy_that_refuses() -> None:
    """What goes over TLS goes through it unread, or not at all: nobody else is asked."""
    proxy = Proxy(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")
    with pytest.raises(ProviderUnreachableError, match="ProxyError"):
        discovered_through(proxy, "https://idp.example.com")
    assert {head.partition(b" HTTP")[0] for head in proxy.heads} == {b"CONNECT idp.example.com:443"}
    assert all(PROXY_AUTH in head for head in proxy.heads)
