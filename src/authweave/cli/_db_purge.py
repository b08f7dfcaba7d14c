"""``authweave db purge``: deletes what has expired."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer

from authweave import AuthweaveError
from authweave.storage import PURGE_BATCH, StorageOptions, purge_batch
from authweave.storage.sql import database_file, is_on_server, open_storage

from ._db_migrate import Url
from ._db_parts import store_parts
from ._output import fail, say


def purge(
    url: Url,
    *,
    batch: Annotated[int, typer.Option(min=1, help="How many rows one transaction deletes at most.")] = PURGE_BATCH,
) -> None:
    """Delete what expired more than a day ago. The application may go on meanwhile."""
    try:
        deleted = purge_store(url, batch)
    except AuthweaveError as error:
        fail(str(error))
    say(*(f"Deleted {count} {kind} that had expired." for kind, count in deleted.items()))


def purge_store(url: str, batch: int) -> Counter[str]:
    """Purge the store at a URL; return how many rows of each kind were deleted."""
    file = database_file(url)
    if not is_on_server(url) and (file is None or not file.is_file()):
        fail("There is no such database: check the URL, and the directory that the command was started in.")
    storage = open_storage(url, StorageOptions(prepare_threshold=None), store_parts())  # any pooler may be in between
    try:
        deleted: Counter[str] = Counter()
        while True:
            latest = purge_batch(storage, storage.clock(), batch)
            deleted.update(latest)
            if batch not in latest.values():
                return deleted
    finally:
        storage.close()
