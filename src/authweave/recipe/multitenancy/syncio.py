"""The same functions for callers that have no loop. Each is derived from the one in ``asyncio``."""

from authweave.extending import blocking

from . import asyncio as _asyncio


@blocking(_asyncio.create_or_update_tenant)
def create_or_update_tenant() -> None:
    """Make a tenant, or change how it is configured, as `asyncio.create_or_update_tenant` does."""


@blocking(_asyncio.delete_tenant)
def delete_tenant() -> None:
    """Delete a tenant, as `asyncio.delete_tenant` does."""


@blocking(_asyncio.get_tenant)
def get_tenant() -> None:
    """Return a tenant as it is configured, as `asyncio.get_tenant` does."""


@blocking(_asyncio.list_all_tenants)
def list_all_tenants() -> None:
    """Return all tenants, as `asyncio.list_all_tenants` does."""


@blocking(_asyncio.create_or_update_third_party_config)
def create_or_update_third_party_config() -> None:
    """Keep a provider for a tenant, as `asyncio.create_or_update_third_party_config` does."""


@blocking(_asyncio.delete_third_party_config)
def delete_third_party_config() -> None:
    """Remove a provider that is kept for a tenant, as `asyncio.delete_third_party_config` does."""


@blocking(_asyncio.associate_user_to_tenant)
def associate_user_to_tenant() -> None:
    """Let a login method be used in a tenant, as `asyncio.associate_user_to_tenant` does."""


@blocking(_asyncio.disassociate_user_from_tenant)
def disassociate_user_from_tenant() -> None:
    """Take a login method from a tenant, as `asyncio.disassociate_user_from_tenant` does."""
