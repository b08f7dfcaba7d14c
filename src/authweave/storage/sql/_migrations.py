"""The tables of the database at a URL, and the way from one revision to another."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import attrs
from sqlalchemy import Connection

from authweave.storage import StorageOptions
from authweave.types import ConfigurationError

from ._backend import Backend
from ._database import translated_errors
from ._migrate import check_begun, check_known, check_revision, differences, downgrade, revision_of, upgrade
from ._migration_sql import migration_sql
from ._schema import REVISION
from ._storage import backend_for
from ._url import database_file, is_on_server, parsed_url


@attrs.frozen
class Migrations:
    """
    The tables of a database, which `authweave db` looks after. All methods block.

    Attributes:
        url: where the database is, as for `open_storage`.
        options: its timeouts.

    All of them raise `authweave.types.ConfigurationError` where a URL is none, a revision is unknown, the database is
    half-migrated or was written by a newer release, and `authweave.storage.StorageError` where the database cannot be
    reached, or refuses. Nothing was changed then.

    .. versionadded:: 0.1.0
    """

    url: str = attrs.field(repr=False)
    options: StorageOptions = attrs.field(factory=StorageOptions)

    def revision(self) -> str | None:
        """Return the revision that the database stands at, or None where it has no tables of the library yet."""
        if self.is_absent():
            return None
        with self._connected() as connection:
            found = revision_of(connection)
            check_known(found)
            check_begun(connection, found)
            return found

    def is_absent(self) -> bool:
        """Say whether the URL means an SQLite file that is not there, or a database in memory."""
        file = database_file(self.url)
        return not is_on_server(self.url) and (file is None or not file.is_file())

    def missing(self) -> tuple[str, ...]:
        """Return what the database lacks beside what this release needs; nothing where it is up to date."""
        found = self.revision()
        if found is None:
            return ("it has no tables of authweave yet",)
        if found != REVISION:
            return (f"it stands at revision {found}, and this release needs {REVISION}",)
        with self._connected() as connection:
            return differences(connection)

    def upgrade(self, revision: str = "head") -> None:
        """Bring the database up to a revision, by default the newest, in one transaction."""
        with self._backend() as backend:
            upgrade(backend, revision)

    def downgrade(self, revision: str) -> None:
        """
        Take the database back to a revision, in one transaction.

        What the older tables can hold is kept. It is refused where going back would make one thing of two.
        """
        if self.is_absent():
            raise ConfigurationError("There is no such database: check the URL, and the directory of its file.")
        with self._backend() as backend:
            downgrade(backend, revision)

    def sql(self, revision: str, *, since: str | None) -> str:
        """
        Return the SQL that goes from a revision to another, newer or older, without asking the database.

        Args:
            revision: where to go; ``head`` is the newest.
            since: where to start; None means that there are no tables yet.
        """
        for wanted in (revision, since or "head"):
            check_revision(wanted)
        until = REVISION if revision == "head" else revision
        return migration_sql(parsed_url(self.url).get_backend_name(), since, until)

    @contextmanager
    def _backend(self) -> Generator[Backend]:
        backend = backend_for(parsed_url(self.url), self.options)
        try:
            with translated_errors(backend):
                backend.before_first_use()
                yield backend
        finally:
            backend.engine.dispose()

    @contextmanager
    def _connected(self) -> Generator[Connection]:
        with (
            self._backend() as backend,
            backend.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        ):
            yield connection
