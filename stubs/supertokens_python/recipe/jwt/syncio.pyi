# Written by `authweave moved stubs`.
from authweave.recipe.session.syncio import get_jwks as get_jwks
