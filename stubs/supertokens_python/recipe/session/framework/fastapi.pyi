# Written by `authweave moved stubs`.
from authweave.recipe.session.framework.fastapi import get_session as get_session
from authweave.recipe.session.framework.fastapi import verify_session as verify_session
