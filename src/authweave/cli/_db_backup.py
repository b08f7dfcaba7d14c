"""``authweave db backup``: copies an SQLite database while it is in use."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from authweave import AuthweaveError
from authweave.app import secret_beside
from authweave.storage.sql import back_up, database_file

from ._output import fail, say


def backup(
    url: Annotated[str, typer.Argument(metavar="URL", help="The database: sqlite:///auth.db")],
    target: Annotated[Path, typer.Argument(metavar="TARGET", help="The new file. Nothing is overwritten.")],
    *,
    with_secret: Annotated[
        bool, typer.Option("--with-secret", help="Copy the secret too, to TARGET.secret. Then keep the two apart.")
    ] = False,
) -> None:
    """Copy an SQLite database, while the application uses it, into a new file that only its owner may read."""
    copied_secret = secret_beside(target)
    if with_secret and copied_secret.exists():
        fail(f"{str(copied_secret)!r} exists already: name a new file, nothing is overwritten.")
    try:
        back_up(url, target)
        database = database_file(url)
    except AuthweaveError as error:
        fail(str(error))
    say(f"Copied to {target} and checked ({target.stat().st_size} bytes).")
    secret = None if database is None else secret_beside(database)
    if secret is None or not secret.is_file():
        say("The signing keys in it are encrypted with the secret that init is given: keep that too, elsewhere.")
    elif with_secret:
        copy_secret(secret, copied_secret)
        say(
            f"The secret was copied to {copied_secret}. Whoever has both files can sign in as anybody: keep them apart."
        )
    else:
        say(f"The signing keys in it are encrypted with {secret}: keep that too, elsewhere, or pass --with-secret.")


def copy_secret(source: Path, target: Path) -> None:
    """Copy a secret into a new file that only its owner may read."""
    try:
        descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(source.read_bytes())
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        fail(f"The secret {str(source)!r} was not copied ({error.strerror}), the database was.")
