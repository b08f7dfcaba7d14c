"""The site under WSGI and under ASGI."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from authweave.app import App
from tests.unit.framework.django.site import asking, sign_up


@pytest.fixture(params=["wsgi", "asgi"])
def kind(request: pytest.FixtureRequest) -> str:
    """Name the protocol."""
    return str(request.param)


@pytest.fixture
def client(kind: str, auth: App) -> Iterator[httpx2.Client]:
    """Serve the site."""
    with asking(kind, auth) as client:
        yield client


@pytest.fixture
def user_id(client: httpx2.Client) -> str:
    """Sign up, and return who that is."""
    return sign_up(client)
