# Written by `authweave moved stubs`.
from authweave.recipe.session.asyncio import create_jwt as create_jwt
from authweave.recipe.session.asyncio import get_jwks as get_jwks
from authweave.recipe.session.asyncio import get_open_id_discovery_configuration as get_open_id_discovery_configuration
