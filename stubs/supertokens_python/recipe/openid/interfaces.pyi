# Written by `authweave moved stubs`.
from authweave.recipe.session.interfaces import CreateJwtOkResult as CreateJwtOkResult
from authweave.recipe.session.interfaces import CreateJwtResultUnsupportedAlgorithm as CreateJwtResultUnsupportedAlgorithm
from authweave.recipe.session.interfaces import GetJWKSResult as GetJWKSResult
from authweave.recipe.session.interfaces import GetOpenIdDiscoveryConfigurationResult as GetOpenIdDiscoveryConfigurationResult
