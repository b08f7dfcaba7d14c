"""What ``authweave doctor`` finds of Python and the libraries below."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from authweave.app.checks._versions import check_libpq, check_packages, check_python, check_sqlite, name_of
from authweave.storage.memory import MemoryStorage


@pytest.mark.parametrize(
    ("version", "day", "severity"),
    [
        ((3, 11), datetime(2027, 10, 31, tzinfo=UTC), "ok"),
        ((3, 11), datetime(2027, 11, 1, tzinfo=UTC), "warning"),
        ((3, 14), datetime(2027, 11, 1, tzinfo=UTC), "ok"),
        ((3, 99), datetime(2099, 1, 1, tzinfo=UTC), "ok"),
    ],
)
def test_python(version: tuple[int, int], day: datetime, severity: str) -> None:
    """Until its last security fix; of one that is newer than this release nothing is known."""
    assert check_python(version, day).severity == severity


@pytest.mark.parametrize(
    ("version", "severity"),
    [
        ((3, 40, 1), "warning"),
        ((3, 44, 5), "warning"),
        ((3, 44, 6), "ok"),
        ((3, 50, 6), "warning"),
        ((3, 50, 7), "ok"),
        ((3, 51, 2), "warning"),
        ((3, 51, 3), "ok"),
        ((3, 53, 0), "ok"),
    ],
)
def test_sqlite(version: tuple[int, int, int], severity: str) -> None:
    """Releases with the WAL-reset fault, and those that it was mended in, also of older lines."""
    assert check_sqlite("sqlite:///auth.db", version).severity == severity
    assert check_sqlite(MemoryStorage(), version).severity == "ok"


def test_libpq() -> None:
    """The one that psycopg brings."""
    pytest.importorskip("psycopg")
    assert check_libpq().severity == "ok"
    assert check_libpq().found.startswith("libpq ")


def test_packages() -> None:
    """Names and versions of what there is."""
    assert "SQLAlchemy 2" in check_packages().found or "sqlalchemy 2" in check_packages().found
    assert [name_of(each) for each in ("psycopg[binary]>=3.2", "rich>=14", "typing-extensions", "a ; x == 'y'")] == [
        "psycopg",
        "rich",
        "typing-extensions",
        "a",
    ]
