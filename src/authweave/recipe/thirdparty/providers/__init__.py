"""The providers that the library knows, and how one is made ready for a request."""

from authweave.recipe.thirdparty.exceptions import ProviderFaultsError

from .checking import raise_faults
from .prepared import PreparedProvider, Providers
from .stored import provider_config_to_json

__all__ = [
    "PreparedProvider",
    "ProviderFaultsError",
    "Providers",
    "provider_config_to_json",
    "raise_faults",
]
