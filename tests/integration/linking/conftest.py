"""Applications over each kind of store, one for all tests of a module."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from authweave.storage import Storage
from authweave.storage.memory import MemoryStorage
from tests.patience import PATIENT
from tests.property.account_world import World
from tests.stores import open_whole


@pytest.fixture(scope="module", params=["memory", "sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Make an application over a store."""
    with closing(opened(request, tmp_path_factory)) as storage, closing(World([storage])) as made:
        yield made


@pytest.fixture(scope="module")
def without_callback(world: World) -> Iterator[World]:
    """Make an application over the same store that does not say whom to link."""
    with closing(World(world.stores, has_callback=False)) as made:
        yield made


def opened(request: pytest.FixtureRequest, folders: pytest.TempPathFactory) -> Storage:
    """Open a store."""
    if request.param == "memory":
        return MemoryStorage()
    if request.param == "sqlite":
        return open_whole(f"sqlite:///{folders.mktemp('linking') / 'auth.db'}", PATIENT)
    server = request.getfixturevalue("postgresql")
    url = server.new_store()
    request.addfinalizer(lambda: server.drop(url))
    return open_whole(url, PATIENT)
