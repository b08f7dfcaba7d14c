"""Errors of the values in this room."""

from __future__ import annotations

from authweave.kernel import AuthweaveError


class BodyTooLargeError(AuthweaveError):
    """A request's body is longer than the application allows. Answered with 413."""

    code = "body_too_large"

    def __init__(self, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        super().__init__(f"The body of the request is longer than the {limit_bytes} bytes that are allowed.")


class BadInputError(AuthweaveError):
    """A client sent what the route does not take. Answered with 400 and the message."""

    code = "bad_input"


class ConfigurationError(AuthweaveError):
    """The application was configured in a way that cannot work. Raised by ``init``."""

    code = "configuration"
