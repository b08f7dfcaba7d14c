"""The same functions for callers that have no loop. Each is derived from the one in ``asyncio``."""

from authweave.extending import blocking

from . import asyncio as _asyncio


@blocking(_asyncio.allow_attempt)
def allow_attempt() -> None:
    """Decide whether an attempt may be made, as `asyncio.allow_attempt` does."""


@blocking(_asyncio.record_attempt)
def record_attempt() -> None:
    """Note what came of an attempt that was allowed, as `asyncio.record_attempt` does."""
