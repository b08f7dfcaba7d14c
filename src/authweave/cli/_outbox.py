"""``authweave outbox``: the messages that wait to be delivered, and those that could not be."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from typing import Annotated, Final, TypeVar, get_args

import attrs
import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from authweave import AuthweaveError
from authweave.outbox import OUTBOX, OutboxRow, OutboxState, OutboxStore
from authweave.storage import StorageOptions
from authweave.storage.sql import open_storage

from ._db_migrate import Url
from ._output import fail, say
from ._store import require_database

R = TypeVar("R")

PAGE: Final = 1000

messages: Final = typer.Typer(
    name="outbox", help="See what waits to be delivered, mails above all, and try it again.", no_args_is_help=True
)


@messages.command("list")
def list_messages(
    url: Url,
    *,
    state: Annotated[
        str | None, typer.Option(help="Of this state alone: waiting, dead or expired.", show_default=False)
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object a line.")] = False,
) -> None:
    """List the messages in the outbox, those put there last first. What is in them is sealed, and not shown."""
    states: tuple[str, ...] = get_args(OutboxState)
    if state is not None and state not in states:
        fail(f"--state {state!r} is none of {', '.join(states)}.")
    found = with_outbox(url, lambda store, _: find(store, states if state is None else (state,)))
    found = sorted(found, key=lambda row: (-row.created_at_ms, row.row_id))[:limit]
    if as_json:
        for row in found:
            sys.stdout.write(json.dumps(attrs.asdict(row)) + "\n")
        return
    if not found:
        say("There are no such messages.")
        return
    print_table(found)


@messages.command("retry")
def retry_messages(
    url: Url,
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Which ones, by id.")] = None,
    *,
    all_of_them: Annotated[bool, typer.Option("--all", help="All that wait or are dead.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object.")] = False,
) -> None:
    """
    Have messages tried again, also those that are dead: within a minute, by an application that is in use.

    What has expired is not sent any more.
    """
    if bool(ids) == all_of_them:
        fail("Name messages by their ids, as authweave outbox list shows them, or say --all.")
    retried = with_outbox(url, lambda store, now_ms: store.retry_messages(ids or None, now_ms))
    if as_json:
        sys.stdout.write(json.dumps({"retried": retried}) + "\n")
    else:
        say(f"Messages that are tried again: {retried}.")
    if ids and retried < len(set(ids)):
        fail(f"{len(set(ids)) - retried} of them cannot be: they are not there, have expired, or are under way.")


def with_outbox(url: str, function: Callable[[OutboxStore, int], R]) -> R:
    """Do something with the outbox in a database, which is told the time, or end the command saying why not."""
    require_database(url)
    try:
        storage = open_storage(url, StorageOptions(migrate=False), parts=[OUTBOX])
        try:
            return function(storage.part(OUTBOX), storage.clock())
        finally:
            storage.close()
    except AuthweaveError as error:
        fail(str(error))


def find(store: OutboxStore, states: Collection[str]) -> list[OutboxRow]:
    """Return all messages of some states."""
    found: list[OutboxRow] = []
    after: str | None = None
    while page := store.find_messages(PAGE, after):
        found += [row for row in page if row.state in states]
        after = page[-1].row_id
    return found


def print_table(rows: Sequence[OutboxRow]) -> None:
    """Print a table."""
    console = Console()
    table = Table(
        "id", "kind", "state", "tries", "put there", "next try", Column("last error", overflow="fold"), box=None
    )
    for row in rows:
        due = time_of(row.due_at_ms) if row.state == "waiting" else ""
        texts = (
            row.row_id,
            row.kind,
            row.state,
            str(row.attempts),
            time_of(row.created_at_ms),
            due,
            row.last_error or "",
        )
        table.add_row(*(Text(text if text.isprintable() else repr(text)) for text in texts))
    console.width = max(console.width, 140)  # ids stay whole: they are to be copied
    console.print(table)


def time_of(time_ms: int) -> str:
    """Return a time as people read it, in UTC."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat(sep=" ", timespec="seconds").removesuffix("+00:00")
