"""Which address a login method has: as the application says, or as the store does."""

from __future__ import annotations

import inspect
from typing import Any, cast

import attrs

from authweave.extending import Services
from authweave.kernel import UserContext
from authweave.recipe.session.exceptions import UnauthorisedError
from authweave.storage import Storage
from authweave.types import PUBLIC_TENANT, LoginMethod, RecipeUserId, User

from .config import GetEmailForRecipeUserId
from .types import EmailDoesNotExistError, GetEmailForUserIdOkResult, GetEmailResult, UnknownUserIdError


@attrs.frozen
class LoginEmails:
    """
    Finds the addresses of login methods.

    Attributes:
        ask: the application, for login methods that it keeps itself; None where it has not said.
    """

    services: Services = attrs.field(repr=False)
    ask: GetEmailForRecipeUserId | None = None

    async def find(self, recipe_user_id: RecipeUserId, user_context: UserContext) -> GetEmailResult:
        """
        Return the address of a login method.

        Raises:
            authweave.errors.StorageError: the store failed.
        """
        if self.ask is not None:
            answer = self.ask(recipe_user_id, cast("Any", user_context))  # a context of either kind
            told = await answer if inspect.isawaitable(answer) else answer
            if not isinstance(told, UnknownUserIdError):
                return told
        method = await self.services.off_loop(self.read, recipe_user_id)
        if method is None:
            return UnknownUserIdError()
        return EmailDoesNotExistError() if method.email is None else GetEmailForUserIdOkResult(method.email)

    def read(self, recipe_user_id: RecipeUserId) -> LoginMethod | None:
        """Return a login method that the store has, or None. Blocks."""
        return self.services.storage.find_login_method(recipe_user_id.get_as_string())

    async def required(self, recipe_user_id: RecipeUserId, user_context: UserContext) -> str | None:
        """
        Return the address of the login method that a session is of; None where it has none.

        Raises:
            UnauthorisedError: there is no such login method: it was deleted, or is the application's own.
            authweave.errors.StorageError: the store failed.
        """
        found = await self.find(recipe_user_id, user_context)
        if isinstance(found, UnknownUserIdError):
            raise UnauthorisedError(
                f"There is no login method {recipe_user_id.get_as_string()!r}. If it is the application's own, "
                "emailverification.init(get_email_for_recipe_user_id=...) has to know its address."
            )
        return found.email if isinstance(found, GetEmailForUserIdOkResult) else None


def shown_id(storage: Storage, login_id: str) -> str:
    """Return the id that APIs show of a login method, whichever is given. Blocks."""
    mapping = storage.find_user_id_mapping(login_id, "SUPERTOKENS")
    return login_id if mapping is None else mapping.external_user_id


def tenant_of(method: LoginMethod) -> str:
    """Return a tenant in which a login method's mails are taken; public for one that is in none."""
    return next(iter(method.tenant_ids), PUBLIC_TENANT)


def user_and_method(storage: Storage, login_id: str) -> tuple[User | None, LoginMethod | None]:
    """Return a login method with its user, by whichever of its ids; None for what the store has not. Blocks."""
    user = storage.find_user(login_id)
    if user is None:
        return None, None
    by_id = {each.recipe_user_id.get_as_string(): each for each in user.login_methods}
    return user, by_id.get(login_id) or by_id.get(shown_id(storage, login_id))
