"""What the recipe raises."""

from __future__ import annotations

from authweave.recipe.session.exceptions import InvalidClaimsError
from authweave.storage import StorageError
from authweave.types import BadInputError


class UnknownAccountError(BadInputError):
    """There is no login method, or no user, of the id that is to be linked: it was deleted, or never was."""

    code = "unknown_account"

    def __init__(self, *user_ids: str | None) -> None:
        self.user_ids: list[str] = [each for each in user_ids if each is not None]
        named = " or ".join(map(repr, self.user_ids))
        super().__init__(f"There is no user and no login method {named}: it was deleted, or never was there.")


class UnsettledLinkError(StorageError):
    """Others changed the same users again and again while they were to be linked. Later it may work."""

    code = "unsettled_link"
    is_passing = True

    def __init__(self, recipe_user_id: str, times: int) -> None:
        self.recipe_user_id = recipe_user_id
        super().__init__(
            f"Login method {recipe_user_id!r} was not linked: the users with its address changed meanwhile, {times} "
            "times. Try again."
        )


class SessionUserUnverifiedError(InvalidClaimsError):
    """
    The session's user has to verify the address before anything is linked.

    The client gets an access token that says so with the answer, unlike with other claims that are refused.
    """

    code = "session_user_unverified"
