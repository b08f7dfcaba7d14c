from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.postgresql import PrivateServer, Server, private_server


@pytest.fixture
def own_postgresql(postgresql: Server) -> Iterator[PrivateServer]:
    """Return a server that may be stopped and killed, and that writes to the disk what it acknowledges."""
    del postgresql  # left out where there is none
    with private_server(durable=True) as server:
        yield server
