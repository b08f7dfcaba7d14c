"""Errors as answers (docs/reference/http.md, Errors): which is answered how is data, which recipes bring too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Generic, cast

import attrs
from typing_extensions import TypeVar

from authweave.kernel import AuthweaveError
from authweave.types import Response

from ._exchange import Exchange

ErrorT = TypeVar("ErrorT", bound=Exception, default=Exception)


@attrs.frozen
class ErrorResponse(Generic[ErrorT]):
    """
    How the errors of a class, and of those below it, are answered.

    Attributes:
        error: the class.
        respond: returns the answer.
        keeps_changes: whether what was noted for the answer before the error is sent with this one. By default it is
            forgotten: new tokens do not go out with a refusal.
    """

    error: type[ErrorT]
    respond: Callable[[Exchange, ErrorT], Awaitable[Response]] = attrs.field(repr=False)
    keeps_changes: bool = False


class ErrorResponses:
    """
    How errors are answered. What is raised belongs to the nearest class above it that has an answer.

    Args:
        responses: one for each class (`error_response_faults`).
    """

    def __init__(self, responses: Iterable[ErrorResponse]) -> None:
        self._by_class = {each.error: each for each in responses}

    async def respond(self, exchange: Exchange, error: Exception) -> Response | None:
        """
        Return the answer to an error; None for what is a fault of the program, which is the server's to answer.

        What was noted for the answer that was to be is forgotten, and what overrides said of it.
        """
        response = next((self._by_class[each] for each in type(error).__mro__ if each in self._by_class), None)
        exchange.request.response.clear()
        if response is None or not response.keeps_changes:
            exchange.request.changes.headers.clear()
        return None if response is None else await response.respond(exchange, error)


def error_response(
    error: type[ErrorT], respond: Callable[[Exchange, ErrorT], Awaitable[Response]], *, keeps_changes: bool = False
) -> ErrorResponse:
    """Return how the errors of a class are answered, for a list with those of other classes."""
    return cast("ErrorResponse", ErrorResponse(error, respond, keeps_changes))  # only errors of that class come to it


def error_response_faults(responses: Mapping[str, Iterable[ErrorResponse]]) -> list[str]:
    """
    Return what is wrong with how recipes answer errors, in sentences: each class is answered by one of them.

    A recipe may not answer every exception: faults of a program are the server's to answer.

    Args:
        responses: those of each recipe, by its id; those of the application under a name that is no id.
    """
    faults: list[str] = []
    owners: dict[type[Exception], str] = {}
    for owner, listed in responses.items():
        for each in listed:
            if each.error in {Exception, BaseException, AuthweaveError}:
                faults.append(
                    f"{owner} answers every {each.error.__name__}, also those of others: name the classes of its own."
                )
            elif owners.setdefault(each.error, owner) != owner:
                faults.append(
                    f"{owner} answers {each.error.__name__}, and so does {owners[each.error]}: leave it to one of them."
                )
    return faults


def message(status: int, text: str, *, retry_after_s: int | None = None) -> Response:
    """Return an answer of one message, and where it says so, of the seconds after which to try again."""
    headers = () if retry_after_s is None else (("retry-after", str(retry_after_s)),)
    return Response.from_json({"message": text}, status, headers)
