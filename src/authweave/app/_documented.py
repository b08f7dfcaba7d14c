"""Serves the OpenAPI document of the routes (docs/how-to/openapi.md)."""

from __future__ import annotations

import re
from typing import Final

import attrs

from authweave.http import FDI_VERSION, OPENAPI_DOCUMENT, Answer, Exchange, Route, RouteTable
from authweave.types import AppInfo, ConfigurationError, Response

PATH: Final = re.compile(r"(/[A-Za-z0-9._~-]+)+")
DOCUMENT: Final = Answer(
    200,
    "The OpenAPI document, for the version that the request's `fdi-version` names.",
    OPENAPI_DOCUMENT,
)


@attrs.define(eq=False)
class Documented:
    """
    Answer what the routes are.

    Attributes:
        path: of the document, below the base path; None serves none.
        app_info: the application's name, and where it is.
        table: the routes that are served, of which this is one: so it is set once all of them are known.
    """

    path: str | None
    app_info: AppInfo
    table: RouteTable = attrs.field(init=False, repr=False)

    def routes(self) -> tuple[Route, ...]:
        """Return the route, where there is one."""
        if self.path is None:
            return ()
        return (
            Route(
                "get",
                self.path,
                self.document,
                reads=None,
                summary="Describe the routes",
                answers=(DOCUMENT,),
                has_tenants=False,
            ),
        )

    async def document(self, exchange: Exchange) -> Response:
        """Answer with the document, as the client's version and the request's root path have it."""
        from authweave.openapi import document

        request = exchange.request
        version = request.get_header(FDI_VERSION) or ""
        made = document(self.table, self.app_info, fdi_version=version, root_path=request.root_path)
        return Response.from_json(made)


def check_openapi_path(path: str | None) -> None:
    """
    Check where the document is to be.

    Raises:
        ConfigurationError: that is no path.
    """
    if path is not None and not PATH.fullmatch(path):
        raise ConfigurationError(
            f"openapi_path={path!r} is no path below the base path: write one like '/openapi.json', or None to serve "
            "no document."
        )
