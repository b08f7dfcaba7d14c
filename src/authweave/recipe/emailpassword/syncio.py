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


@blocking(_asyncio.change_password)
def change_password() -> None:
    """Change the password of a session's user, who knows the old one, as `asyncio.change_password` does."""


@blocking(_asyncio.create_reset_password_token)
def create_reset_password_token() -> None:
    """Make a token with which a password can be reset once, as `asyncio.create_reset_password_token` does."""


@blocking(_asyncio.create_reset_password_link)
def create_reset_password_link() -> None:
    """Return a link to reset a password, as `asyncio.create_reset_password_link` does."""


@blocking(_asyncio.send_reset_password_email)
def send_reset_password_email() -> None:
    """Send a link to reset a password, as `asyncio.send_reset_password_email` does."""


@blocking(_asyncio.consume_password_reset_token)
def consume_password_reset_token() -> None:
    """Use up a token, as `asyncio.consume_password_reset_token` does."""


@blocking(_asyncio.reset_password_using_token)
def reset_password_using_token() -> None:
    """Reset a password with a token, as `asyncio.reset_password_using_token` does."""


@blocking(_asyncio.send_email)
def send_email() -> None:
    """Send a mail of the recipe, as `asyncio.send_email` does."""
