"""``authweave db tenants``: names the tenants that could not be made today."""

from __future__ import annotations

from collections import Counter

from authweave import AuthweaveError
from authweave.storage import StorageOptions, route_segments, tenant_fault
from authweave.storage.sql import database_file, is_on_server, open_storage

from ._db_migrate import Url
from ._db_parts import store_parts
from ._output import fail, say


def tenants(url: Url) -> None:
    """Name the tenants whose ids could not be made today. They keep working, where paths can name them."""
    try:
        file = database_file(url)
        if not is_on_server(url) and (file is None or not file.is_file()):
            fail("There is no such database: check the URL, and the directory that the command was started in.")
        storage = open_storage(url, StorageOptions(migrate=False))
        try:
            ids = storage.tenant_ids()
        finally:
            storage.close()
    except AuthweaveError as error:
        fail(str(error))
    # Two that differ in case alone are from before.
    segments = route_segments(store_parts())
    alike = Counter(each.lower() for each in ids)
    faults = {each: tenant_fault(each, segments) for each in ids}
    faults |= {each: "differs from another's in case alone" for each in ids if alike[each.lower()] > 1}
    say(*(f"{each!r}: a tenant's id {fault}." for each, fault in faults.items() if fault))
    say(f"{sum(map(bool, faults.values()))} of {len(ids)} tenants could not be made today.")
