"""A provider over TLS."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from authweave.recipe.thirdparty.exceptions import ProviderAnswerError, ProviderUnreachableError
from tests.certificates import loopback_certificate
from tests.integration.http.serving import serving

from .openid_server import OpenIDServer
from .sign_ins import Bench, opened, sign_in

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
