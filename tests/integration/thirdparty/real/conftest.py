from __future__ import annotations

from collections.abc import Iterator

import pytest

from .imitation import Imitation
from .rows import ROWS
from .world import World, world


@pytest.fixture(scope="session")
def table() -> Iterator[World]:
    """Serve all providers of the table, and an application whose users sign in with them."""
    with world(dict.fromkeys(ROWS, Imitation)) as made:
        yield made
