"""FastAPI's request as the library reads it."""

from __future__ import annotations

from starlette.requests import Request

from authweave.framework._request import ASGIRequest, http_scope, request_in


class FastApiRequest(ASGIRequest):
    """
    A request of FastAPI's, or Starlette's, as overrides are handed it.

    Functions of sessions take it, and the framework's own, for the request that the middleware serves.

    .. versionadded:: 0.1.0
    """

    def __init__(self, request: Request) -> None:
        http = http_scope(request.scope)
        raw_headers = tuple(http["headers"])
        read = request_in(request.scope, http, http["method"].lower(), raw_headers, request.body)
        super().__init__(
            read.http_method,
            read.path,
            read.headers,
            read.query,
            read.read_body,
            root_path=read.root_path,
            peer=read.peer,
            raw_headers=raw_headers,
            scope=read.scope,
            request=request,
        )
