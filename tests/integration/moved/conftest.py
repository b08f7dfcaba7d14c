from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.moved.running import PROGRAMS, Mode, Programs, make_tables, serving, written


@pytest.fixture(scope="session")
def moved_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the programs that has been moved over."""
    return written(tmp_path_factory.mktemp("moved"))


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with all tables."""
    database = tmp_path_factory.mktemp("tables") / "auth.db"
    make_tables(database)
    return database


@pytest.fixture(scope="session", params=["unchanged", "moved"])
def programs(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, tables: Path
) -> Iterator[Programs]:
    """Serve the programs, unchanged and moved over."""
    mode: Mode = request.param
    sources: Path = PROGRAMS if mode == "unchanged" else request.getfixturevalue("moved_copy")
    with serving(mode, sources, tmp_path_factory.mktemp(mode), tables) as served:
        yield served
