"""One thin file per framework. Overrides are handed a `BaseRequest` and a `BaseResponse`, whatever it is."""

from authweave.http import get_request_from_user_context
from authweave.types import BaseRequest, BaseResponse

__all__ = ["BaseRequest", "BaseResponse", "get_request_from_user_context"]
