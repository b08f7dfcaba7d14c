# Written by `authweave moved stubs`.
from authweave.framework.flask import Middleware as Middleware
from . import flask_middleware as flask_middleware
from . import flask_request as flask_request
from authweave.framework.flask import get_session as get_session
from authweave.framework.flask import get_session_or_none as get_session_or_none
from authweave.framework.flask import verify_session as verify_session
