"""A provider over TLS."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import attrs
import pytest

from authweave.recipe.thirdparty.exceptions import ProviderAnswerError, ProviderUnreachableError
from tests.certificates import loopback_certificate
from tests.integration.http.serving import serving

from .openid_server import OpenIDServer
from .sign_ins import PATIENT, Bench, bench, opened, sign_in

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for loopback, signed by itself, with its key."""
    return loopback_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def distant(certificate: Path) -> Iterator[OpenIDServer]:
    """Serve a provider over TLS."""
    server = OpenIDServer()
    with serving(server.asgi(), certificate) as address:
        server.issuer = address
        yield server


def test_whose_certificate_nobody_vouches_for(world: Bench, distant: OpenIDServer) -> None:
    """It is not asked for anything."""
    with pytest.raises(ProviderUnreachableError):
        asyncio.run(opened(world.openid(distant)))
    assert not distant.seen


@pytest.mark.parametrize("name", ENDPOINTS)
def test_its_document_does_not_lead_to_our_own_machine(
    world: Bench,
    server: OpenIDServer,
    distant: OpenIDServer,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    """Plain HTTP on loopback is for a provider that is there; a document that came over TLS cannot have it asked."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    async def main() -> None:
        await sign_in(await opened(world.openid(distant, "sound")), distant)
        distant.metadata[name] = f"{server.issuer}/token"
        with pytest.raises(ProviderAnswerError, match="https"):
            await sign_in(await opened(world.openid(distant, "hostile")), distant)

    asyncio.run(main())
    assert not server.seen


def test_through_a_proxy(distant: OpenIDServer, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes over TLS goes through a proxy unread: it is told host and port."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    place, asked, tunnels = urlsplit(distant.issuer), list[bytes](), set[asyncio.Task[object] | None]()

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
        writer.close()

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tunnels.add(asyncio.current_task())
        asked.append((await reader.readuntil(b"\r\n\r\n")).partition(b" HTTP")[0])
        inner_reader, inner_writer = await asyncio.open_connection(place.hostname, place.port)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await asyncio.gather(relay(reader, inner_writer), relay(inner_reader, writer))

    async def main() -> None:
        listener = await asyncio.start_server(proxy, "127.0.0.1", 0)
        port = listener.sockets[0].getsockname()[1]
        async with listener:
            with bench(attrs.evolve(PATIENT, proxy=f"http://127.0.0.1:{port}")) as world:
                await sign_in(await opened(world.openid(distant)), distant)
            await asyncio.gather(*filter(None, tunnels))

    asyncio.run(main())
    assert set(asked) == {b"CONNECT %b" % place.netloc.encode()}
