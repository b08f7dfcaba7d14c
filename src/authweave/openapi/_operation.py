"""One route as an Operation Object (OpenAPI 3.1, section 4.8.10)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import attrs

from authweave.http import (
    FDI_VERSION,
    JSON_TYPE,
    Answer,
    Link,
    Parameter,
    Route,
    RouteTable,
    Schema,
    Version,
    one_of,
    takes_legacy_user,
)
from authweave.types import JSON, JSONObject

from ._common import refusals
from ._components import Components
from ._names import OF_TENANT

MEDIA_TYPES: Final = {"json": JSON_TYPE, "form": "application/x-www-form-urlencoded"}
TENANT: Final = "/{tenantId}"
TENANT_PARAMETER: Final[JSONObject] = {
    "name": "tenantId",
    "in": "path",
    "required": True,
    "description": "The tenant, in whatever case; one that does not exist is answered with 400.",
    "schema": {"type": "string", "pattern": "^[a-zA-Z0-9-]{1,100}$"},
}


@attrs.frozen
class Described:
    """An operation, and where it stands."""

    path: str
    method: str
    operation: JSONObject


@attrs.frozen
class Operations:
    """
    Makes operations of routes.

    Attributes:
        components: keeps what they have in common.
        version: that of the interface which the client speaks.
        is_newest: whether a client that names no version gets this one.
        ids: of the operations, by the titles of their routes: a link leads to one of these.
    """

    components: Components
    version: Version
    is_newest: bool
    ids: dict[str, str]

    def of_routes(self, routes: RouteTable, root_path: str = "") -> Iterator[Described]:
        """Return the operations of all routes that are served, at paths below a root path that they may begin with."""
        base = routes.base_path
        if root_path and f"{base}/".startswith(f"{root_path}/"):
            base = base.removeprefix(root_path)
        for recipe_id, listed in routes.by_recipe.items():
            for route in listed:
                for before in ("", TENANT) if route.has_tenants else ("",):
                    made = self.operation(route, recipe_id, of_tenant=bool(before))
                    yield Described(f"{base}{before}{route.path}", route.method, made)

    def operation(self, route: Route, recipe_id: str, *, of_tenant: bool) -> JSONObject:
        """Return a route as an operation, below the path of a tenant or not."""
        made: dict[str, JSON] = {
            "operationId": self.ids[route.title] + (OF_TENANT if of_tenant else ""),
            "tags": [recipe_id or "application"],
        }
        if route.summary:
            made["summary"] = route.summary
        if route.is_deprecated:
            made["deprecated"] = True
        if parameters := self.parameters(route, of_tenant=of_tenant):
            made["parameters"] = parameters
        if route.body is not None and route.reads is not None:
            content: JSON = {MEDIA_TYPES[route.reads]: {"schema": self.components.refer(route.body)}}
            made["requestBody"] = {"required": True, "content": content}
        made["responses"] = self.responses(route, of_tenant=of_tenant)
        # Said of every operation: an application that this is merged into may have another rule for its own.
        made["security"] = [self.components.require(each) for each in route.security]
        return made

    def parameters(self, route: Route, *, of_tenant: bool) -> list[JSON]:
        """Return what a route reads of path, query and headers."""
        found: list[JSON] = [TENANT_PARAMETER] if of_tenant else []
        if route.parameter is not None:
            found.append(self.parameter(attrs.evolve(route.parameter, is_required=True), "path"))
        found += [self.parameter(each, "query") for each in route.query]
        found += [self.parameter(each, "header") for each in route.headers]
        if not self.is_newest and has_versions(route):
            written = ".".join(map(str, self.version))
            said = Parameter(FDI_VERSION, "What this document describes.", {"type": "string", "const": written})
            found.append(self.parameter(attrs.evolve(said, is_required=True), "header"))
        return found

    def parameter(self, parameter: Parameter, place: str) -> JSON:
        """Return a Parameter Object."""
        return {
            "name": parameter.name,
            "in": place,
            "description": parameter.description,
            "required": parameter.is_required,
            "schema": self.components.refer(parameter.schema),
        }

    def responses(self, route: Route, *, of_tenant: bool) -> JSONObject:
        """Return the answers of a route, and those of every route, by status."""
        if not route.answers:
            return {"default": {"description": "The route says nothing of its answers."}}
        by_status: dict[int, list[Answer]] = {}
        for each in (*route.answers, *refusals(route)):
            by_status.setdefault(each.status, []).append(each)
        if of_tenant:
            by_status.setdefault(404, []).append(Answer(404, "That is no tenant's name: the application answers."))
        return {str(status): self.response(by_status[status], of_tenant=of_tenant) for status in sorted(by_status)}

    def response(self, answers: Sequence[Answer], *, of_tenant: bool) -> JSON:
        """Return a Response Object of the answers that have one status."""
        schemas: dict[str, dict[str, Schema]] = {}
        for each in answers:
            if (schema := self.schema_of(each)) is not None:
                schemas.setdefault(each.media_type, {}).setdefault(str(schema.get("title", schema)), schema)
        headers: dict[str, JSON] = {
            header.name: {"description": header.description, "schema": {"type": "string"}}
            for each in answers
            for header in each.headers
        }
        links = self.links((link for each in answers for link in each.links), of_tenant=of_tenant)
        content: dict[str, JSON] = {
            media_type: {"schema": self.components.refer(one_of(*listed.values()))}
            for media_type, listed in schemas.items()
        }
        return {
            "description": " ".join(dict.fromkeys(each.description for each in answers)),
            **({"headers": headers} if headers else {}),
            **({"content": content} if content else {}),
            **({"links": links} if links else {}),
        }

    def schema_of(self, answer: Answer) -> Schema | None:
        """Return the schema of an answer's body, in the shape of the client's version."""
        is_legacy = takes_legacy_user(self.version) and answer.legacy_schema is not None
        return answer.legacy_schema if is_legacy else answer.schema

    def links(self, links: Iterable[Link], *, of_tenant: bool) -> JSONObject:
        """Return what may come next, of what is served. It is of the same tenant."""
        made: dict[str, JSON] = {}
        for each in links:
            if each.route not in self.ids:
                continue
            parameters: dict[str, JSON] = {f"query.{name}": value for name, value in each.query.items()}
            if of_tenant:
                parameters["path.tenantId"] = "$request.path.tenantId"
            link: dict[str, JSON] = {
                "operationId": self.ids[each.route] + (OF_TENANT if of_tenant else ""),
                "description": each.description,
            }
            if parameters:
                link["parameters"] = parameters
            if each.body is not None:
                link["requestBody"] = each.body
            made[self.ids[each.route]] = link
        return made


def has_versions(route: Route) -> bool:
    """Return whether a route answers clients of before account linking otherwise."""
    return any(each.legacy_schema is not None for each in route.answers)
