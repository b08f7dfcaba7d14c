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

    The same holds for a WebSocket from the start: nothing can be added to the answer to its handshake.

    What was stored stays. The client is told nothing.

    Attributes:
        route: method and path of the request.
    """

    code = "answer_begun"

    def __init__(self, route: str) -> None:
        self.route = route
        super().__init__(
            f"The answer to {route!r} has begun, or it is a WebSocket, so its client cannot be told that its session "
            "is new, changed or gone. What was stored stays, and the client learns of it when it refreshes. Change the "
            "session of a request before its answer begins; afterwards do it by its handle, which tells no client."
        )


class MediaTypeError(AuthweaveError):
    """
    A request's body is not of the media type that the route reads. Answered with 415 (RFC 9110, section 15.5.16).

    Attributes:
        media_type: what the route reads (``application/json``).
    """

    code = "media_type"

    def __init__(self, media_type: str) -> None:
        self.media_type = media_type
        super().__init__(f"The body of the request has to be {media_type}: say so in its Content-Type.")


class ForeignRequestError(AuthweaveError):
    """A page of another origin sent a form, or the like of one, as any page can. Answered with 403."""

    code = "foreign_request"

    def __init__(self) -> None:
        super().__init__(
            "A page of another origin sent this form, as any page can. If it is yours, name it as website_domain, or "
            "have it send a header rid with any value, for which browsers ask first (CORS)."
        )


class ForeignHandshakeError(AuthweaveError):
    """A page of another origin opens a WebSocket that asks for a session. Answered with 403, or closed with 4403."""

    code = "foreign_handshake"

    def __init__(self) -> None:
        super().__init__("A page of another origin opens this WebSocket. If it is yours, name it as website_domain.")


class BadInputError(AuthweaveError):
    """A client sent what the route does not take. Answered with 400 and the message."""

    code = "bad_input"


class GeneralError(AuthweaveError):
    """
    Something went wrong that has no error of its own: for an application to raise. Answered with 500.

    See `authweave.exceptions.raise_general_exception`.
    """

    code = "general"


class ConfigurationError(AuthweaveError):
    """The application was configured in a way that cannot work. Raised by ``init``."""

    code = "configuration"
