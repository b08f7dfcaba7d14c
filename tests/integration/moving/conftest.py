from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from authweave.moving.readers._database import Elsewhere
from tests.postgresql import Server

RECORDED = Path(__file__).parent / "recorded"


@pytest.fixture
def elsewhere(postgresql: Server) -> Iterator[Callable[[str], str]]:
    """Return what makes a database of what was recorded of a system, and returns its URL."""
    made: list[str] = []

    def restore(name: str) -> str:
        url = postgresql.new_database()
        made.append(url)
        engine = Elsewhere(url, name).engine
        with engine.begin() as connection:
            connection.exec_driver_sql((RECORDED / f"{name}.sql").read_text(encoding="utf-8").replace("%", "%%"))
            connection.execute(text("SET search_path TO public"))
        engine.dispose()
        return url

    yield restore
    for url in made:
        postgresql.drop(url)
