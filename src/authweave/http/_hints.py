"""What debug mode tells who writes a client (docs/reference/http.md, Debug mode)."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Final, cast

import attrs

from authweave.types import JSON, BaseRequest, Response

if TYPE_CHECKING:
    from ._routes import RouteTable

logger: Final = logging.getLogger("authweave.http")

KEY: Final = "debug"
"""Where an answer's JSON has the hints. Frontends pass over what they do not know."""


def with_hints(request: BaseRequest, response: Response) -> Response:
    """Log what may be wrong with a request, and return its answer with the same in it, where that is a JSON object."""
    for hint in request.hints:
        log(request, hint)
    if not request.hints or ("content-type", "application/json; charset=utf-8") not in response.headers:
        return response
    content = cast("JSON", json.loads(response.body))  # json.loads is typed Any
    if not isinstance(content, dict):
        return response
    explained = Response.from_json({**content, KEY: list(request.hints)})
    return attrs.evolve(response, body=explained.body)


def log_unmatched(request: BaseRequest, routes: RouteTable) -> None:
    """Log why no route answers a request that may have been meant for one; its answer is the application's."""
    if (hint := why_unmatched(request, routes)) is not None:
        log(request, hint)


def why_unmatched(request: BaseRequest, routes: RouteTable) -> str | None:
    """Say why no route answers a request, or None where it was not meant for one, as far as anybody can tell."""
    base = routes.base_path
    titles = {route.title: f"{route.method.upper()} {base}{route.path}" for route in routes.routes}
    method, path = request.method(), request.path.removesuffix("/")
    if f"{method} {path}" in titles:
        return f"The routes are below {base}: {titles[f'{method} {path}']}."
    if not path.startswith(f"{base}/"):
        return None
    if method == "OPTIONS":
        return (
            "A browser asks whether a page of another origin may send a request, and nobody answers: add a CORS "
            "middleware after authweave's, so that it is outside."
        )
    import difflib

    wanted = f"{method} {path}"
    others = [title for title in titles.values() if title.partition(" ")[2] == path]
    nearest = others or difflib.get_close_matches(wanted, titles.values(), n=1)
    return f"There is no such route{f'; there is {nearest[0]}' if nearest else ''}."


def log(request: BaseRequest, hint: str) -> None:
    """Log one sentence."""
    logger.warning(
        "%s %r: %s",
        request.method(),
        request.path,
        hint,
        extra={"event": "request_hint", "method": request.http_method, "path": request.path, "hint": hint},
    )
