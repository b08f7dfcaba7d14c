"""The same functions for callers that have no loop. Each is derived from the one in ``asyncio``."""

from authweave.app import blocking

from . import asyncio as _asyncio

sign_up = blocking(_asyncio.sign_up)
sign_in = blocking(_asyncio.sign_in)
verify_credentials = blocking(_asyncio.verify_credentials)
update_email_or_password = blocking(_asyncio.update_email_or_password)
