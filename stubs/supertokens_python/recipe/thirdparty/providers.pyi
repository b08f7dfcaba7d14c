# Written by `authweave moved stubs`.
from authweave.recipe.thirdparty.providers import PreparedProvider as PreparedProvider
from authweave.recipe.thirdparty.providers import ProviderFaultsError as ProviderFaultsError
from authweave.recipe.thirdparty.providers import Providers as Providers
from authweave.recipe.thirdparty.providers import provider_config_to_json as provider_config_to_json
from authweave.recipe.thirdparty.providers import raise_faults as raise_faults
