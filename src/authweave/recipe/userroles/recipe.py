"""The recipe at work in an application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Generic

import attrs
from typing_extensions import TypeVar, override

from authweave.extending import Check, Finding, Recipe
from authweave.kernel import UserContext

from .interfaces import RecipeInterface
from .names import RECIPE_ID

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)


@attrs.frozen(kw_only=True)
class UserRolesConfig:
    """
    What `init` was told.

    Attributes:
        skip_adding_roles_to_access_token: whether new sessions lack the user's roles.
        skip_adding_permissions_to_access_token: whether new sessions lack what these permit.
        refresh_claims: whether both are fetched with each refresh of a session that has them.
    """

    skip_adding_roles_to_access_token: bool = False
    skip_adding_permissions_to_access_token: bool = False
    refresh_claims: bool = True


@attrs.frozen(kw_only=True)
class UserRolesRecipe(Recipe, Generic[ContextT_contra]):
    """
    The recipe at work in an application.

    Attributes:
        functions: the composed functions.
    """

    recipe_id: ClassVar[str] = RECIPE_ID
    config: UserRolesConfig
    functions: RecipeInterface[ContextT_contra]

    @override
    def composed(self) -> Mapping[str, object]:
        """Return the composed functions."""
        return {"functions": self.functions}

    @override
    def checks(self) -> Sequence[Check]:
        """Return what is looked at before people use the application."""
        return (Check("refresh", "A role that was taken away leaves sessions", self.check_refresh),)

    def check_refresh(self) -> Finding:
        """Look at when sessions hear of a change."""
        config = self.config
        if config.skip_adding_roles_to_access_token and config.skip_adding_permissions_to_access_token:
            return Finding("ok", "They have none.")
        if config.refresh_claims:
            return Finding("ok", "With the next refresh.")
        advice = "Leave out userroles.init(refresh_claims=False)."
        return Finding("warning", "Sessions that there are keep what they were made with.", advice)
