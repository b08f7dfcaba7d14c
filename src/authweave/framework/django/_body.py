"""The body of Django's request, which both the library and the views behind may read."""

from __future__ import annotations

import attrs
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError
from django.http.request import RawPostDataException
from typing_extensions import override

from authweave.framework._blocking_body import BlockingBody
from authweave.http import MAX_DIGITS, ClientDisconnectedError
from authweave.types import BadInputError, BodyTooLargeError, ConfigurationError


@attrs.define(eq=False, repr=False)
class Body(BlockingBody):
    """
    A body that is read by ``request.body``, where Django keeps it for the views: forms and files in it as well.

    Attributes:
        http_request: Django's request.
        limit_bytes: how long it may be. A longer one reaches the views all the same; only the library does not read it.
    """

    http_request: HttpRequest
    limit_bytes: int

    async def read_here(self) -> bytes:
        """Return the whole body, as `take` does, where it has come already."""
        return self.take()

    @override
    def read_blocking(self) -> bytes:
        """
        Return the whole body.

        Raises:
            authweave.types.BadInputError: the request says of its length what is no number (RFC 9110, section 8.6).
            authweave.types.BodyTooLargeError: it is longer than the limit. Where the request says so, nothing is read.
            authweave.errors.ClientDisconnectedError: the client went away.
            authweave.types.ConfigurationError: it was read as a stream before: a form with files, by ``request.POST``.
        """
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
