"""Claims of recipes: one object for all applications, each of which fetches it with its own recipe."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TypeVar

from authweave.extending import Recipes
from authweave.kernel import UserContext
from authweave.types import JSON, JSONObject, RecipeUserId

from .base import AnyClaim, BuildableClaim, SessionClaimValidator

ClaimT = TypeVar("ClaimT", bound=BuildableClaim)


class RecipeClaim:
    """
    A claim that a recipe fetches.

    Applications name it by the module that has it (``UserRoleClaim``), and several may do so in one process. Where a
    session fetches it, its own application's recipe does.

    .. versionadded:: 0.1.0
    """

    # Abstract to the checkers alone: what asks for the class does so with requests.

    @abstractmethod
    def in_app(self, recipes: Recipes) -> AnyClaim:
        """
        Return the claim as an application's recipe fetches it.

        Args:
            recipes: those of the application.

        Raises:
            authweave.types.ConfigurationError: it does not have the recipe.
        """
        raise NotImplementedError  # every claim of a recipe has its own


class RecipeValidator:
    """A validator that asks a recipe for more than its claim: what time it is, say."""

    @abstractmethod
    def in_app(self, recipes: Recipes) -> SessionClaimValidator:
        """Return the validator as an application's recipe answers it. Raises as `RecipeClaim.in_app`."""
        raise NotImplementedError  # every such validator has its own


def answered_by(validators: Sequence[SessionClaimValidator], recipes: Recipes) -> list[SessionClaimValidator]:
    """Return validators as an application answers them. Raises as `RecipeClaim.in_app`."""
    return [each.in_app(recipes) if isinstance(each, RecipeValidator) else each for each in validators]


def fetched_by(claim: ClaimT, recipes: Recipes) -> ClaimT | AnyClaim:
    """Return a claim as an application fetches it. Raises as `RecipeClaim.in_app`."""
    candidate: object = claim
    return candidate.in_app(recipes) if isinstance(candidate, RecipeClaim) else claim


async def changes_at_refresh(
    claims: Sequence[AnyClaim],
    added: frozenset[str],
    payload: JSONObject,
    *,
    user_id: str,
    recipe_user_id: RecipeUserId,
    tenant_id: str,
    user_context: UserContext,
) -> dict[str, JSON]:
    """
    Fetch the claims of a session that is refreshed, and return what has changed of them, to be merged.

    Args:
        claims: those that are fetched with each refresh.
        added: the keys of those that new sessions get; the others are fetched where the session has them.
        payload: what the session's access token says.
        user_id: whose session it is.
        recipe_user_id: how the user signed in.
        tenant_id: where.
        user_context: that of the refresh.
    """
    changes: dict[str, JSON] = {}
    for claim in claims:
        if claim.key not in added and claim.key not in payload:
            continue
        seen = {**payload, **changes}
        built = await claim.build(user_id, recipe_user_id, tenant_id, seen, user_context)
        before = claim.get_value_from_payload(payload, user_context)
        after = claim.get_value_from_payload(built, user_context)
        if after is None:
            if claim.key in payload:
                changes |= claim.remove_from_payload_by_merge_({}, user_context)
        elif before is None or before != after:
            changes |= built
    return changes
