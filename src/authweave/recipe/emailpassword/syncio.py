"""The same functions for callers that have no loop. Each is derived from the one in ``asyncio``."""

from authweave.extending import blocking

from . import asyncio as _asyncio


@blocking(_asyncio.sign_up)
def sign_up() -> None:
    """Create a user with an address and a password, as `asyncio.sign_up` does."""


@blocking(_asyncio.sign_in)
def sign_in() -> None:
    """Check an address and a password, as `asyncio.sign_in` does."""


@blocking(_asyncio.verify_credentials)
def verify_credentials() -> None:
    """Check an address and a password, and nothing else, as `asyncio.verify_credentials` does."""


@blocking(_asyncio.update_email_or_password)
def update_email_or_password() -> None:
    """Change a user's address, password or both, as `asyncio.update_email_or_password` does."""
