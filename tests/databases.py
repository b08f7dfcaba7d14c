"""A database of each kind, for fixtures: ``@pytest.fixture(params=KINDS)``."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.postgresql import Server

KINDS: Final = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))


@contextmanager
def new_database(request: pytest.FixtureRequest, folder: Path, *, has_tables: bool = False) -> Generator[str]:
    """
    Make a database of the kind that a fixture is asked for, and drop it afterwards.

    Args:
        request: the fixture's, with one of `KINDS`.
        folder: where that of SQLite will be.
        has_tables: whether that of PostgreSQL has the tables, which whoever opens one would make otherwise.

    Yields:
        Its URL.
    """
    if request.param == "sqlite":
        yield f"sqlite:///{folder}/auth.db"
        return
    server: Server = request.getfixturevalue("postgresql")
    url = server.new_store() if has_tables else server.new_database()
    yield url
    server.drop(url)
