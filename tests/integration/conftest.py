from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.postgresql import PrivateServer, Server


@pytest.fixture
def own_postgresql(postgresql: "Server") -> "Iterator[PrivateServer]":
    """Return a server that may be stopped and killed, and that writes to the disk what it acknowledges."""
    from tests.postgresql import private_server  # the driver is an extra

    del postgresql  # left out where there is none
    with private_server(durable=True) as server:
        yield server
