# Written by `authweave moved stubs`.
from authweave.recipe.session.framework.flask import get_session as get_session
from authweave.recipe.session.framework.flask import get_session_or_none as get_session_or_none
from authweave.recipe.session.framework.flask import verify_session as verify_session
