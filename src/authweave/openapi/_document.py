"""The document, whole: an OpenAPI Object (OpenAPI 3.1.1, section 4.8.1)."""

from __future__ import annotations

from typing import Final

from authweave.http import NEWEST, RouteTable, read_version
from authweave.types import JSON, AppInfo, JSONObject

from ._components import Components
from ._names import operation_ids
from ._operation import Operations

OPENAPI: Final = "3.1.1"


def document(routes: RouteTable, app_info: AppInfo, *, fdi_version: str = "", root_path: str = "") -> JSONObject:
    """
    Return the OpenAPI 3.1 document of an application's routes.

    Args:
        routes: those that are served.
        app_info: the application's name, and where it is.
        fdi_version: the version, or the list of versions, that the client sends in ``fdi-version``.
        root_path: that of the requests (ASGI), which stands in front of all paths.
    """
    version = read_version(fdi_version)
    components = Components()
    operations = Operations(components, version, version == NEWEST, operation_ids(routes.routes, frozenset()))
    paths: dict[str, dict[str, JSON]] = {}
    for each in operations.of_routes(routes):
        paths.setdefault(each.path, {})[each.method] = each.operation
    below = app_info.base_path_below(root_path).removesuffix(app_info.served_base_path)
    return {
        "openapi": OPENAPI,
        "info": {
            "title": app_info.app_name,
            "version": ".".join(map(str, version)),
            "description": "The routes of authweave. The version is that of the frontend driver interface (FDI).",
        },
        "servers": [{"url": f"{app_info.api_domain}{below}"}],
        "tags": [*tags(routes)],
        "paths": {**paths},
        "components": components.to_json(),
    }


def tags(routes: RouteTable) -> list[dict[str, str]]:
    """Return a Tag Object for each recipe that has routes."""
    return [{"name": each or "application"} for each, listed in routes.by_recipe.items() if listed]
