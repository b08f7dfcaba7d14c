"""``authweave db restore``: puts a backup of an SQLite database in its place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from authweave import AuthweaveError
from authweave.app import secret_beside
from authweave.storage.sql import database_file, restore

from ._db_backup import copy_secret
from ._output import fail, say


def restore_backup(
    source: Annotated[Path, typer.Argument(metavar="BACKUP", help="What `authweave db backup` has made.")],
    url: Annotated[str, typer.Argument(metavar="URL", help="Where the database was: sqlite:///auth.db")],
    *,
    with_secret: Annotated[
        bool, typer.Option("--with-secret", help="Copy the secret too, from BACKUP.secret.")
    ] = False,
) -> None:
    """
    Put a backup where an SQLite database was. Stop the application, and move the former files away first.

    Refuses where files of the former database are left, with which SQLite would mix the backup.
    """
    kept = secret_beside(source)
    try:
        target = database_file(url)
        secret = None if target is None else secret_beside(target)
        if with_secret and not kept.is_file():
            fail(f"There is no {str(kept)!r}: leave out --with-secret, and put the secret there yourself.")
        if with_secret and secret is not None and secret.exists() and secret.read_bytes() != kept.read_bytes():
            fail(f"{str(secret)!r} is there, and is another secret than that of the backup: move it away first.")
        restore(source, url)
    except AuthweaveError as error:
        fail(str(error))
    say(f"Restored {target} from {source} and checked it.")
    if secret is None or secret.exists():
        return
    if with_secret:
        copy_secret(kept, secret)
        say(f"The secret was copied to {secret}.")
    else:
        say(f"Now put the secret that belongs to it back, to {secret}, unless the application is given it otherwise.")
