"""``authweave db copy``: a whole store into another database, SQLite to PostgreSQL and back."""

from __future__ import annotations

import hashlib
from typing import Annotated

import attrs
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import make_url

from authweave import AuthweaveError
from authweave.app import secret_beside
from authweave.moving import copy_store, count_all
from authweave.storage import SECRET_SLOT
from authweave.storage.sql import SQLStorage, database_file, open_storage

from ._db_parts import parts_in_use, store_parts
from ._output import fail, say
from ._store import PATIENT, require_database

HELP = "sqlite:///auth.db, postgresql://user:password@host/database"


def copy(
    source: Annotated[
        str,
        typer.Argument(metavar="FROM", envvar="AUTHWEAVE_COPY_FROM", help=f"The store: {HELP}", show_default=False),
    ],
    target: Annotated[
        str,
        typer.Argument(
            metavar="TO", envvar="AUTHWEAVE_COPY_TO", help="Where it goes, an empty database.", show_default=False
        ),
    ],
) -> None:
    """
    Copy a store into an empty database: all users, sessions, keys, and what recipes from elsewhere keep.

    Stop the application first. Started again after it was killed, it goes on. At the end both are compared.
    """
    require_database(source)
    if source == target:
        fail("FROM and TO are the same database.")
    try:
        original = open_storage(source, attrs.evolve(PATIENT, migrate=False), parts_in_use(source))
        try:
            copied = open_storage(target, attrs.evolve(PATIENT, migrate=True), store_parts())
            try:
                rows = run(original, copied, source)
                keeps_secret = any(key.slot == SECRET_SLOT for key in copied.signing_keys())
                sealed = copied.count_sealed()
            finally:
                copied.close()
        finally:
            original.close()
    except AuthweaveError as error:
        fail(str(error))
    say(f"{rows} rows copied, and compared with their source: they are the same.")
    tell_of_secret(source, target, sealed, keeps_secret=keeps_secret)


def run(source: SQLStorage, target: SQLStorage, url: str) -> int:
    """Copy, with a bar in a terminal."""
    errors = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task("Copying", total=count_all(source))
        done: dict[str, int] = {}

        def on_rows(table: str, rows: int) -> None:
            done[table] = rows
            bar.update(task, completed=sum(done.values()), description=f"Copying {table}")

        return copy_store(source, target, key_of(url), target.clock, on_rows)


def key_of(url: str) -> str:
    """Return what tells a database from others, without its password."""
    return hashlib.sha256(make_url(url).set(password=None).render_as_string().encode()).hexdigest()


def tell_of_secret(source: str, target: str, sealed: dict[str, int], *, keeps_secret: bool) -> None:
    """Say what is needed for the rows that are sealed with the server's secret."""
    held = ", ".join(f"{count} {kind}" for kind, count in sealed.items() if count)
    if not held:
        return
    if keeps_secret:
        say(f"The secret that {held} need is in the store, and came along.")
        return
    file, copied = database_file(source), database_file(target)
    beside = None if file is None else secret_beside(file)
    known = f"that is in {beside}" if beside is not None and beside.is_file() else "that init was given"
    where = f"to {secret_beside(copied)}, or " if copied is not None else ""
    say(
        f"{held} are sealed with the secret {known}: copy it {where}into init(secret=...). Without it they are worth "
        "nothing, and nobody stays signed in."
    )
