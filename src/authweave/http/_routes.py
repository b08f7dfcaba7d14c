"""Which requests are answered here, and by what: routes are data (docs/reference/http.md, Paths)."""

from __future__ import annotations

import re
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

import attrs

from authweave.types import PUBLIC_TENANT, BaseRequest, Response

from ._accepting import Reads
from ._described import Answer, Parameter, Schema, Security
from ._exchange import Exchange
from ._fdi import FDI_VERSION

METHOD: Final = re.compile(r"[a-z]+")
PATH: Final = re.compile(r"(/[^/?#{}<>]+)+(/\{[a-z_]+\})?")
ANY: Final = "/{}"
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
        path: with a slash in front and none at its end, without the tenant (``/signin``). It is literal, but for a
            parameter that may be its last segment (``/keys/{key_id}``); a literal path goes before it.
        answer: answers its requests.
        api: the API function that answers them, by its name in the recipe's ``APIInterface``; empty where none does.
        is_enabled: whether it is served.
        reads: what it reads of a body. ``json`` wants ``application/json`` where there is a body, which pages of others
            cannot send unasked; ``form`` wants ``application/x-www-form-urlencoded``, and takes it from the pages of
            everybody. None for a route that reads no body, which may be of any type then.
        summary: what it does, in a few words. With what follows it is for the OpenAPI document (`App.openapi`), which
            says of a route without it that nothing is known.
        parameter: what its parameter is, where its path has one.
        query: what it reads of the query.
        headers: what it reads of the headers, beside what every route reads.
        body: the schema of what it takes for a body; None for a route that takes none.
        answers: those of its own. What every route may answer, a body that is too long for one, is added.
        security: how a client shows who it is; empty where nobody is asked.
        has_tenants: whether the tenant in the path matters to it.
        is_deprecated: whether it is there for former clients alone.
        needs: the id of a recipe without which it is not served: ``session``, where it creates one or asks for one.
    """

    method: str
    path: str
    answer: Handler = attrs.field(repr=False)
    api: str = ""
    is_enabled: bool = True
    reads: Reads | None = attrs.field(default="json", kw_only=True)
    summary: str = attrs.field(default="", kw_only=True)
    parameter: Parameter | None = attrs.field(default=None, kw_only=True, repr=False)
    query: tuple[Parameter, ...] = attrs.field(default=(), kw_only=True, repr=False)
    headers: tuple[Parameter, ...] = attrs.field(default=(), kw_only=True, repr=False)
    body: Schema | None = attrs.field(default=None, kw_only=True, repr=False)
    answers: tuple[Answer, ...] = attrs.field(default=(), kw_only=True, repr=False)
    security: Security = attrs.field(default=(), kw_only=True, repr=False)
    has_tenants: bool = attrs.field(default=True, kw_only=True)
    is_deprecated: bool = attrs.field(default=False, kw_only=True)
    needs: str = attrs.field(default="", kw_only=True)

    @property
    def title(self) -> str:
        """Method and path, as people write them (``POST /signin``)."""
        return f"{self.method.upper()} {self.path}"


@attrs.frozen
class Match:
    """A route that answers a request, the tenant that the path names, and the route's parameter; empty without one."""

    route: Route
    tenant_id: str
    parameter: str = ""


class RouteTable:
    """
    The routes that an application serves.

    Args:
        base_path: below which requests for them arrive (``/auth``).
        routes: those of each recipe, by its id; those that are switched off are left out.
        missing: those of recipes that are not there. They answer the SuperTokens frontends alone, which say by
            ``fdi-version`` that they ask, and are described to nobody.

    Attributes:
        paths: those of all routes, the missing ones too.
    """

    def __init__(self, base_path: str, routes: Mapping[str, Sequence[Route]], missing: Sequence[Route] = ()) -> None:
        self.base_path: Final = base_path
        self._below: Final = f"{base_path}/"
        self.by_recipe: Final = {
            recipe_id: tuple(each for each in listed if each.is_enabled) for recipe_id, listed in routes.items()
        }
        self.routes: Final = tuple(each for listed in self.by_recipe.values() for each in listed)
        self._by_path: Final = {(each.method, shape_of(each.path)): each for each in self.routes}
        self._missing: Final = {(each.method, shape_of(each.path)): each for each in missing}
        self.paths: Final = tuple(dict.fromkeys(each.path for each in (*self.routes, *missing)))

    def match(self, request: BaseRequest) -> Match | None:
        """Return the route that answers a request; None leaves the request to the application."""
        if not request.root_path:
            return self.match_path(request, request.path) if request.path.startswith(self._below) else None
        found = (self.match_path(request, path) for path in request.paths() if path.startswith(self._below))
        return next(filter(None, found), None)

    def methods_at(self, path: str) -> list[str]:
        """Return the methods by which a whole path is asked for, in lower case; none where nothing is there."""
        below = path.removeprefix(self.base_path) if path.startswith(self._below) else ""
        return sorted({method for method, _ in self._by_path if match_in(self._by_path, method, below)})

    def match_path(self, request: BaseRequest, path: str) -> Match | None:
        """Return the route of a request, by one of its paths below the base path."""
        below = path.removeprefix(self.base_path)
        matched = match_in(self._by_path, request.http_method, below)
        if matched is None and request.get_header(FDI_VERSION) is not None:
            return match_in(self._missing, request.http_method, below)
        return matched


def match_in(routes: Mapping[tuple[str, str], Route], method: str, path: str) -> Match | None:
    """Return one of some routes, by method and path below the base path: a literal one first, whatever the tenant."""
    for tenant_id, below in tenants_and_paths(path):
        if route := routes.get((method, below)):
            return Match(route, tenant_id)
    for tenant_id, below in tenants_and_paths(path):
        above, _, last = below.rpartition("/")
        if last and (route := routes.get((method, above + ANY))):
            return Match(route, tenant_id, last)
    return None


def shape_of(path: str) -> str:
    """Return a route's path as it is looked for: a parameter has no name there."""
    return path.rpartition("/")[0] + ANY if path.endswith("}") else path


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
            key = (route.method, shape_of(route.path))
            if not METHOD.fullmatch(route.method) or not PATH.fullmatch(route.path):
                faults.append(
                    f"Recipe {recipe_id!r} has a route {route.method!r} {route.path!r} that no request matches: write "
                    "the method in lower case, and the path with a slash in front, none at its end, and no parameters "
                    "but for its last segment (/{id})."
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
