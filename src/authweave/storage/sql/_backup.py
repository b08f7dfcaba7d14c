"""Copies an SQLite database while it is in use, and puts a copy in its place."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from authweave.storage._errors import StorageError
from authweave.types import ConfigurationError

from ._url import database_file, is_on_server
from ._wal import require_fitting_log

WAIT_S = 5.0


def back_up(url: str, target: Path) -> None:
    """
    Copy an SQLite database into a new file that only its owner may read, while processes use it. Blocks.

    Everything that was acknowledged before the call is in the copy. Writers do not wait. The copy is complete, checked
    and on the disk before it gets its name.

    The secret with which the signing keys in it are encrypted is not in it.

    Args:
        url: that of the database, as for `open_storage`.
        target: the new file.

    Raises:
        authweave.types.ConfigurationError: the URL is not that of an SQLite file, there is none, or the target exists.
        authweave.storage.StorageError: copying failed, or the copy is damaged. There is no target then.

    .. versionadded:: 0.1.0
    """
    copy_whole(source_of(url), target)


def restore(source: Path, url: str) -> None:
    """
    Put a backup where a database was, so that nothing of that one mixes with it. Blocks.

    What was there, and what SQLite kept beside it, has to be moved away first: SQLite would take a log that is left for
    that of the backup. The processes that used it have to have ended.

    Args:
        source: what `back_up` has made.
        url: that of the database that is to be, as for `open_storage`.

    Raises:
        authweave.types.ConfigurationError: the URL is not that of an SQLite file, there is no such backup, or a file of
            the former database is there.
        authweave.storage.StorageError: copying failed, or the backup is damaged. There is no database then.

    .. versionadded:: 0.1.0
    """
    if is_on_server(url):
        raise ConfigurationError("This is PostgreSQL, which has its own tools: restore it with pg_restore.")
    target = database_file(url)
    if target is None:
        raise ConfigurationError("A database in memory cannot be restored: name a file, sqlite:///auth.db.")
    if not source.is_file():
        raise ConfigurationError(f"There is no backup {str(source)!r}: check where the command starts from.")
    require_fitting_log(source)
    if found := [str(each) for each in (target, *files_beside(target)) if each.exists()]:
        raise ConfigurationError(
            f"{', '.join(map(repr, found))} would mix with the backup: stop every process that uses it, and move it "
            "away first."
        )
    copy_whole(source, target)


def files_beside(database: Path) -> tuple[Path, ...]:
    """Return what SQLite may keep beside a database."""
    return tuple(database.with_name(f"{database.name}-{end}") for end in ("wal", "shm", "journal"))


def copy_whole(source: Path, target: Path) -> None:
    """
    Copy a database into a new file, which is complete, checked and on the disk before it gets its name.

    Raises:
        authweave.types.ConfigurationError: the target exists, or cannot be made.
        authweave.storage.StorageError: copying failed, or the copy is damaged. There is no target then.
    """
    if target.exists():
        raise ConfigurationError(f"{str(target)!r} exists already: name a new file, nothing is overwritten.")
    partial = target.with_name(f"{target.name}.partial")
    try:
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        raise ConfigurationError(
            f"{str(partial)!r} exists: another backup is under way, or was interrupted. If so, delete it."
        ) from None
    except OSError as error:
        raise ConfigurationError(f"{str(partial)!r} cannot be made ({error.strerror}): name another place.") from error
    try:
        copy(source, partial)
        sync_to_disk(partial)
        partial.rename(target)
        sync_to_disk(target.parent)
    except (sqlite3.Error, OSError) as error:
        name = getattr(error, "sqlite_errorname", None) or type(error).__name__
        raise StorageError(
            f"{str(source)!r} was not copied ({name}): check that it is a database, and that the disk has room."
        ) from error
    finally:
        partial.unlink(missing_ok=True)


def source_of(url: str) -> Path:
    """Return the file of a database that can be copied."""
    if is_on_server(url):
        raise ConfigurationError(
            "This is PostgreSQL, which has its own tools: back it up with pg_dump --format=custom, restore it with "
            "pg_restore."
        )
    source = database_file(url)
    if source is None:
        raise ConfigurationError("A database in memory ends with its process: there is nothing to back up.")
    if not source.is_file():
        raise ConfigurationError(f"There is no database {str(source)!r}: check the URL, and where it starts from.")
    return source


def copy(source: Path, target: Path) -> None:
    """Copy a database in one read transaction, into one file, and check it."""
    with closing(connect(source)) as source_database, closing(connect(target)) as target_database:
        source_database.backup(target_database)
        target_database.execute("PRAGMA journal_mode = DELETE")
        problems = [str(problem) for (problem,) in target_database.execute("PRAGMA integrity_check")]
    if problems != ["ok"]:
        raise StorageError(f"The copy of {str(source)!r} is damaged ({problems[0]}): check the database itself.")


def connect(file: Path) -> sqlite3.Connection:
    """Open a database that exists."""
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=WAIT_S, isolation_level=None)


def sync_to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
