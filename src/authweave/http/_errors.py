"""Errors as answers (docs/reference/http.md, Errors): which is answered how is data, which recipes bring too."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import Final, Generic, cast

import attrs
from typing_extensions import TypeVar

from authweave.kernel import AuthweaveError
from authweave.types import JSON, Response

from ._exchange import Exchange

ErrorT = TypeVar("ErrorT", bound=Exception, default=Exception)

logger: Final = logging.getLogger("authweave.http")


def no_weight(error: Exception) -> int:
    """Weigh what is answered only where nothing else is to be."""
    del error
    return 0


@attrs.frozen
class ErrorResponse(Generic[ErrorT]):
    """
    How the errors of a class, and of those below it, are answered.

    Attributes:
        error: the class.
        respond: returns the answer.
        keeps_changes: whether what was noted for the answer before the error is sent with this one. By default it is
            forgotten: new tokens do not go out with a refusal.
        weigh: returns how much an error says to the client. Of a group the heaviest is answered, of equal ones the
            first.
    """

    error: type[ErrorT]
    respond: Callable[[Exchange, ErrorT], Awaitable[Response]] = attrs.field(repr=False)
    keeps_changes: bool = False
    weigh: Callable[[ErrorT], int] = attrs.field(default=no_weight, repr=False)


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
        told = self.most_telling(error)
        response = None if told is None else self.response_for(told)
        exchange.request.response.clear()
        if response is None or not response.keeps_changes:
            exchange.request.changes.headers.clear()
        return None if told is None or response is None else await response.respond(exchange, told)

    def response_for(self, error: BaseException) -> ErrorResponse | None:
        """Return how an error is answered; None for a fault of the program, and for a group."""
        return next((self._by_class[each] for each in type(error).__mro__ if each in self._by_class), None)

    def answers(self, error: BaseException) -> bool:
        """Return whether an error, or one of a group, is answered."""
        return any(self.response_for(each) is not None for each in errors_in(error))

    def most_telling(self, error: Exception) -> Exception | None:
        """
        Return the error that is answered: the error itself, or of a group the heaviest.

        Faults of the program in such a group are logged: they were raised beside an error that the client is told, and
        nobody else would hear of them.
        """
        weights: list[tuple[int, Exception]] = []
        faults: list[Exception] = []
        for each in errors_in(error):
            if (response := self.response_for(each)) is not None:
                weights.append((response.weigh(each), each))
            else:
                faults.append(each)
        if not weights:
            return None
        for fault in faults:
            logger.error(
                "%s was raised beside an error that the client is told.",
                type(fault).__name__,
                exc_info=fault,
                extra={"event": "fault_beside_refusal", "error": type(fault).__name__},
            )
        return max(weights, key=lambda each: each[0])[1]


def errors_in(error: BaseException) -> Iterator[Exception]:
    """Return an error, or those of a group and of the groups in it, in order."""
    if isinstance(error, ExceptionGroup):
        for each in cast("ExceptionGroup[Exception]", error).exceptions:  # of which type, isinstance does not tell
            yield from errors_in(each)
    elif isinstance(error, Exception):
        yield error


def error_response(
    error: type[ErrorT],
    respond: Callable[[Exchange, ErrorT], Awaitable[Response]],
    *,
    keeps_changes: bool = False,
    weigh: Callable[[ErrorT], int] = no_weight,
) -> ErrorResponse:
    """Return how the errors of a class are answered, for a list with those of other classes."""
    response = ErrorResponse(error, respond, keeps_changes, weigh)
    return cast("ErrorResponse", response)  # it is handed errors of its class alone


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


def message_in(response: Response) -> str:
    """Return what an answer says in a few words: its ``message``, if it has one."""
    try:
        content = cast("JSON", json.loads(response.body))  # json.loads is typed Any
    except ValueError:
        return ""
    said = content.get("message") if isinstance(content, dict) else None
    return said if isinstance(said, str) else ""
