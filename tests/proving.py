"""Where overrides are proved to hand their context on: not on every Python, and not while coverage looks on."""

from collections.abc import Iterator
from typing import Final

import pytest

from authweave.kernel._proof import KNOWN

PROVES: Final = KNOWN
"""Whether this Python's bytecode is known."""


@pytest.fixture(scope="module")
def unwatched() -> Iterator[None]:
    """Have the tests of a module prove overrides also where coverage measures them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("authweave.kernel._unguarded.is_watched", lambda: False)
        yield
