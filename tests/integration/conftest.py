from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.integration.frameworks.serving import Framework
    from tests.postgresql import PrivateServer, Server


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests that are marked ``everywhere`` on every framework; those on others than FastAPI get a mark."""
    if "framework" in metafunc.fixturenames and metafunc.definition.get_closest_marker("everywhere"):
        from tests.integration.frameworks.serving import FRAMEWORKS  # servers are slow to import

        params = [
            pytest.param(each, id=each.name, marks=[] if each is FRAMEWORKS[0] else pytest.mark.frameworks)
            for each in FRAMEWORKS
        ]
        metafunc.parametrize("framework", params, indirect=True, scope="module")


@pytest.fixture(scope="module")
def framework(request: pytest.FixtureRequest) -> "Framework":
    """Return the framework that the application is written in: FastAPI, or with the mark ``everywhere``, each."""
    from tests.integration.frameworks.serving import FRAMEWORKS  # as above

    found: Framework = getattr(request, "param", FRAMEWORKS[0])
    return found


@pytest.fixture
def own_postgresql(postgresql: "Server") -> "Iterator[PrivateServer]":
    """Return a server that may be stopped and killed, and that writes to the disk what it acknowledges."""
    from tests.postgresql import private_server  # the driver is an extra

    del postgresql  # left out where there is none
    with private_server(durable=True) as server:
        yield server
