"""How errors are answered that are no recipe's own."""

from __future__ import annotations

from typing import Final

import attrs

from authweave.http import ErrorResponse, Exchange, error_response, message
from authweave.security import PasswordTooLongError, TooManyRequestsError
from authweave.storage import StorageError
from authweave.types import (
    BadInputError,
    BodyTooLargeError,
    ForeignHandshakeError,
    ForeignRequestError,
    MediaTypeError,
    Response,
)
from authweave.webhooks import WebhookError

from ._refusals import Refusals
from ._watch import StorageWatch

RETRY_AFTER_STORAGE_S: Final = 1


@attrs.frozen
class CommonErrors:
    """
    Answer what a client sent wrong, and what is too much.

    Attributes:
        watch: learns of failures of the store: they may come from an override, where nobody watches.
        refusals: of clients who ask too much.
    """

    watch: StorageWatch
    refusals: Refusals = attrs.field(factory=Refusals)

    def responses(self) -> tuple[ErrorResponse, ...]:
        """Return how they are answered."""
        return (
            error_response(BadInputError, bad_input),
            error_response(PasswordTooLongError, bad_input),
            error_response(ForeignHandshakeError, foreign),
            error_response(ForeignRequestError, foreign),
            error_response(BodyTooLargeError, too_large),
            error_response(MediaTypeError, other_media_type),
            error_response(TooManyRequestsError, self.too_many),
            error_response(StorageError, self.unavailable),
            error_response(WebhookError, webhook_failed),
        )

    async def unavailable(self, exchange: Exchange, error: StorageError) -> Response:
        """Answer that the store fails."""
        del exchange
        self.watch.note_failure(error)
        return message(503, "temporarily unavailable, try again later", retry_after_s=RETRY_AFTER_STORAGE_S)

    async def too_many(self, exchange: Exchange, error: TooManyRequestsError) -> Response:
        """Answer when to try again."""
        await self.refusals.hold(exchange.request.client_network)
        return message(429, "too many requests, try again later", retry_after_s=error.retry_after_s)


async def webhook_failed(exchange: Exchange, error: WebhookError) -> Response:
    """Answer that something does not work for a moment; what it is, the log says."""
    del exchange, error
    return message(503, "temporarily unavailable, try again later", retry_after_s=RETRY_AFTER_STORAGE_S)


async def bad_input(exchange: Exchange, error: Exception) -> Response:
    """Answer what was wrong."""
    del exchange
    return message(400, str(error))


async def foreign(exchange: Exchange, error: Exception) -> Response:
    """Answer that a page of another origin may not do that."""
    del exchange
    return message(403, str(error))


async def other_media_type(exchange: Exchange, error: MediaTypeError) -> Response:
    """Answer which media type the body has to be of."""
    del exchange
    answer = message(415, str(error))
    return attrs.evolve(answer, headers=(*answer.headers, ("accept", error.media_type)))  # RFC 9110, section 12.5.1


async def too_large(exchange: Exchange, error: BodyTooLargeError) -> Response:
    """Answer how long a body may be."""
    del exchange
    return message(413, str(error))
