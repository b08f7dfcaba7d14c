"""What programs are started in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from authweave.app import set_default_app


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run a program in a folder of its own, and leave no default application behind."""
    monkeypatch.chdir(tmp_path)
    yield
    set_default_app(None)
