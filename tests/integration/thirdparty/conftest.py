from __future__ import annotations

from collections.abc import Iterator

import pytest

from authweave.types import JSON

from .oauth_server import OAuthServer
from .openid_server import OpenIDServer
from .reshaping import Reshaping
from .sign_ins import Bench, bench
from .stage import Stage, stage


@pytest.fixture(scope="session")
def main_stage() -> Iterator[Stage]:
    """Serve the OpenID provider of each test."""
    with stage() as made:
        yield made


@pytest.fixture(scope="session")
def side_stage() -> Iterator[Stage]:
    """Serve what else a test needs."""
    with stage() as made:
        yield made


@pytest.fixture
def server(main_stage: Stage) -> OpenIDServer:
    """Put an OpenID provider on."""
    made = OpenIDServer(main_stage.address)
    main_stage.application = made.asgi()
    return made


@pytest.fixture
def plain(side_stage: Stage) -> OAuthServer:
    """Put a provider without OpenID on."""
    made = OAuthServer(side_stage.address)
    side_stage.application = made.asgi()
    return made


@pytest.fixture
def world() -> Iterator[Bench]:
    """Make an application."""
    with bench() as made:
        yield made


@pytest.fixture
def odd(main_stage: Stage, server: OpenIDServer) -> Reshaping:
    """Put the provider behind what reshapes its answers. Its ID tokens leave the address to user info."""

    def without_address(claims: dict[str, JSON]) -> dict[str, JSON]:
        return {name: value for name, value in claims.items() if not name.startswith("email")}

    server.changed = without_address
    made = Reshaping(server.asgi())
    main_stage.application = made
    return made
