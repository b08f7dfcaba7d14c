"""Errors of the values in this room."""

from __future__ import annotations

from authweave.kernel import AuthweaveError


class BodyTooLargeError(AuthweaveError):
    """A request's body is longer than the application allows. Answered with 413."""

    code = "body_too_large"

    def __init__(self, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        super().__init__(f"The body of the request is longer than the {limit_bytes} bytes that are allowed.")


class AnswerBegunError(AuthweaveError, RuntimeError):
    """
    A session was to change an answer whose head had been sent: from a streamed body, a background task, or later.

    What was stored stays. The client is told nothing.

    Attributes:
        route: method and path of the request.
    """

    code = "answer_begun"

    def __init__(self, route: str) -> None:
        self.route = route
        super().__init__(
            f"The answer to {route!r} has begun, so its client cannot be told that its session is new, changed or "
            "gone. What was stored stays, and the client learns of it when it refreshes. Change the session of a "
            "request before its answer begins; afterwards do it by its handle, which tells no client."
        )


class BadInputError(AuthweaveError):
    """A client sent what the route does not take. Answered with 400 and the message."""

    code = "bad_input"


class ConfigurationError(AuthweaveError):
    """The application was configured in a way that cannot work. Raised by ``init``."""

    code = "configuration"
