"""Where the server secret of an application comes from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from authweave.security import SecretError, ServerSecret, secret_file, secret_from_configuration
from authweave.storage import SECRET_SLOT, KeyRecord, Storage
from authweave.types import ConfigurationError

if TYPE_CHECKING:
    from authweave.storage.sql import SQLStorage


def configured_secret(
    configured: str | bytes | None, storage: str | Storage, *, allow_plaintext_keys: bool
) -> ServerSecret | None:
    """
    Return the secret that was configured, or None where the application may have it from elsewhere.

    Nothing is opened for it, so that a secret that is missing is said before tables that are.

    Args:
        configured: what the application was given.
        storage: where its data is, as it was given.
        allow_plaintext_keys: whether a store that has no file may keep the secret, beside the keys that it encrypts.

    Raises:
        ConfigurationError: none was configured for a store that has no file, or it cannot be used.
    """
    if configured is not None:
        try:
            return secret_from_configuration(configured)
        except SecretError as error:
            raise ConfigurationError(str(error)) from error
    if allow_plaintext_keys:
        return None
    where = "a store of your own"
    if isinstance(storage, str):
        from authweave.storage.sql import is_on_server

        if not is_on_server(storage):
            return None
        where = "PostgreSQL"
    raise ConfigurationError(
        f"secret= is needed with {where}, the same one on every machine: at least 32 unpredictable bytes, "
        "kept as a secret. (allow_plaintext_keys=True would keep one in the database: whoever reads that, or a "
        "copy of it, could then sign tokens for every user.)"
    )


def secret_of_store(storage: str | Storage, store: Storage, random_bytes: Callable[[int], bytes]) -> ServerSecret:
    """
    Return the secret of the file beside an SQLite database, or the one that another store keeps itself.

    A database in memory ends with the process, and so does its secret.

    Args:
        storage: where the data is, as it was given.
        store: the store that was opened there.
        random_bytes: returns as many unpredictable bytes as asked.

    Raises:
        ConfigurationError: the file cannot be used, or is missing though there are keys that it opens.
        StorageError: the store could not be asked.
    """
    if not isinstance(storage, str):
        return secret_kept_in(store, random_bytes)
    from authweave.storage.sql import database_file, is_on_server

    if is_on_server(storage):
        return secret_kept_in(store, random_bytes)
    try:
        path = database_file(storage)
        if path is None:
            return ServerSecret(random_bytes(32))
        secret = secret_beside(path)
        if not secret.exists():
            counted = cast("SQLStorage", store).count_sealed()  # what a URL opens has it
            sealed = [name for name, count in counted.items() if count]
            if sealed and not secret.exists():  # another process may have made both
                raise ConfigurationError(
                    f"{str(secret)!r} is missing, put it back, or hand its content over as secret=: {path.name!r} has "
                    f"{' and '.join(sealed)}, which are of no use without it. Where it is lost, run `authweave db "
                    f"forget-keys sqlite:///{path}`: all sessions end, users and passwords stay."
                )
        return secret_file(secret, random_bytes=random_bytes)
    except SecretError as error:
        raise ConfigurationError(str(error)) from error


def secret_kept_in(store: Storage, random_bytes: Callable[[int], bytes]) -> ServerSecret:
    """Return the secret that a store keeps in a slot of its own; of processes that bring one at once one wins."""
    kept = store.add_signing_key(
        KeyRecord(kid=SECRET_SLOT, slot=SECRET_SLOT, algorithm="none", private_key=random_bytes(32), created_at_ms=0)
    )
    return ServerSecret(kept.private_key)


def place_of(storage: str) -> Literal["memory", "file", "server"]:
    """
    Return where the data of a URL is; nothing is opened.

    Raises:
        ConfigurationError: it is no URL of a store.
    """
    from authweave.storage.sql import database_file, is_on_server

    if is_on_server(storage):
        return "server"
    return "memory" if database_file(storage) is None else "file"


def secret_beside(database: Path) -> Path:
    """Return where an SQLite database has its secret, unless one was configured."""
    return database.with_name(f"{database.name}.secret")
