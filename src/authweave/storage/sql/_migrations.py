"""The tables of the database at a URL, and the way from one revision to another."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager

import attrs
from sqlalchemy import Connection

from authweave.storage._faults import part_faults
from authweave.storage._options import StorageOptions
from authweave.storage._part import StorePart
from authweave.types import ConfigurationError

from ._addresses import OddAddress, odd_addresses, rewrite_addresses
from ._backend import Backend
from ._history import CORE, History, histories_of
from ._migrate import (
    NO_TABLES,
    Revisions,
    check_revision,
    describe_outdated,
    differences,
    downgrade,
    is_unnoted,
    snapshot_error,
    understood_revisions,
    upgrade,
)
from ._migration_sql import migration_sql
from ._snapshot import is_from_snapshot
from ._storage import backend_for
from ._translation import translate_errors
from ._url import database_file, is_on_server, parse_url


@attrs.frozen
class Migrations:
    """
    The tables of a database, which `authweave db` looks after. All methods block.

    The core and every part have a history of their own, with revisions of their own. Where a method takes the name of
    a part, ``core`` is one too.

    Attributes:
        url: where the database is, as for `open_storage`.
        options: its timeouts. By default nothing is prepared, so that any pooler may stand in between.
        parts: what recipes keep in it, beside what all of them share.

    All of them raise `authweave.types.ConfigurationError` where a URL is none, parts collide, a part or a revision is
    unknown, the database is half-migrated or was written by a newer release, and `authweave.storage.StorageError` where
    the database cannot be reached, or refuses. Nothing was changed then.

    .. versionadded:: 0.1.0
    """

    url: str = attrs.field(repr=False)
    options: StorageOptions = attrs.field(factory=lambda: StorageOptions(prepare_threshold=None))
    parts: Sequence[StorePart[object]] = ()

    def __attrs_post_init__(self) -> None:
        """Check the parts."""
        if faults := part_faults(self.parts):
            raise ConfigurationError(" ".join(faults))

    def revisions(self) -> Revisions:
        """Return the revisions that core and parts stand at, by name; None where one has no tables yet."""
        if self.is_absent():
            return {each.name: None for each in self._histories()}
        with self._connect() as connection:
            return understood_revisions(connection, self._histories())

    def is_absent(self) -> bool:
        """Return whether the URL means an SQLite file that is not there, or a database in memory."""
        file = database_file(self.url)
        return not is_on_server(self.url) and (file is None or not file.is_file())

    def unused(self) -> tuple[str, ...]:
        """
        Return the parts of which the database has no table at all, though it has the core's.

        That is well where no application on it lists their recipes; one that does says so when it starts.
        """
        if self.is_absent():
            return ()
        with self._connect() as connection:
            found = understood_revisions(connection, self._histories())
            if not any(found.values()) or is_from_snapshot(connection):
                return ()
            return tuple(
                each.name for each in self._histories() if found[each.name] is None and not is_unnoted(connection, each)
            )

    def missing(self) -> tuple[str, ...]:
        """
        Return what the database lacks beside what this release needs; nothing where it is up to date.

        Parts that are not in use (`unused`) are lacked by nobody.
        """
        if self.is_absent():
            return (NO_TABLES,)
        unused = self.unused()
        used = [each for each in self._histories() if each.name not in unused]
        with self._connect() as connection:
            found = understood_revisions(connection, used)
            if behind := describe_outdated(connection, used, found):
                return tuple(behind)
            return tuple(each for history in used for each in differences(connection, history))

    def upgrade(self, revision: str = "head", *, part: str | None = None) -> None:
        """Bring the core and all parts up to date, or one of them to a revision, in one transaction."""
        chosen = self._histories() if part is None and revision == "head" else [self._history(part)]
        with self._backend() as backend:
            upgrade(backend, chosen, revision)

    def downgrade(self, revision: str, *, part: str | None = None) -> None:
        """
        Take the core, or a part, back to a revision, in one transaction.

        What only the newer tables hold is lost. A migration may refuse to be undone.
        """
        if self.is_absent():
            raise ConfigurationError("There is no such database: check the URL, and the directory of its file.")
        with self._backend() as backend:
            downgrade(backend, self._history(part), revision)

    def sql(self, revision: str = "head", *, since: Revisions, part: str | None = None) -> str:
        """
        Return the SQL that goes from revisions to others, newer or older, without asking the database.

        Args:
            revision: where to go; ``head`` is the newest.
            since: where each starts, by name, as `revisions` returns it; None or no entry means that there are no
                tables yet.
            part: what goes there; None means the core and all parts where ``revision`` is ``head``, else the core.
        """
        chosen = self._histories() if part is None and revision == "head" else [self._history(part)]
        for history in chosen:
            for wanted in (revision, since.get(history.name) or "head"):
                check_revision(history, wanted)
        return migration_sql(
            parse_url(self.url).get_backend_name(),
            [(each, since.get(each.name), each.revision if revision == "head" else revision) for each in chosen],
        )

    def odd_addresses(self) -> tuple[OddAddress, ...]:
        """Return the addresses that are not stored as new ones would be; their logins may be hard to type."""
        with self._up_to_date() as backend, backend.engine.connect() as connection:
            return odd_addresses(connection)

    def rewrite_addresses(self) -> int:
        """
        Rewrite those of them that collide with no other, in one transaction, and return how many.

        A migration does so by itself. What older releases added meanwhile, and where the SQL of migrations was run
        by hand, is left for this.
        """
        with self._up_to_date() as backend, backend.engine.connect() as connection, backend.migrating(connection):
            return rewrite_addresses(connection)

    def refuse_snapshots(self) -> None:
        """Refuse a database from before the first release: its way to this one cannot be written as SQL."""
        if not self.is_absent():
            with self._connect() as connection:
                if is_from_snapshot(connection):
                    raise snapshot_error()

    def _histories(self) -> tuple[History, ...]:
        return histories_of(tuple(dict.fromkeys(self.parts)))

    def _history(self, part: str | None) -> History:
        by_name = {each.name: each for each in self._histories()}
        if part is not None and part not in by_name:
            raise ConfigurationError(f"There is no part {part!r}: there are {', '.join(by_name)}.")
        return by_name[part or CORE.name]

    @contextmanager
    def _up_to_date(self) -> Generator[Backend]:
        """Open a database whose core is that of this release."""
        if self.is_absent():
            raise ConfigurationError("There is no such database: check the URL, and the directory of its file.")
        with self._backend() as backend:
            with backend.engine.connect() as connection:
                found = understood_revisions(connection, [CORE])
                if behind := describe_outdated(connection, [CORE], found):
                    raise ConfigurationError(
                        f"The database is not up to date: {'; '.join(behind)}. Run `authweave db upgrade` first."
                    )
            yield backend

    @contextmanager
    def _backend(self) -> Generator[Backend]:
        backend = backend_for(parse_url(self.url), self.options)
        try:
            with translate_errors(backend):
                backend.before_first_use()
                yield backend
        finally:
            backend.engine.dispose()

    @contextmanager
    def _connect(self) -> Generator[Connection]:
        with (
            self._backend() as backend,
            backend.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        ):
            yield connection
