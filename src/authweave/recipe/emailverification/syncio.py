"""The same functions for callers that have no loop. Each is derived from the one in ``asyncio``."""

from authweave.extending import blocking

from . import asyncio as _asyncio


@blocking(_asyncio.create_email_verification_token)
def create_email_verification_token() -> None:
    """Make a token that verifies an address, as `asyncio.create_email_verification_token` does."""


@blocking(_asyncio.create_email_verification_link)
def create_email_verification_link() -> None:
    """Make a link that verifies an address, as `asyncio.create_email_verification_link` does."""


@blocking(_asyncio.send_email_verification_email)
def send_email_verification_email() -> None:
    """Send a mail with a link that verifies an address, as `asyncio.send_email_verification_email` does."""


@blocking(_asyncio.verify_email_using_token)
def verify_email_using_token() -> None:
    """Use a token up, as `asyncio.verify_email_using_token` does."""


@blocking(_asyncio.is_email_verified)
def is_email_verified() -> None:
    """Return whether an address is verified, as `asyncio.is_email_verified` does."""


@blocking(_asyncio.revoke_email_verification_tokens)
def revoke_email_verification_tokens() -> None:
    """Make the tokens of an address void, as `asyncio.revoke_email_verification_tokens` does."""


@blocking(_asyncio.unverify_email)
def unverify_email() -> None:
    """Forget that an address was verified, as `asyncio.unverify_email` does."""


@blocking(_asyncio.request_email_change)
def request_email_change() -> None:
    """Send a link to an address that a user wants to have, as `asyncio.request_email_change` does."""


@blocking(_asyncio.send_email)
def send_email() -> None:
    """Send a mail of the recipe, as `asyncio.send_email` does."""
