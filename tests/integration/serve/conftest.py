"""What the tests of the command share."""

from collections.abc import Iterator

import pytest

from tests.ports import kept_port


@pytest.fixture
def port() -> Iterator[int]:
    """Return a port that nobody else has while a test runs: the command is started on it, maybe again."""
    with kept_port() as kept:
        yield kept
