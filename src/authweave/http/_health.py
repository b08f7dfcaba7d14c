"""Tells orchestrators and load balancers how the process is."""

from __future__ import annotations

import asyncio
from typing import Final

from authweave.errors import StorageError
from authweave.types import Response

from ._exchange import ContextT, Exchange

READY_WITHIN_S: Final = 2.0
"""How long the store has for its answer. Kubernetes asks every 10 s, and takes a probe for failed after 1 s or more."""

FRESH: Final = ("cache-control", "no-store")


async def live(exchange: Exchange[ContextT]) -> Response:
    """Answer ``GET /health/live``: the process and its event loop run. Nothing else is touched."""
    del exchange
    return fine()


async def ready(exchange: Exchange[ContextT]) -> Response:
    """Answer ``GET /health/ready``: the store answers too, and in time. Where it does not, that is a 503."""
    services = exchange.app.services
    try:
        async with asyncio.timeout(READY_WITHIN_S):
            await services.off_loop(services.storage.tenant_exists, exchange.tenant_id)
    except TimeoutError as error:
        raise StorageError(
            f"The store did not answer within {READY_WITHIN_S:g} s: is it up, and not overrun?"
        ) from error
    return fine()


def fine() -> Response:
    """Return the answer that all is well."""
    return Response.from_json({"status": "OK"}, headers=(FRESH,))
