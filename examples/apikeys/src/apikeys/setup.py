"""How an application switches the recipe on, and what it gets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Final, Generic, cast

import attrs
from typing_extensions import TypeVar, override

from authweave.extending import Contributions, Recipe, RecipeEntry, RecipeOverrides, Services, check_options
from authweave.http import ErrorResponse, Exchange, Route, error_response, message
from authweave.kernel import UserContext
from authweave.recipe.session import SessionRecipe
from authweave.recipe.session.interfaces import SessionRequests
from authweave.storage import StorePart
from authweave.types import AppInfo, Response

from .apis import APIImplementation
from .config import DAY_S, APIKeysConfig
from .exceptions import KeyRefusedError, ScopeMissingError
from .functions import RecipeImplementation
from .interfaces import APIInterface, ContextT_contra, RecipeInterface
from .routes import APIKeyRoutes
from .store import PARTS

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)

RECIPE_ID: Final = "apikeys"


@attrs.frozen
class InputOverrideConfig(RecipeOverrides[RecipeInterface[ContextT], APIInterface[ContextT]], Generic[ContextT]):
    """Overrides of the recipe."""


@attrs.frozen(kw_only=True)
class APIKeysRecipe(Recipe, Generic[ContextT_contra]):
    """
    The recipe at work in an application.

    Attributes:
        functions: the composed functions.
        apis: the composed APIs.
    """

    recipe_id: ClassVar[str] = RECIPE_ID
    functions: RecipeInterface[ContextT_contra]
    apis: APIInterface[ContextT_contra]
    sessions: SessionRequests = attrs.field(repr=False)
    app_info: AppInfo = attrs.field(repr=False)

    @override
    def composed(self) -> Mapping[str, object]:
        """Return the composed functions and APIs."""
        return {"functions": self.functions, "apis": self.apis}

    @override
    def routes(self) -> Sequence[Route]:
        """Return what frontends ask."""
        # A context has no key that must be there, so every context is one of the application's type.
        functions = cast("RecipeInterface", self.functions)  # handed every context
        apis = cast("APIInterface", self.apis)  # likewise
        return APIKeyRoutes(self.app_info, functions, apis, self.sessions).routes()

    @override
    def error_responses(self) -> Sequence[ErrorResponse]:
        """Return how refused keys are answered, also in the application's own routes."""
        return (error_response(KeyRefusedError, refused), error_response(ScopeMissingError, scope_missing))


async def refused(exchange: Exchange, error: KeyRefusedError) -> Response:
    """Return the answer to a key that cannot be used."""
    del exchange
    return message(401, str(error))


async def scope_missing(exchange: Exchange, error: ScopeMissingError) -> Response:
    """Return the answer to a key that may not do what was asked."""
    del exchange
    return message(403, str(error))


@attrs.frozen
class APIKeysSetup(RecipeEntry[ContextT_contra]):
    """The recipe as an application wants it. Made by `init`, built when the application is."""

    config: APIKeysConfig
    overrides: InputOverrideConfig[ContextT_contra] = attrs.field(repr=False)
    recipe_id: ClassVar[str] = RECIPE_ID
    needs: ClassVar[tuple[str, ...]] = (SessionRecipe.recipe_id,)
    store: ClassVar[tuple[StorePart[object], ...]] = PARTS

    @override
    def faults(self, contributions: Contributions) -> Iterator[str]:
        """Return what cannot work: `authweave.init` reports it with the faults of the other recipes."""
        del contributions
        yield from self.config.faults()

    @override
    def build(self, services: Services) -> APIKeysRecipe[ContextT_contra]:
        """Compose the recipe. Overrides that do not fit are noted in ``services.faults``."""
        functions: RecipeInterface[ContextT_contra] = RecipeImplementation(self.config, services)
        apis: APIInterface[ContextT_contra] = APIImplementation()
        return APIKeysRecipe(
            functions=services.compose(functions, self.overrides.functions),
            apis=services.compose(apis, self.overrides.apis),
            sessions=services.recipe(SessionRecipe).requests,
            app_info=services.app_info,
        )


def init(
    *,
    scopes: Sequence[str] = (),
    max_keys: int = 20,
    max_validity_s: int = 365 * DAY_S,
    override: InputOverrideConfig[ContextT] | None = None,
) -> APIKeysSetup[ContextT]:
    """
    Switch the recipe on.

    Args:
        scopes: what keys may be allowed to do; each has those that its user chose.
        max_keys: how many a user may have that have not expired. Of several that are made in the same moment, one
            more may come through.
        max_validity_s: how long a key can be used at most, in seconds.
        override: overrides of the recipe's functions and APIs.

    Returns:
        An entry for the ``recipe_list`` of `authweave.init`, which raises what is wrong with the configuration.
    """
    check_options("apikeys.init", init, locals())
    config = APIKeysConfig(scopes=tuple(sorted(set(scopes))), max_keys=max_keys, max_validity_s=max_validity_s)
    return APIKeysSetup(config, override or InputOverrideConfig[ContextT]())
