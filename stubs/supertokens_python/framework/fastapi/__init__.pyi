# Written by `authweave moved stubs`.
from . import fastapi_middleware as fastapi_middleware
from . import fastapi_request as fastapi_request
from authweave.framework.fastapi import get_middleware as get_middleware
from authweave.framework.fastapi import get_session as get_session
from authweave.framework.fastapi import merge_openapi as merge_openapi
from authweave.framework.fastapi import verify_session as verify_session
