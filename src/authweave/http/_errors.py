"""Errors as answers (docs/reference/http.md, Errors)."""

from __future__ import annotations

from typing import Final

from authweave.errors import BusyError, PasswordTooLongError, StorageError
from authweave.recipe.session.exceptions import ClearDuplicateSessionCookiesError, SessionError
from authweave.types import BadInputError, BodyTooLargeError, Response

from ._exchange import ContextT, Exchange

RETRY_AFTER_STORAGE_S: Final = 1


async def answer_error(exchange: Exchange[ContextT], error: Exception) -> Response | None:
    """
    Return the answer to an error. What sessions had noted for the answer that was to be is forgotten.

    Returns:
        The answer; None for what is a fault of the program, which is the server's to answer.
    """
    if not isinstance(error, ClearDuplicateSessionCookiesError):  # which is raised after its changes were noted
        exchange.request.changes.headers.clear()
    match error:
        case SessionError():
            return await exchange.app.session.answer_error(exchange.request, error, exchange.user_context)
        case BadInputError() | PasswordTooLongError():
            return message(400, str(error))
        case BodyTooLargeError():
            return message(413, str(error))
        case BusyError():
            return message(429, "too many requests, try again later", retry_after_s=error.retry_after_s)
        case StorageError():
            exchange.app.storage_watch.failed(error)  # it may come from an override, where nobody watches
            return message(503, "temporarily unavailable, try again later", retry_after_s=RETRY_AFTER_STORAGE_S)
        case _:
            return None


def message(status: int, text: str, retry_after_s: int | None = None) -> Response:
    """Return an answer of one message."""
    headers = () if retry_after_s is None else (("retry-after", str(retry_after_s)),)
    return Response.from_json({"message": text}, status, headers)
