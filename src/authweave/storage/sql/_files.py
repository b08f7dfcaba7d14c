"""The files of an SQLite database: whose they are, and where a URL says that they are."""

from __future__ import annotations

import logging
import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from authweave.types import ConfigurationError

logger: Final = logging.getLogger("authweave.storage")

PLAIN: Final = re.compile(r"sqlite:///(?P<path>[A-Za-z0-9_./ +-]{1,4000})")
"""A URL of a file that means what it says, for which no parser has to be loaded."""


def plain_path(url: str) -> Path | None:
    """Return the absolute path of a file whose URL needs no parser; None for all others."""
    found = PLAIN.fullmatch(url)
    return None if found is None else Path(found["path"]).absolute()


def has_content(path: Path) -> bool:
    """Return whether there is a file that is not empty."""
    try:
        found = path.stat()
    except OSError:  # whoever opens it says why
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size > 0


def is_writable(path: Path) -> bool:
    """Return whether this process may read and write a file. Nothing is opened: see `require_writable`."""
    return os.access(path, os.R_OK | os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def create_private_file(path: Path) -> None:
    """
    Create a file that only its owner may read, if there is none; SQLite gives its other files the same mode.

    One that is empty, made by `touch` or `mktemp` say, becomes so too.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        if path.is_dir():
            raise ConfigurationError(f"open_storage: {str(path)!r} is a directory: name a file in it.") from None
        if os.name == "posix":  # other systems have no such bits
            keep_from_others(path)
    except OSError as error:
        raise ConfigurationError(
            f"open_storage: the database file {str(path)!r} cannot be created ({error.strerror}): "
            "make its directory, and let the process write there."
        ) from error


def keep_from_others(path: Path) -> None:
    """
    See to it that others than its owner cannot read a database that is empty; name one with rows that they can read.

    Those of one with rows may be wanted: they are left. What SQLite made beside it gets no more rights than it has.
    """
    with suppress(OSError):  # it is somebody else's
        if path.stat().st_size == 0:
            path.chmod(0o600)
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:  # a link to nothing, or gone since: connecting says so
        return
    file = path.resolve()  # beside which SQLite has the others
    for name in ("-wal", "-shm"):
        beside = file.with_name(f"{file.name}{name}")
        with suppress(OSError):  # there is none
            if (given := stat.S_IMODE(beside.stat().st_mode)) & ~mode:
                beside.chmod(given & mode)
    if mode & stat.S_IRWXO:
        logger.warning(
            "Everybody on this machine can use the database file %r, with all hashes of passwords: run chmod 600.",
            str(path),
            extra={"event": "database_open_to_others"},
        )
