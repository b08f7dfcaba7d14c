"""A provider over TLS."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from authweave.recipe.thirdparty.exceptions import ProviderAnswerError, ProviderUnreachableError
from tests.integration.http.serving import serving

from .openid_server import OpenIDServer
from .sign_ins import Bench, opened, sign_in

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for loopback, signed by itself, with its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = dt.datetime.now(dt.UTC)
    loopback = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(loopback, critical=True)
        .sign(key, hashes.SHA256())
    )
    form, unencrypted = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file = tmp_path_factory.mktemp("tls") / "loopback.pem"
    pem = serialization.Encoding.PEM
    file.write_bytes(made.public_bytes(pem) + key.private_bytes(pem, form, unencrypted))
    return file


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
