"""The body of Django's request, which both the library and the views behind may read."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import Final

import attrs
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError
from django.http.request import RawPostDataException

from authweave.extending import runs_on_loop
from authweave.http import ClientDisconnectedError
from authweave.types import BadInputError, BodyTooLargeError, ConfigurationError

MAX_DIGITS: Final = 20
"""More than any length has; reading many more would take long."""


@attrs.define(eq=False, repr=False)
class Body:
    """
    A body that is read by ``request.body``, where Django keeps it for the views: forms and files in it as well.

    Attributes:
        http_request: Django's request.
        limit_bytes: how long it may be. A longer one reaches the views all the same; only the library does not read it.
    """

    http_request: HttpRequest
    limit_bytes: int
    whole: bytes | None = None
    error: Exception | None = None
    reading: threading.Lock = attrs.field(factory=threading.Lock)

    async def read(self) -> bytes:
        """Return the whole body, as `take` does."""
        return self.take()

    async def read_in_thread(self) -> bytes:
        """Return the whole body, which may be under way, as `take` does; a loop does not wait for it."""
        if self.whole is None and self.error is None and runs_on_loop():
            return await asyncio.to_thread(self.take)
        return self.take()

    def read_ahead(self) -> None:
        """Read it on the caller's own thread. What is wrong with it, whoever asks for it next is told."""
        with suppress(Exception):
            self.take()

    def take(self) -> bytes:
        """
        Return the whole body, however often it is asked for.

        Raises:
            authweave.types.BadInputError: the request says of its length what is no number (RFC 9110, section 8.6).
            authweave.types.BodyTooLargeError: it is longer than the limit. Where the request says so, nothing is read.
            authweave.errors.ClientDisconnectedError: the client went away.
            authweave.types.ConfigurationError: it was read as a stream before: a form with files, by ``request.POST``.
        """
        with self.reading:  # who comes second would wait for what never comes
            if self.error is not None:
                raise self.error
            if self.whole is None:
                try:
                    self.whole = self._read()
                except Exception as error:
                    self.error = error
                    raise
            return self.whole

    def _read(self) -> bytes:
        declared: object = self.http_request.META.get("CONTENT_LENGTH")
        if isinstance(declared, str) and declared:
            if not (declared.isascii() and declared.isdigit()):  # Django would fail to read it as a number
                raise BadInputError("Content-Length has to be a number of bytes.")
            if int(declared[:MAX_DIGITS]) > self.limit_bytes:
                raise BodyTooLargeError(self.limit_bytes)
        try:
            body = self.http_request.body
        except RequestDataTooBig as error:
            raise BodyTooLargeError(self.limit_bytes) from error
        except UnreadablePostError as error:
            raise ClientDisconnectedError from error
        except RawPostDataException as error:
            raise ConfigurationError(
                f"The body of {self.http_request.path!r} was read as a stream (by request.POST of a form with "
                "files, or by request.read()) before authweave was asked for it: read request.body first, "
                "or what you need of request.POST."
            ) from error
        if len(body) > self.limit_bytes:
            raise BodyTooLargeError(self.limit_bytes)
        return body
