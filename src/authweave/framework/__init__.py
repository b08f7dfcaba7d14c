"""One thin file per framework. `BaseRequest` is what all of them hand to the library."""

from authweave.http import get_request_from_user_context
from authweave.types import BaseRequest

__all__ = ["BaseRequest", "get_request_from_user_context"]
