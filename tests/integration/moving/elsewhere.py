"""Databases of what was recorded of other systems."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import text

from authweave.moving.readers._database import Elsewhere
from tests.postgresql import Server

RECORDED: Final = Path(__file__).parent / "recorded"


@contextmanager
def restored(name: str, server: Server) -> Generator[str]:
    """Make a database of what was recorded of a system, for a block, and return its URL."""
    url = server.new_database()
    engine = Elsewhere(url, name).engine
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql((RECORDED / f"{name}.sql").read_text(encoding="utf-8").replace("%", "%%"))
            connection.execute(text("SET search_path TO public"))
        yield url
    finally:
        engine.dispose()
        server.drop(url)
