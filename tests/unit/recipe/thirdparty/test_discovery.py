"""What a discovery document may say of a provider."""

from __future__ import annotations

import pytest

from authweave.recipe.thirdparty.oauth.discovery import ProviderMetadata, leads_to_plain_http, read_metadata

DOCUMENT = "https://id.example.com/.well-known/openid-configuration"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")


@pytest.mark.parametrize("name", ENDPOINTS)
@pytest.mark.parametrize("url", ["http://127.0.0.1:8500/v1/kv", "HTTP://localhost/", "javascript:alert(1)", ""])
def test_a_document_that_came_by_https_leads_nowhere_else(name: str, url: str) -> None:
    """Loopback is allowed in the clear for a provider that is there, not for what a document from afar names."""
    found = read_metadata({"issuer": "https://id.example.com", name: url})
    assert leads_to_plain_http(found, DOCUMENT)
    assert not leads_to_plain_http(found, "http://localhost:4000/.well-known/openid-configuration")


def test_a_document_that_stays_with_https() -> None:
    """Endpoints by HTTPS, of whatever host, are what documents have; some may be missing."""
    found = read_metadata(dict.fromkeys(ENDPOINTS, "HTTPS://elsewhere.example.com/"))
    assert not leads_to_plain_http(found, DOCUMENT)
    assert not leads_to_plain_http(ProviderMetadata(), DOCUMENT)
