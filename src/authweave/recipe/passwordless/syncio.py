"""The same functions for callers that have no loop. Each is derived from the one in ``asyncio``."""

from authweave.extending import blocking

from . import asyncio as _asyncio


@blocking(_asyncio.create_code)
def create_code() -> None:
    """Make a code, as `asyncio.create_code` does."""


@blocking(_asyncio.create_new_code_for_device)
def create_new_code_for_device() -> None:
    """Make another code for a browser that has begun to sign in, as `asyncio.create_new_code_for_device` does."""


@blocking(_asyncio.consume_code)
def consume_code() -> None:
    """Use a code or a link up, as `asyncio.consume_code` does."""


@blocking(_asyncio.check_code)
def check_code() -> None:
    """Check a code or a link, as `asyncio.check_code` does."""


@blocking(_asyncio.update_user)
def update_user() -> None:
    """Give a login method another address, as `asyncio.update_user` does."""


@blocking(_asyncio.delete_email_for_user)
def delete_email_for_user() -> None:
    """Take the address from a login method that has a phone number too, as `asyncio.delete_email_for_user` does."""


@blocking(_asyncio.delete_phone_number_for_user)
def delete_phone_number_for_user() -> None:
    """Take the phone number from a login method that has an address too, as there."""


@blocking(_asyncio.revoke_all_codes)
def revoke_all_codes() -> None:
    """Make all codes of an address or phone number void, as `asyncio.revoke_all_codes` does."""


@blocking(_asyncio.revoke_code)
def revoke_code() -> None:
    """Make one code void, as `asyncio.revoke_code` does."""


@blocking(_asyncio.list_codes_by_email)
def list_codes_by_email() -> None:
    """Return the browsers that asked for codes for an address, as `asyncio.list_codes_by_email` does."""


@blocking(_asyncio.list_codes_by_phone_number)
def list_codes_by_phone_number() -> None:
    """Return the browsers that asked for codes for a phone number, as `asyncio.list_codes_by_phone_number` does."""


@blocking(_asyncio.list_codes_by_device_id)
def list_codes_by_device_id() -> None:
    """Return a browser by its id, as `asyncio.list_codes_by_device_id` does."""


@blocking(_asyncio.list_codes_by_pre_auth_session_id)
def list_codes_by_pre_auth_session_id() -> None:
    """Return a browser by what names it in links, as `asyncio.list_codes_by_pre_auth_session_id` does."""


@blocking(_asyncio.create_magic_link)
def create_magic_link() -> None:
    """Make a link to the website's page that signs in, as `asyncio.create_magic_link` does."""


@blocking(_asyncio.signinup)
def signinup() -> None:
    """Sign somebody in, as `asyncio.signinup` does."""


@blocking(_asyncio.send_email)
def send_email() -> None:
    """Send a mail of the recipe, as `asyncio.send_email` does."""


@blocking(_asyncio.send_sms)
def send_sms() -> None:
    """Send a text message of the recipe, as `asyncio.send_sms` does."""
