"""Servers that live as long as the tests, with another application on each for each test."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import attrs
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.integration.http.serving import serving


@attrs.define(eq=False)
class Stage:
    """
    A server, and what it serves now.

    Attributes:
        address: where it is.
        application: what is on.
    """

    address: str = ""
    application: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve what is on."""
        assert self.application is not None
        await self.application(scope, receive, send)


@contextmanager
def stage() -> Generator[Stage]:
    """Serve for a block."""
    made = Stage()
    with serving(made) as address:
        made.address = address
        yield made
