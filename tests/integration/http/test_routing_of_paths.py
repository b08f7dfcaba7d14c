"""Paths that only some frameworks hand on as they came: Litestar joins slashes, and answers OPTIONS by itself."""

from __future__ import annotations

import httpx2
import pytest


@pytest.mark.parametrize(
    ("method", "path"), [("OPTIONS", "/auth/signup"), ("POST", "/auth//signup"), ("POST", "/auth/signup//")]
)
def test_not_ours(client: httpx2.Client, method: str, path: str) -> None:
    """They fall through to the application, which has none of these."""
    assert client.request(method, path).status_code == 404
