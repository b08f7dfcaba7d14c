"""Checks of what the application runs on."""

from __future__ import annotations

import importlib.metadata
import sqlite3
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Final

from authweave.extending import Check, Finding
from authweave.storage import Storage

END_OF_LIFE: Final[Mapping[tuple[int, int], datetime]] = {
    (3, 11): datetime(2027, 11, 1, tzinfo=UTC),
    (3, 12): datetime(2028, 11, 1, tzinfo=UTC),
    (3, 13): datetime(2029, 11, 1, tzinfo=UTC),
    (3, 14): datetime(2030, 11, 1, tzinfo=UTC),
}
"""When Python gets no more security fixes (devguide.python.org/versions)."""

WAL_RESET_FIXED: Final = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
"""Releases without a rare race that may damage a database (sqlite.org/wal.html#walresetbug); the last two of a line."""

OLDEST_OPENSSL: Final = 3
OLDEST_LIBPQ: Final = 140_000
"""PostgreSQL 13 got its last fixes in November 2025."""


def version_checks(storage: str | Storage) -> tuple[Check, ...]:
    """Return the checks, with that of SQLite or of libpq where the store may be one."""
    is_server = isinstance(storage, str) and not storage.startswith("sqlite")
    return (
        Check("python", "Python gets security fixes", check_python),
        Check("openssl", "OpenSSL gets security fixes", check_openssl),
        Check("libpq", "libpq gets fixes", check_libpq)
        if is_server
        else Check("sqlite", "SQLite has no known fault that matters here", partial(check_sqlite, storage)),
        Check("packages", "What the library stands on", check_packages),
    )


def check_python(version: tuple[int, int] = sys.version_info[:2], now: datetime | None = None) -> Finding:
    """Look at Python."""
    said = f"Python {version[0]}.{version[1]}"
    end = END_OF_LIFE.get(version)
    if end is not None and end <= (now or datetime.now(UTC)):
        return Finding("warning", f"{said} gets no more fixes since {end:%B %Y}.", "Use a newer Python.")
    return Finding("ok", f"{said}." if end is None else f"{said}, until {end:%B %Y}.")


def check_openssl() -> Finding:
    """Look at the OpenSSL of cryptography, which signs and encrypts, and at Python's, which speaks TLS."""
    import ssl

    from cryptography.hazmat.backends.openssl import backend

    said = f"{backend.openssl_version_text()} in cryptography, {ssl.OPENSSL_VERSION} in Python."
    if ssl.OPENSSL_VERSION_INFO[0] < OLDEST_OPENSSL:
        return Finding("warning", said, "OpenSSL 1.1.1 got its last fixes in 2023: use a newer Python.")
    return Finding("ok", said)


def check_sqlite(storage: str | Storage, version: tuple[int, ...] = sqlite3.sqlite_version_info) -> Finding:
    """Look at SQLite."""
    said = f"SQLite {'.'.join(map(str, version))}"
    if not isinstance(storage, str):
        return Finding("ok", f"{said}, if the store is one.")
    if version >= WAL_RESET_FIXED[0] or any(version[:2] == each[:2] and version >= each for each in WAL_RESET_FIXED):
        return Finding("ok", f"{said}.")
    advice = "Use 3.51.3 or newer, and keep backups: two checkpoints at the wrong moment may damage the file."
    return Finding("warning", f"{said} has the WAL-reset fault, which is rare.", advice)


def check_libpq() -> Finding:
    """Look at what speaks to PostgreSQL."""
    from psycopg import pq

    version = pq.version()
    said = f"libpq {version // 10_000}.{version % 10_000}."
    if version < OLDEST_LIBPQ:
        return Finding("warning", said, "It gets no more fixes: use a newer one, psycopg[binary] brings it.")
    return Finding("ok", said)


def check_packages() -> Finding:
    """Say which versions there are: of the library, what it needs, and what its extras need."""
    needed = importlib.metadata.requires("authweave") or ()
    names = dict.fromkeys(name_of(each) for each in needed)
    found = (f"{name} {version}" for name in ("authweave", *names) if (version := version_of(name)) is not None)
    return Finding("ok", f"{', '.join(found)}.")


def name_of(requirement: str) -> str:
    """Return the name of what a package requires (``psycopg`` of ``psycopg[binary]>=3.2``)."""
    end = next(
        (at for at, character in enumerate(requirement) if not (character.isalnum() or character in "-_.")), None
    )
    return requirement[:end]


def version_of(name: str) -> str | None:
    """Return the version of a package; None where it is not installed."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
