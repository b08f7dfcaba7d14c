"""Flask's request as the library reads it."""

from __future__ import annotations

from flask import Request

from authweave.framework._wsgi_request import WSGIRequest, read_environ


class FlaskRequest(WSGIRequest):
    """
    A request of Flask's, as overrides are handed it.

    Functions of sessions take it, and the framework's own, for the request that the middleware serves.

    .. versionadded:: 0.1.0
    """

    def __init__(self, req: Request) -> None:
        async def read_body() -> bytes:
            return req.get_data()

        read = read_environ(req.environ, read_body)
        super().__init__(
            read.http_method,
            read.path,
            read.headers,
            read.query,
            read_body,
            root_path=read.root_path,
            peer=read.peer,
            environ=req.environ,
            wrap=lambda _: req,
        )
