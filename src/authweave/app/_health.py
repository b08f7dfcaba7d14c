"""Tells orchestrators and load balancers how the process is."""

from __future__ import annotations

import asyncio
from typing import Final

import attrs

from authweave.extending import Services
from authweave.http import OK, Answer, Exchange, Handler, Route
from authweave.storage import StorageError
from authweave.types import Response

READY_WITHIN_S: Final = 2.0
"""How long the store has for its answer. Kubernetes asks every 10 s, and takes a probe for failed after 1 s or more."""


@attrs.frozen
class Health:
    """
    Answer how the process is.

    Attributes:
        is_enabled: whether the routes are served.
        ready_within_s: how long the store has for its answer, in seconds.
    """

    services: Services
    is_enabled: bool = True
    ready_within_s: float = READY_WITHIN_S

    def routes(self) -> tuple[Route, ...]:
        """Return the routes."""
        return (
            self.route("/health/live", self.live, "Tell that the process runs"),
            self.route("/health/ready", self.ready, "Tell whether the store answers"),
        )

    def route(self, path: str, answer: Handler, summary: str) -> Route:
        """Return one of them."""
        return Route(
            "get",
            path,
            answer,
            is_enabled=self.is_enabled,
            reads=None,
            summary=summary,
            answers=(Answer(200, "It does.", OK),),
            has_tenants=False,
        )

    async def live(self, exchange: Exchange) -> Response:
        """Answer ``GET /health/live``: the process and its event loop run. Nothing else is touched."""
        del exchange
        return ok()

    async def ready(self, exchange: Exchange) -> Response:
        """Answer ``GET /health/ready``: the store answers too, and in time. Where it does not, that is a 503."""
        try:
            async with asyncio.timeout(self.ready_within_s):
                await self.services.off_loop(self.services.storage.tenant_exists, exchange.tenant_id)
        except TimeoutError as error:
            raise StorageError(
                f"The store did not answer within {self.ready_within_s:g} s: is it up, or overloaded?"
            ) from error
        return ok()


def ok() -> Response:
    """Return the answer that all is well."""
    return Response.from_json({"status": "OK"})
