"""How an application sets the recipe, and what it gets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, cast

import attrs
from typing_extensions import TypeVar, override

from authweave.extending import RecipeEntry, Services, check_options
from authweave.kernel import UserContext
from authweave.recipe.session import EndedSessions, SessionRecipe, SignIns, kept_sessions
from authweave.storage import StorePart
from authweave.users import UserFunctions, UsersContribution

from .config import AccountLinkingConfig, OnAccountLinked, ShouldDoAutomaticAccountLinking
from .interfaces import RecipeInterface
from .links import Links, forget_session, forget_sessions_of_user
from .names import RECIPE_ID
from .recipe import AccountLinkingRecipe
from .store import PARTS
from .types import AccountLinkingOverrideConfig

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)
ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)


@attrs.frozen
class AccountLinkingSetup(RecipeEntry[ContextT_contra]):
    """The recipe as an application wants it. Made by `init`, built when the application is."""

    config: AccountLinkingConfig
    overrides: AccountLinkingOverrideConfig[ContextT_contra] = attrs.field(repr=False)
    recipe_id: ClassVar[str] = RECIPE_ID
    needs: ClassVar[tuple[str, ...]] = (SessionRecipe.recipe_id,)
    store: ClassVar[tuple[StorePart[object], ...]] = PARTS

    @override
    def brought(self) -> Sequence[RecipeEntry]:
        """Return the recipe whose sessions end with a link."""
        return (kept_sessions(),)

    @override
    def contributions(self) -> Sequence[object]:
        """Return that overrides of the functions of users are this recipe's, and what it remembers of sessions."""
        return (UsersContribution(user_functions), EndedSessions(forget_session, forget_sessions_of_user))

    @override
    def build(self, services: Services) -> AccountLinkingRecipe[ContextT_contra]:
        """Compose the recipe. Overrides that do not fit are noted in ``services.faults``."""
        from .functions import RecipeImplementation
        from .linking import Linking
        from .signing_in import SigningInMachine

        sessions = services.recipe(SessionRecipe)
        links = Links(services, self.config, sessions.config.access_token_validity_ms)
        base: RecipeInterface[ContextT_contra] = RecipeImplementation(services, links)
        functions = services.compose(base, self.overrides.functions)
        # A context has no key that must be there, so every context is one of the application's type.
        for_any_context = cast("RecipeInterface[UserContext]", functions)  # handed every context
        linking = Linking(services, for_any_context, links)
        return AccountLinkingRecipe(
            config=self.config,
            functions=functions,
            linking=linking,
            signing_in=SigningInMachine(services, linking, SignIns(sessions.requests)),
            services=services,
        )


def user_functions(services: Services) -> UserFunctions:
    """Return the functions of users with the overrides of this recipe."""
    functions: object = services.recipe(AccountLinkingRecipe).for_any_context
    return cast("UserFunctions", functions)  # functions of an interface are called as methods are


def init(
    on_account_linked: OnAccountLinked | None = None,
    should_do_automatic_account_linking: ShouldDoAutomaticAccountLinking | None = None,
    override: AccountLinkingOverrideConfig[ContextT] | None = None,
) -> AccountLinkingSetup[ContextT]:
    """
    Say which login methods become those of one user. Recipes that sign people in bring this one along, as it is.

    Args:
        on_account_linked: is told of each new link. If it raises, the request fails, and they stay linked.
        should_do_automatic_account_linking: says whether an account may be linked to a user, or (None) be that of a
            primary user: `ShouldNotAutomaticallyLink`, or `ShouldAutomaticallyLink` with whether only what is verified
            is linked. It may be asked several times in one request. By default nothing is linked but by your calls.
        override: overrides of the recipe's functions.

    Returns:
        An entry for the ``recipe_list`` of `authweave.init`.

    Raises:
        authweave.types.ConfigurationError: an option is of the wrong type.
    """
    check_options("accountlinking.init", init, locals())
    config = AccountLinkingConfig(on_account_linked=on_account_linked, should_link=should_do_automatic_account_linking)
    return AccountLinkingSetup(config, override or AccountLinkingOverrideConfig[ContextT]())
