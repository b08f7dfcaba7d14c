from __future__ import annotations

from collections.abc import Iterator

import pytest

from .openid_server import OpenIDServer, openid_server
from .sign_ins import Bench, bench


@pytest.fixture
def server() -> Iterator[OpenIDServer]:
    """Serve an OpenID provider."""
    with openid_server() as made:
        yield made


@pytest.fixture
def world() -> Iterator[Bench]:
    """Make an application."""
    with bench() as made:
        yield made
