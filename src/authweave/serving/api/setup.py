"""How the API is switched on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Final

import attrs
from typing_extensions import override

from authweave.extending import Contributions, Recipe, RecipeEntry, Services, check_options
from authweave.http import OPENAPI_DOCUMENT, Exchange, Route, RouteTable
from authweave.recipe.session import SessionRecipe
from authweave.types import JSONObject

from .keys import Keys, key_faults
from .operation import Operation, Sent

RECIPE_ID: Final = "server_api"


@attrs.frozen(kw_only=True)
class ServerApiRecipe(Recipe):
    """
    The API at work in an application.

    Attributes:
        keys: those that are taken.
    """

    recipe_id: ClassVar[str] = RECIPE_ID
    keys: Keys
    services: Services = attrs.field(repr=False)

    @override
    def composed(self) -> Mapping[str, object]:
        """Return nothing: what the API does, functions of other recipes do, and those can be overridden."""
        return {}

    @override
    def routes(self) -> Sequence[Route]:
        """Return what programs ask, of the recipes that the application has."""
        from .roles import MetadataApi, RolesApi
        from .sessions import SessionsApi
        from .users import UsersApi

        listed = {each.recipe_id for each in self.services.built.all()}
        operations = [*SessionsApi(self.services).operations(), *UsersApi(self.services).operations()]
        if "userroles" in listed:
            operations += RolesApi(self.services).operations()
        if "usermetadata" in listed:
            operations += MetadataApi(self.services).operations()
        describing = Operation(
            "get", "/openapi.json", "Describe this API (OpenAPI 3.1)", self.describe, {}, (), (OPENAPI_DOCUMENT,)
        )
        return tuple(each.route(self.keys) for each in (*operations, describing))

    async def describe(self, sent: Sent, exchange: Exchange) -> JSONObject:
        """Return the document of which clients of the API are made: these routes, without the frontends'."""
        from authweave.openapi import document

        del sent
        app_info = self.services.app_info
        table = RouteTable(app_info.served_base_path, {self.recipe_id: self.routes()})
        return document(table, app_info, root_path=exchange.request.root_path)


@attrs.frozen
class ServerApiSetup(RecipeEntry):
    """The API as an application wants it. Made by `init`, built when the application is."""

    keys: tuple[str, ...] = attrs.field(repr=False)
    recipe_id: ClassVar[str] = RECIPE_ID
    needs: ClassVar[tuple[str, ...]] = (SessionRecipe.recipe_id,)

    @override
    def faults(self, contributions: Contributions) -> Iterator[str]:
        """Return what is wrong with the keys."""
        del contributions
        yield from key_faults(self.keys)

    @override
    def build(self, services: Services) -> ServerApiRecipe:
        """Build the API."""
        return ServerApiRecipe(keys=Keys.of(self.keys), services=services)


def init(*, keys: Sequence[str]) -> ServerApiSetup:
    """
    Switch the API for other programs of the application's own on: below ``/api`` of the API's base path.

    Args:
        keys: the keys that are taken, each of at least 32 characters. Several are for the time in which one replaces
            another. Who has one may do everything to all users.

    Returns:
        An entry for the ``recipe_list`` of `authweave.init`, which raises what is wrong with the keys.
    """
    check_options("server_api.init", init, locals())
    return ServerApiSetup(tuple(keys))
