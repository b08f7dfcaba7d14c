# Written by `authweave moved stubs`.
from authweave.framework.response import BaseResponse as BaseResponse
