"""A provider's configuration as tenants have it in the store: JSON (`ProviderConfig.to_json`), without functions."""

from __future__ import annotations

from authweave.recipe.thirdparty.provider import ProviderConfig
from authweave.types import ConfigurationError, JSONObject


def provider_config_to_json(config: ProviderConfig) -> JSONObject:
    """
    Write a configuration for the store, secrets included.

    Raises:
        authweave.types.ConfigurationError: it has functions, which no store can hold.
    """
    if config.validate_id_token_payload or config.generate_fake_email or config.validate_access_token:
        message = f"The configuration of {config.third_party_id!r} has functions: only init can be given those."
        raise ConfigurationError(message)
    return config.to_json()
