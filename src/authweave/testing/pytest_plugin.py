"""The pytest plugin: one fixture. pytest finds it by itself, through the entry point in the project's metadata."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from authweave.testing import Overriding


@pytest.fixture
def overriding() -> Iterator[Overriding]:
    """Override functions of an application, or of anything composed, until the end of the test."""
    from authweave.testing import scope_for_test  # noqa: PLC0415  every start of pytest would pay for it

    with scope_for_test() as enter:
        yield enter
