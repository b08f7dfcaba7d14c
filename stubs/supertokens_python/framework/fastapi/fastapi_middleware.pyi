# Written by `authweave moved stubs`.
from authweave.framework.fastapi.fastapi_middleware import get_middleware as get_middleware
