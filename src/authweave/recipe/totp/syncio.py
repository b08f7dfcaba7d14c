"""The same functions for callers that have no loop. Each is derived from the one in ``asyncio``."""

from authweave.extending import blocking

from . import asyncio as _asyncio


@blocking(_asyncio.create_device)
def create_device() -> None:
    """Add a device, as `asyncio.create_device` does."""


@blocking(_asyncio.update_device)
def update_device() -> None:
    """Give a device another name, as `asyncio.update_device` does."""


@blocking(_asyncio.list_devices)
def list_devices() -> None:
    """Return the devices of a user, as `asyncio.list_devices` does."""


@blocking(_asyncio.remove_device)
def remove_device() -> None:
    """Remove a device, as `asyncio.remove_device` does."""


@blocking(_asyncio.verify_device)
def verify_device() -> None:
    """Have a device count, as `asyncio.verify_device` does."""


@blocking(_asyncio.verify_totp)
def verify_totp() -> None:
    """Use up a code of a device, as `asyncio.verify_totp` does."""


@blocking(_asyncio.create_recovery_codes)
def create_recovery_codes() -> None:
    """Make recovery codes, as `asyncio.create_recovery_codes` does."""


@blocking(_asyncio.count_recovery_codes)
def count_recovery_codes() -> None:
    """Return how many recovery codes a user has left, as `asyncio.count_recovery_codes` does."""


@blocking(_asyncio.verify_recovery_code)
def verify_recovery_code() -> None:
    """Use up a recovery code, as `asyncio.verify_recovery_code` does."""
