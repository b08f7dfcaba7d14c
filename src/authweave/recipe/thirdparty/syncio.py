"""The same functions for callers that have no loop. Each is derived from the one in ``asyncio``."""

from authweave.extending import blocking

from . import asyncio as _asyncio


@blocking(_asyncio.manually_create_or_update_user)
def manually_create_or_update_user() -> None:
    """Find the user of an identity, or make one, as `asyncio.manually_create_or_update_user` does."""


@blocking(_asyncio.get_provider)
def get_provider() -> None:
    """Return a provider that a tenant has, as `asyncio.get_provider` does."""


@blocking(_asyncio.get_provider_token)
def get_provider_token() -> None:
    """Return a token for a provider's API, as `asyncio.get_provider_token` does."""


@blocking(_asyncio.create_or_update_third_party_config)
def create_or_update_third_party_config() -> None:
    """Keep a provider for a tenant, as `asyncio.create_or_update_third_party_config` does."""


@blocking(_asyncio.delete_third_party_config)
def delete_third_party_config() -> None:
    """Remove a provider that is kept for a tenant, as `asyncio.delete_third_party_config` does."""


@blocking(_asyncio.list_third_party_configs)
def list_third_party_configs() -> None:
    """Return the providers that are kept for a tenant, as `asyncio.list_third_party_configs` does."""
