"""How an application switches the recipe on, and what it gets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Final

import attrs
from typing_extensions import override

from authweave.extending import Contributions, Recipe, RecipeEntry, Services, check_options
from authweave.http import Route
from authweave.recipe.session import SessionRecipe
from authweave.types import or_default

from .config import AdminConfig, require_extra
from .guard import Allowed, RecentSignIn, SessionGuard

RECIPE_ID: Final = "admin"


@attrs.frozen(kw_only=True)
class AdminRecipe(Recipe):
    """
    The recipe at work in an application.

    Attributes:
        config: what `init` was told.
    """

    recipe_id: ClassVar[str] = RECIPE_ID
    config: AdminConfig
    served: tuple[Route, ...] = attrs.field(repr=False)

    @override
    def composed(self) -> Mapping[str, object]:
        """Return nothing: what the page does, functions of other recipes do, and those can be overridden."""
        return {}

    @override
    def routes(self) -> Sequence[Route]:
        """Return what an administrator's browser asks."""
        return self.served


PATH: Final = "/admin"


@attrs.frozen
class AdminSetup(RecipeEntry):
    """The recipe as an application wants it. Made by `init`, built when the application is."""

    config: AdminConfig
    recipe_id: ClassVar[str] = RECIPE_ID
    needs: ClassVar[tuple[str, ...]] = (SessionRecipe.recipe_id,)

    @override
    def brought(self) -> Sequence[RecipeEntry]:
        """Return the recipe that knows roles, where one is named."""
        if callable(self.config.allowed):
            return ()
        from authweave.recipe import userroles

        return (userroles.init(),)

    @override
    def faults(self, contributions: Contributions) -> Iterator[str]:
        """Return what cannot work: `authweave.init` reports it with the faults of the other recipes."""
        del contributions
        yield from self.config.faults()

    @override
    def build(self, services: Services) -> AdminRecipe:
        """
        Build the page.

        Raises:
            authweave.types.ConfigurationError: the extra ``admin`` is not installed.
        """
        require_extra()
        from .accounts import Accounts
        from .form_tokens import FormTokens
        from .pages import Pages
        from .routes import AdminRoutes

        routes = AdminRoutes(
            services=services,
            app_info=services.app_info,
            path=self.config.path,
            guard=SessionGuard(services, self.config.allowed, RecentSignIn(services.clock)),
            tokens=FormTokens(services.secret.key("admin-forms"), services.random_bytes),
            accounts=Accounts(services),
            pages=Pages(services.app_info.app_name),
        )
        return AdminRecipe(config=self.config, served=routes.routes())


def init(*, allowed: Allowed, path: str | None = PATH) -> AdminSetup:
    """
    Switch the page for administrators on.

    It shows the users of all tenants, with their sessions, roles, ways to sign in and security events; and disables,
    enables and deletes them, revokes sessions, and sends mails again. Whoever opens it needs a session by cookie, made
    at most ten minutes ago, and has to be allowed.

    Args:
        allowed: who may: a role, which counts in sessions of the tenant ``public`` alone and brings the recipe
            ``userroles`` along; or a function, async or not, that takes the `SessionContainer` and returns whether.
        path: where the page is, below the API's base path.

    Returns:
        An entry for the ``recipe_list`` of `authweave.init`, which raises what is wrong with the configuration.
    """
    check_options("admin.init", init, locals())
    return AdminSetup(AdminConfig(allowed=allowed, path=or_default(path, PATH)))
