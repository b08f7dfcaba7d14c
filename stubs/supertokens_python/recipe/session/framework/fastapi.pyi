# Written by `authweave moved stubs`.
from authweave.recipe.session.framework.fastapi import get_session as get_session
from authweave.recipe.session.framework.fastapi import session_exception_handler as session_exception_handler
from authweave.recipe.session.framework.fastapi import verify_session as verify_session
