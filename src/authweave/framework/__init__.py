"""One thin file per framework. `BaseRequest` is what all of them hand to the library."""

from authweave.types import BaseRequest

from ._default_content import get_request_from_user_context

__all__ = ["BaseRequest", "get_request_from_user_context"]
