"""How an application sets the recipe, and what it gets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Generic

import attrs
from typing_extensions import TypeVar, override

from authweave.extending import RecipeEntry, RecipeOverrides, Services, check_options
from authweave.kernel import UserContext
from authweave.recipe.session import SessionContribution
from authweave.storage import StorePart

from .claims import PermissionClaim, UserRoleClaim
from .interfaces import APIInterface, RecipeInterface
from .names import RECIPE_ID
from .recipe import UserRolesConfig, UserRolesRecipe
from .store import PARTS

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)
ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)


@attrs.frozen
class InputOverrideConfig(RecipeOverrides[RecipeInterface[ContextT], APIInterface], Generic[ContextT]):
    """Overrides of the recipe. ``apis`` is taken, as by SuperTokens, and has nothing to override."""


UserRolesOverrideConfig = InputOverrideConfig
"""The same, by SuperTokens's newer name."""


@attrs.frozen
class UserRolesSetup(RecipeEntry[ContextT_contra]):
    """The recipe as an application wants it. Made by `init`, built when the application is."""

    config: UserRolesConfig
    overrides: InputOverrideConfig[ContextT_contra] = attrs.field(repr=False)
    recipe_id: ClassVar[str] = RECIPE_ID
    store: ClassVar[tuple[StorePart[object], ...]] = PARTS

    @override
    def contributions(self) -> Sequence[object]:
        """Return the claims that the recipe adds to sessions, where there are any."""
        skipped = (
            (UserRoleClaim, self.config.skip_adding_roles_to_access_token),
            (PermissionClaim, self.config.skip_adding_permissions_to_access_token),
        )
        added = tuple(claim for claim, is_skipped in skipped if not is_skipped)
        both = tuple(claim for claim, _ in skipped)
        return (SessionContribution(added, refreshed_claims=both if self.config.refresh_claims else ()),)

    @override
    def build(self, services: Services) -> UserRolesRecipe[ContextT_contra]:
        """Compose the recipe. Overrides that do not fit are noted in ``services.faults``."""
        from .functions import RecipeImplementation

        base: RecipeInterface[ContextT_contra] = RecipeImplementation(services)
        return UserRolesRecipe(config=self.config, functions=services.compose(base, self.overrides.functions))


def init(
    skip_adding_roles_to_access_token: bool | None = None,  # noqa: FBT001  as in SuperTokens
    skip_adding_permissions_to_access_token: bool | None = None,  # noqa: FBT001  as in SuperTokens
    override: InputOverrideConfig[ContextT] | None = None,
    *,
    refresh_claims: bool | None = True,
) -> UserRolesSetup[ContextT]:
    """
    Give users roles, and roles permissions; sessions say which the user has.

    Args:
        skip_adding_roles_to_access_token: whether new sessions lack ``st-role``, the user's roles in the tenant.
        skip_adding_permissions_to_access_token: whether new sessions lack ``st-perm``, what these roles permit. Tokens
            travel in cookies of 4 KB at most: with many permissions, leave them out and check roles.
        refresh_claims: whether a session that is refreshed gets its roles and permissions anew, so that what was taken
            away is gone when the access token expires, after an hour at most by default (OWASP ASVS 5.0, 8.3.2, wants
            changes to hold soon). With False they stay as they were when the session was created, as with
            SuperTokens, until a validator with ``max_age_in_seconds`` or `fetch_and_set_claim` fetches them.
        override: overrides of the recipe's functions.

    Returns:
        An entry for the ``recipe_list`` of `authweave.init`.
    """
    check_options("userroles.init", init, locals())
    config = UserRolesConfig(
        skip_adding_roles_to_access_token=skip_adding_roles_to_access_token is True,
        skip_adding_permissions_to_access_token=skip_adding_permissions_to_access_token is True,
        refresh_claims=refresh_claims is not False,
    )
    return UserRolesSetup(config, override or InputOverrideConfig[ContextT]())
