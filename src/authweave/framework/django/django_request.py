"""Django's request as the library reads it."""

from __future__ import annotations

from django.http import HttpRequest

from . import _request


class DjangoRequest(_request.DjangoRequest):
    """
    A request of Django's, as overrides are handed it.

    Functions of sessions take it, and the framework's own, for the request that the middleware serves.

    .. versionadded:: 0.1.0
    """

    def __init__(self, request: HttpRequest) -> None:
        async def read_body() -> bytes:
            return request.body

        read = _request.read_request(request, read_body)
        super().__init__(
            method=read.http_method,
            path=read.path,
            headers=read.headers,
            query=read.query,
            read_body=read_body,
            root_path=read.root_path,
            peer=read.peer,
            http_request=request,
        )
