# Written by `authweave moved stubs`.
from authweave.framework.flask.flask_request import FlaskRequest as FlaskRequest
