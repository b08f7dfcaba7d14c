"""Addresses of databases."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from authweave.storage._limits import check_text
from authweave.types import BadInputError, ConfigurationError

from ._files import plain_path

if TYPE_CHECKING:
    from sqlalchemy import URL

MAX_CHARACTERS: Final = 4096
MAX_PORT: Final = 65535
DRIVERS: Final = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgresql": "postgresql",
    "postgresql+psycopg": "postgresql",
    "postgres": "postgresql",  # as some hosts write it
}
SEVERAL_HOSTS: Final = re.compile(r"(?P<before>[^/]*://(?:[^@]*@)?)(?P<hosts>[^/?@]*,[^/?@]*)(?P<after>.*)", re.DOTALL)
"""As libpq writes them: ``postgresql://one:5432,two:5433/database``."""
HOST: Final = re.compile(r"(?P<name>\[[^\]]*\]|[^:]*)(?::(?P<port>\d*))?")
DEFAULT_PORT: Final = "5432"
EXAMPLES: Final = "write one like 'sqlite:///auth.db' or 'postgresql://user:password@host:5432/database'."


def database_file(url: str) -> Path | None:
    """
    Return the absolute path of the file that a URL means; None where it means a database in memory, or a server.

    Raises:
        authweave.types.ConfigurationError: as for `open_storage`.
    """
    if (path := plain_path(url)) is not None:
        return path
    from ._sqlite import sqlite_path  # noqa: PLC0415  loads SQLAlchemy

    parsed = parse_url(url)
    return sqlite_path(parsed) if parsed.get_backend_name() == "sqlite" else None


def is_on_server(url: str) -> bool:
    """
    Return whether a URL means a database that several machines may share.

    Raises:
        authweave.types.ConfigurationError: as for `open_storage`.
    """
    return plain_path(url) is None and parse_url(url).get_backend_name() != "sqlite"


def parse_url(url: str) -> URL:
    """
    Parse a URL of SQLite or PostgreSQL. What was written is in no message: it may hold a password.

    Raises:
        authweave.types.ConfigurationError: it is neither.
    """
    from sqlalchemy import make_url  # noqa: PLC0415  most starts on SQLite do without
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415  likewise

    try:
        check_text(unquote(url), "the URL", MAX_CHARACTERS)
        parsed = parsed_by_libpq(url) or make_url(url)
    except BadInputError as error:
        raise ConfigurationError(f"open_storage: {error} So {EXAMPLES}") from None
    except (ArgumentError, ValueError):  # the second: a host or port that is none
        raise ConfigurationError(f"open_storage: this is not a URL: {EXAMPLES}") from None
    if "?" in url and not parsed.query:  # make_url drops a query without '=', and the rest would be another file
        raise ConfigurationError(f"open_storage: write the '?' of a file's name or a password as %3F: {EXAMPLES}")
    if parsed.drivername not in DRIVERS:
        raise ConfigurationError(f"open_storage: {parsed.drivername!r} is not supported: {EXAMPLES}")
    if parsed.port is not None and not 0 < parsed.port <= MAX_PORT:
        raise ConfigurationError(f"open_storage: there is no port {parsed.port}: {EXAMPLES}")
    return parsed.set(drivername=DRIVERS[parsed.drivername])


def parsed_by_libpq(url: str) -> URL | None:
    """
    Parse a URL that names several hosts as libpq does; None where it does not.

    Raises:
        ValueError: one of them is no host.
    """
    from sqlalchemy import make_url  # noqa: PLC0415  as above

    found = SEVERAL_HOSTS.fullmatch(url)
    if found is None or found["before"].startswith("sqlite"):
        return None
    hosts = [HOST.fullmatch(each) for each in found["hosts"].split(",")]
    named = [each for each in hosts if each is not None and each["name"]]
    if len(named) < len(hosts):
        raise ValueError
    return make_url(found["before"] + found["after"]).update_query_dict(
        {
            "host": ",".join(each["name"].strip("[]") for each in named),
            "port": ",".join(each["port"] or DEFAULT_PORT for each in named),
        }
    )
