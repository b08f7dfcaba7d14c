"""Whose pages are the application's own, by their ``Origin``."""

from __future__ import annotations

import pytest

from authweave.types import InputAppInfo


@pytest.mark.parametrize(
    ("api_domain", "website_domain", "origin", "is_own"),
    [
        ("https://api.example.com", "https://example.com", "https://example.com", True),
        ("https://api.example.com", "https://example.com", "https://api.example.com", True),
        ("https://api.example.com:443", "example.com", "https://API.example.com", True),
        ("http://localhost:80", "http://localhost:3000", "http://localhost", True),
        ("https://api.example.com", "https://bücher.example", "https://xn--bcher-kva.example", True),
        ("https://api.example.com", "http://рф:3000", "http://xn--p1ai:3000", True),
        ("https://api.example.com", "https://straße.example", "https://xn--strae-oqa.example", True),
        ("https://api.example.com", "https://straße.example", "https://strasse.example", False),
        ("https://api.example.com", "https://example.com:8443", "https://example.com:8443", True),
        ("http://[::1]:8000", "http://localhost:3000", "http://[::1]:8000", True),
        ("https://api.example.com", "https://example.com:8443", "https://example.com", False),
        ("https://api.example.com", "https://example.com", "http://example.com", False),
        ("https://api.example.com", "https://example.com", "http://example.com:443", False),
        ("https://api.example.com", "https://example.com", "https://evil.example.com", False),
        ("https://api.example.com", "https://example.com", "https://example.com.evil.example", False),
        ("https://api.example.com", "https://example.com", "https://example.com/", False),
        ("https://api.example.com", "https://example.com", "example.com", False),
        ("https://api.example.com", "https://example.com", "null", False),
        ("https://api.example.com", "https://example.com", "", False),
        ("https://api.example.com", "https://example.com", "https://", False),
        ("https://api.example.com", "https://example.com", f"https://{'ü' * 300}.example", False),
    ],
)
def test_origins(api_domain: str, website_domain: str, origin: str, is_own: bool) -> None:
    """Scheme, host and port have to be the same, however they are written; the implied port may be missing."""
    app_info = InputAppInfo("Test", api_domain, website_domain=website_domain).normalised()
    assert app_info.has_origin(origin) is is_own
