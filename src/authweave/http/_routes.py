"""Which requests are answered here, and by what: routes are data (docs/reference/http.md, Paths)."""

from __future__ import annotations

import re
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

import attrs

from authweave.types import PUBLIC_TENANT, BaseRequest, Response

from ._accepting import Reads
from ._exchange import Exchange

METHOD: Final = re.compile(r"[a-z]+")
PATH: Final = re.compile(r"(/[^/?#{}<>]+)+")
TENANT: Final = re.compile(r"/([a-zA-Z0-9-]{1,100})(/.*)")


class Handler(Protocol):
    """Answers the requests of a route."""

    def __call__(self, exchange: Exchange, /) -> Coroutine[Any, Any, Response]:  # Any: nobody sends to a coroutine
        """Return the answer. What is raised is answered by an `ErrorResponse`, or is a fault of the program."""
        ...


@attrs.frozen
class Route:
    """
    A route, below the API's base path.

    Attributes:
        method: lower case.
        path: with a slash in front and none at its end, without the tenant (``/signin``). It is literal: it has no
            parameters; ids travel in the query or the body.
        answer: answers its requests.
        api: the API function that answers them, by its name in the recipe's ``APIInterface``; empty where none does.
        is_enabled: whether it is served.
        reads: what it reads of a body. ``json`` wants ``application/json`` where there is a body, which pages of others
            cannot send unasked; ``form`` wants ``application/x-www-form-urlencoded``, and takes it from the pages of
            everybody. None for a route that reads no body, which may be of any type then.
    """

    method: str
    path: str
    answer: Handler = attrs.field(repr=False)
    api: str = ""
    is_enabled: bool = True
    reads: Reads | None = attrs.field(default="json", kw_only=True)

    @property
    def title(self) -> str:
        """Method and path, as people write them (``POST /signin``)."""
        return f"{self.method.upper()} {self.path}"


@attrs.frozen
class Match:
    """A route that answers a request, and the tenant that the path names."""

    route: Route
    tenant_id: str


class RouteTable:
    """
    The routes that an application serves.

    Args:
        base_path: below which they are served (``/auth``).
        routes: those of each recipe; those that are switched off are left out.
    """

    def __init__(self, base_path: str, routes: Mapping[str, Sequence[Route]]) -> None:
        self._base_path: Final = base_path
        self.routes: Final = tuple(each for listed in routes.values() for each in listed if each.is_enabled)
        self._by_path: Final = {(each.method, each.path): each for each in self.routes}

    def match(self, request: BaseRequest) -> Match | None:
        """Return the route that answers a request; None leaves the request to the application."""
        if not request.path.startswith(f"{self._base_path}/"):
            return None
        for tenant_id, path in tenants_and_paths(request.path.removeprefix(self._base_path)):
            if route := self._by_path.get((request.method, path)):
                return Match(route, tenant_id)
        return None


def tenants_and_paths(path: str) -> Iterator[tuple[str, str]]:
    """Return tenant and path: first without a tenant, then with the first segment as one."""
    trimmed = path.removesuffix("/")
    yield PUBLIC_TENANT, trimmed
    if with_tenant := TENANT.fullmatch(trimmed):
        yield with_tenant[1], with_tenant[2]


def route_faults(routes: Mapping[str, Sequence[Route]]) -> list[str]:
    """
    Return what is wrong with the routes of recipes, in sentences. Those of the application come first, without an id.

    Two recipes that serve the same route collide: the client's header ``rid`` is a hint, and may be missing.
    """
    faults: list[str] = []
    owners: dict[tuple[str, str], str] = {}
    for recipe_id, listed in routes.items():
        for route in listed:
            key = (route.method, route.path)
            if not METHOD.fullmatch(route.method) or not PATH.fullmatch(route.path):
                faults.append(
                    f"Recipe {recipe_id!r} has a route {route.method!r} {route.path!r} that no request matches: write "
                    "the method in lower case, and the path with a slash in front, none at its end, and no parameters."
                )
            elif route.is_enabled and key in owners:
                owner = "itself" if owners[key] == recipe_id else f"recipe {owners[key]!r}" if owners[key] else "init"
                faults.append(
                    f"Recipe {recipe_id!r} serves {route.title}, and so does {owner}: switch one of the two off"
                    f"{'' if owners[key] else ' (init(health_routes=False))'}, or give it another path."
                )
            elif route.is_enabled:
                owners[key] = recipe_id
    return faults
