# Written by `authweave moved stubs`.
from authweave.framework import BaseRequest as BaseRequest
from authweave.framework import get_request_from_user_context as get_request_from_user_context
