"""``authweave db upgrade``, ``check`` and ``downgrade``: the tables of a database, from revision to revision."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Annotated, Final

import typer

from authweave import AuthweaveError
from authweave.storage.sql import Migrations, is_on_server

from ._db_parts import migrations_of
from ._output import fail, say

Url = Annotated[
    str,
    typer.Argument(
        metavar="URL",
        envvar="AUTHWEAVE_STORAGE",
        help="The database: sqlite:///auth.db, postgresql://user:password@host/database. A URL with a password belongs "
        "into the variable, since all users of a machine see what commands were started.",
        show_default=False,
    ),
]
Sql = Annotated[bool, typer.Option("--sql", help="Print the SQL that would do it, and change nothing.")]
Since = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="REVISION",
        help="With --sql: start here, and do not ask the database. 'base' means that it is empty.",
    ),
]

Part = Annotated[
    str | None,
    typer.Option(
        "--part",
        metavar="NAME",
        help="Whose tables --to and --from mean: the name of a part of the store. By default 'core'.",
        show_default=False,
    ),
]

HEAD: Final = "head"
BASE: Final = "base"
CORE: Final = "core"


def upgrade(
    url: Url,
    *,
    to: Annotated[str, typer.Option("--to", metavar="REVISION", help="Where to go; the newest is called head.")] = HEAD,
    part: Part = None,
    sql: Sql = False,
    since: Since = None,
) -> None:
    """
    Make the tables of all recipes, or bring them up to date, in one transaction.

    Processes that do so at once do not collide.
    """
    with fail_on_error():
        migrations = migrations_of(url)
        if sql:
            print_sql(migrations, to, part, since)
            return
        migrations.upgrade(to, part=part)
        say(f"The database is at {revisions_text(migrations)}.")


def check(url: Url) -> None:
    """
    Check that the database has all that this release needs: exit status 0, or 1 and what is missing.

    Parts of recipes of which it has no table at all are named, and are not missing: an application may not list them.
    """
    with fail_on_error():
        migrations = migrations_of(url)
        if migrations.is_absent():
            fail("There is no such database: check the URL, and the directory that the command was started in.")
        missing = migrations.missing()
        if missing:
            fail("The database is not up to date: " + "; ".join(missing) + ". Run `authweave db upgrade`.")
        say(f"The database is up to date, at {revisions_text(migrations)}.")
        if unused := migrations.unused():
            names = ", ".join(map(repr, unused))
            say(f"It has no tables of {names}, which is well unless an application on it lists those recipes.")


def downgrade(
    url: Url,
    *,
    to: Annotated[str, typer.Option("--to", metavar="REVISION", help="Where to go, such as 0001.")],
    part: Part = None,
    sql: Sql = False,
    since: Since = None,
) -> None:
    """Take the tables back, for an older release, in one transaction. What only the newer ones hold is lost."""
    with fail_on_error():
        migrations = migrations_of(url)
        if sql:
            print_sql(migrations, to, part or CORE, since)
            return
        migrations.downgrade(to, part=part)
        say(f"The database is at {revisions_text(migrations)}.")


def revisions_text(migrations: Migrations) -> str:
    """Say where the tables of the core and of all parts stand."""
    revisions = migrations.revisions()
    return "revision " + ", ".join(f"{revision or 'none'} of {name}" for name, revision in revisions.items())


def print_sql(migrations: Migrations, until: str, part: str | None, since: str | None) -> None:
    """Print the SQL that goes to a revision, from where the database stands or from another."""
    if since is None:
        migrations.refuse_snapshots()
        start = migrations.revisions()
    elif since == BASE:
        start = {}
    else:
        part = part or CORE
        start = {part: since}
    written = migrations.sql(until, since=start, part=part)
    if not is_on_server(migrations.url):
        # The sqlite3 shell goes on after an error, and would drop a table that it could not copy.
        written = f".bail on\n\n{written}"
    sys.stdout.write(written)


@contextmanager
def fail_on_error() -> Generator[None]:
    """Tell what went wrong, and end the command."""
    try:
        yield
    except AuthweaveError as error:
        fail(str(error))
