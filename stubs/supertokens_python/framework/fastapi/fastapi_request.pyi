# Written by `authweave moved stubs`.
from authweave.framework.fastapi.fastapi_request import FastApiRequest as FastApiRequest
