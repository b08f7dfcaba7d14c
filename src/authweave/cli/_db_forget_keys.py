"""``authweave db forget-keys``: deletes what nobody can use any more, since the secret is lost."""

from __future__ import annotations

from typing import Annotated

import typer

from authweave import AuthweaveError
from authweave.app import secret_beside
from authweave.storage.sql import database_file, is_on_server, open_storage

from ._db_migrate import Url
from ._db_parts import store_parts
from ._output import fail, say


def forget_keys(
    url: Url,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """
    Forget what cannot be used without the secret, where that is lost.

    That is signing keys, sessions, mails that wait, providers of tenants and tokens of providers. Everybody is signed
    out. Users and their passwords stay. Stop the application first: it goes on with what it knows.
    """
    try:
        file = database_file(url)
        if not is_on_server(url) and (file is None or not file.is_file()):
            fail("There is no such database: check the URL, and the directory that the command was started in.")
        if file is not None and (secret := secret_beside(file)).exists():
            fail(
                f"{str(secret)!r} is there, with which the keys are encrypted: nothing has to be forgotten. Where it "
                "is not the right one, or others know it, move it away first."
            )
        storage = open_storage(url, parts=store_parts())
    except AuthweaveError as error:
        fail(str(error))
    try:
        found = {name: count for name, count in storage.count_sealed().items() if count}
        if not found:
            say("There is nothing that needs the secret.")
            return
        if not yes:
            listed = ", ".join(f"{count} {name}" for name, count in found.items())
            typer.confirm(f"Delete {listed}? Everybody is signed out; users and passwords stay.", abort=True)
        deleted = storage.forget_sealed()
    except AuthweaveError as error:
        fail(str(error))
    finally:
        storage.close()
    say(*(f"Deleted {count} {name}." for name, count in deleted.items() if count))
