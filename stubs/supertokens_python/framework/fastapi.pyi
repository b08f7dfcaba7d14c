# Written by `authweave moved stubs`.
from authweave.framework.fastapi import get_middleware as get_middleware
from authweave.framework.fastapi import get_session as get_session
from authweave.framework.fastapi import merge_openapi as merge_openapi
from authweave.framework.fastapi import verify_session as verify_session
