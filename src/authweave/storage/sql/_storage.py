"""The whole store, in SQL, and how it is opened."""

from __future__ import annotations

from sqlalchemy import URL
from typing_extensions import override

from authweave.storage import Storage, StorageOptions
from authweave.types import ConfigurationError, install_command

from ._backend import Backend
from ._database import Database, translated_errors
from ._keys import SQLKeys
from ._migrate import make_ready
from ._sessions import SQLSessions
from ._sqlite import sqlite_backend
from ._tenants import SQLTenants
from ._third_parties import SQLThirdParties
from ._url import parsed_url
from ._users import SQLUsers


class SQLStorage(SQLUsers, SQLThirdParties, SQLSessions, SQLKeys, SQLTenants, Storage):
    """
    Keep everything in an SQL database. `open_storage` makes one.

    .. versionadded:: 0.1.0
    """

    @override
    def close(self) -> None:
        self._database.close()


def open_storage(url: str, options: StorageOptions | None = None) -> Storage:
    """
    Open the store at a URL.

    What is acknowledged survives a crash of the machine: on SQLite ``synchronous`` is ``FULL``, on PostgreSQL
    ``synchronous_commit`` stays as the server has it, which is ``on`` unless somebody changed it.

    Args:
        url: ``sqlite:///auth.db`` (in the working directory), ``sqlite:////var/lib/app/auth.db`` (absolute), or
            ``sqlite://`` for one in memory that ends with the process. A new file may be read by its owner alone.
            ``postgresql://user:password@host:5432/database`` for a server; libpq's parameters may follow a ``?``.
        options: sizes and timeouts, and whether tables are made or brought up to date.

    Raises:
        authweave.types.ConfigurationError: the URL is none of these, the file cannot be created or is not a database,
            the tables are not those of this release and were not to be made, or a newer release has written them.
        authweave.storage.StorageError: the file stays locked, or the server cannot be reached or refuses.
    """
    options = options or StorageOptions()
    parsed = parsed_url(url)
    migrate = parsed.get_backend_name() == "sqlite" if options.migrate is None else options.migrate
    backend = backend_for(parsed, options)
    try:
        with translated_errors(backend):
            backend.before_first_use()
            make_ready(backend, migrate=migrate)
    except BaseException:
        backend.engine.dispose()
        raise
    return SQLStorage(Database(backend))


def backend_for(url: URL, options: StorageOptions) -> Backend:
    """
    Return the backend that a URL is for.

    Raises:
        authweave.types.ConfigurationError: as for `open_storage`.
    """
    if url.get_backend_name() == "sqlite":
        return sqlite_backend(url, options)
    try:
        from ._postgresql import postgresql_backend  # noqa: PLC0415  needs an extra, which SQLite does without
    except ImportError as error:
        message = f"open_storage: PostgreSQL needs psycopg: {install_command('postgresql')}"
        raise ConfigurationError(message) from error
    return postgresql_backend(url, options)
