"""Django: the session of a request, for ``def`` views in ``syncio`` and for ``async def`` views in ``asyncio``."""

from ._requests import OptionalSessionRequest, SessionRequest

__all__ = ["OptionalSessionRequest", "SessionRequest"]
