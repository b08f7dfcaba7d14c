"""``authweave events``: the security events that an application has kept."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import Annotated, cast, get_args

import typer

from authweave import AuthweaveError
from authweave.events import EVENTS, EventKind, EventQuery, SecurityEvent
from authweave.storage import StorageOptions
from authweave.storage.sql import database_file, is_on_server, open_storage
from authweave.types import system_clock

from ._db_migrate import Url
from ._output import fail, say


def list_events(
    url: Url,
    *,
    user: Annotated[str | None, typer.Option(help="Of this user alone, by id.", show_default=False)] = None,
    kind: Annotated[str | None, typer.Option(help="Of this kind alone (sign_in_failed).", show_default=False)] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object a line.")] = False,
) -> None:
    """List the security events of a database, the latest first. The application may go on meanwhile."""
    kinds: tuple[str, ...] = get_args(EventKind)
    if kind is not None and kind not in kinds:
        fail(f"--kind {kind!r} is none of {', '.join(kinds)}.")
    known = cast("EventKind | None", kind)  # as was checked
    try:
        found = read_events(url, EventQuery(user_id=user, kind=known, limit=limit))
    except AuthweaveError as error:
        fail(str(error))
    for event in found:
        if as_json:
            sys.stdout.write(json.dumps({"time_ms": event.time_ms, **event.fields()}) + "\n")
        else:
            say(as_line(event))


def read_events(url: str, query: EventQuery) -> tuple[SecurityEvent, ...]:
    """Return the events in the database at a URL."""
    file = database_file(url)
    if not is_on_server(url) and (file is None or not file.is_file()):
        fail("There is no such database: check the URL, and the directory that the command was started in.")
    storage = open_storage(url, StorageOptions(migrate=False), parts=[EVENTS])
    try:
        return storage.part(EVENTS).find_events(query, system_clock())
    finally:
        storage.close()


def as_line(event: SecurityEvent) -> str:
    """Return an event as people read it. Ids are quoted where they hold what a terminal would obey."""
    time = datetime.fromtimestamp(event.time_ms / 1000, UTC).isoformat(timespec="seconds")
    parts = {
        "user": event.user_id,
        "tenant": event.tenant_id,
        "client": event.client,
        "handle": event.session_handle,
        **event.details,
    }
    texts = (f"{name}={text if text.isprintable() else repr(text)}" for name, text in parts.items() if text is not None)
    return " ".join((time, event.kind, *texts))
