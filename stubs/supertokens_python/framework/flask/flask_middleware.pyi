# Written by `authweave moved stubs`.
from authweave.framework.flask.flask_middleware import Middleware as Middleware
