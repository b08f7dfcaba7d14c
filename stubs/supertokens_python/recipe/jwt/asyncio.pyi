# Written by `authweave moved stubs`.
from authweave.recipe.session.asyncio import get_jwks as get_jwks
