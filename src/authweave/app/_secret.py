"""Where the server secret of an application comes from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from authweave.security import SecretError, ServerSecret, secret_file, secret_from_configuration
from authweave.storage import Storage
from authweave.storage.sql import database_file
from authweave.types import ConfigurationError


def secret_for(
    configured: str | bytes | None, storage: str | Storage, random_bytes: Callable[[int], bytes]
) -> ServerSecret:
    """
    Return the secret that was configured, or that of the file beside an SQLite database.

    A database in memory ends with the process, and so does its secret.

    Raises:
        ConfigurationError: none was configured for a store that has no file, or it cannot be used.
    """
    try:
        if configured is not None:
            return secret_from_configuration(configured)
        if not isinstance(storage, str):
            message = "secret= is needed beside a store of your own: at least 32 unpredictable bytes, kept as a secret."
            raise ConfigurationError(message)
        path = database_file(storage)
        if path is None:
            return ServerSecret(random_bytes(32))
        return secret_file(secret_beside(path), random_bytes=random_bytes)
    except SecretError as error:
        raise ConfigurationError(str(error)) from error


def secret_beside(database: Path) -> Path:
    """Return where an SQLite database has its secret, unless one was configured."""
    return database.with_name(f"{database.name}.secret")
