"""What the page knows of users, and does to them, by the functions of the recipes that the application lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from authweave.events import EventQuery, SecurityEvent
from authweave.extending import Services, UserMail
from authweave.kernel import UserContext
from authweave.recipe.session import SessionRecipe
from authweave.recipe.session.interfaces import SessionInformationResult
from authweave.storage import UserReferredToError
from authweave.types import PUBLIC_TENANT, BadInputError, LoginMethod, User
from authweave.users import Users

from .exceptions import ReferredToError, UnknownAccountError

MAX_ID_CHARACTERS: Final = 256
SESSIONS_SHOWN: Final = 50


@attrs.frozen
class Listed:
    """
    A page of the list.

    Attributes:
        users: of the page.
        next_token: where the next page begins; None after the last one.
        is_cut: whether more were found than are shown.
    """

    users: Sequence[User]
    next_token: str | None
    is_cut: bool = False


@attrs.frozen
class UserSessions:
    """
    A user's sessions.

    Attributes:
        shown: some of them, the newest first.
        left_out: how many more there are.
    """

    shown: Sequence[SessionInformationResult]
    left_out: int


@attrs.frozen
class Accounts:
    """
    Look users up, and do to them what an administrator asks.

    Attributes:
        services: of the application.
        users: what is done to users of any recipe.
    """

    services: Services
    users: Users = attrs.field(init=False, default=attrs.Factory(lambda self: Users(self.services), takes_self=True))

    async def listed(
        self, tenant_id: str, search: str, token: str | None, limit: int, user_context: UserContext
    ) -> Listed:
        """
        Return users of a tenant, the newest first: those whose address begins so, or the one of that id.

        Raises:
            authweave.types.BadInputError: the token is none.
            UnknownAccountError: there is no such tenant.
        """
        if await self.services.off_loop(self.services.storage.find_tenant, tenant_id) is None:
            raise UnknownAccountError(f"There is no tenant {tenant_id!r}.")
        if not search:
            page = await self.users.get_users_newest_first(tenant_id, limit, token, user_context=user_context)
            return Listed(page.users, page.next_pagination_token)
        by_id = await self.find(search, user_context)
        query = {"email": search}
        page = await self.users.get_users_newest_first(tenant_id, limit, query=query, user_context=user_context)
        return Listed(page.users if by_id is None else [by_id, *page.users], None, is_cut=len(page.users) == limit)

    async def get(self, user_id: str, user_context: UserContext) -> User:
        """
        Return a user, by its id or that of a login method.

        Raises:
            UnknownAccountError: there is none.
        """
        user = await self.find(user_id, user_context)
        if user is None:
            raise UnknownAccountError("There is no such user, or not any more.")
        return user

    async def find(self, user_id: str, user_context: UserContext) -> User | None:
        """Return a user; None where there is none, also of an id that could not be one."""
        if not user_id or len(user_id) > MAX_ID_CHARACTERS:
            return None
        try:
            return await self.users.get_user(user_id, user_context)
        except BadInputError:  # with characters that no store keeps
            return None

    async def disable(self, user: User, user_context: UserContext) -> None:
        """Disable a user, and revoke all sessions."""
        await self.users.disable_user(user.id, user_context)

    async def enable(self, user: User, user_context: UserContext) -> None:
        """Enable a user again."""
        await self.users.enable_user(user.id, user_context)

    async def delete(self, user: User, user_context: UserContext) -> None:
        """
        Delete a user with all that belongs to it.

        Raises:
            ReferredToError: a table of the application's refers to the user; nothing was changed.
        """
        try:
            await self.users.delete_user(user.id, user_context=user_context)
        except UserReferredToError as error:
            raise ReferredToError(str(error)) from error

    async def sessions(self, user: User, user_context: UserContext) -> UserSessions:
        """Return a user's sessions, of all tenants."""
        functions = self.services.recipe(SessionRecipe).functions
        handles = await functions.get_all_session_handles_for_user(user.id, True, PUBLIC_TENANT, True, user_context)
        newest = list(reversed(handles))
        found = [await functions.get_session_information(each, user_context) for each in newest[:SESSIONS_SHOWN]]
        return UserSessions([each for each in found if each is not None], len(newest[SESSIONS_SHOWN:]))

    async def revoke(self, user: User, handle: str | None, user_context: UserContext) -> None:
        """
        Revoke one of a user's sessions, or all.

        Raises:
            UnknownAccountError: the user has no such session.
        """
        functions = self.services.recipe(SessionRecipe).functions
        if handle is None:
            await functions.revoke_all_sessions_for_user(user.id, True, PUBLIC_TENANT, True, user_context)
            return
        handles = await functions.get_all_session_handles_for_user(user.id, True, PUBLIC_TENANT, True, user_context)
        if handle not in handles:
            raise UnknownAccountError("The user has no such session, or not any more.")
        await functions.revoke_session(handle, user_context)

    async def roles(self, user: User, user_context: UserContext) -> Mapping[str, Sequence[str]]:
        """Return a user's roles in each tenant; nothing where the application has no recipe for them."""
        recipe = next((each for each in self.services.built.all() if each.recipe_id == "userroles"), None)
        if recipe is None:
            return {}
        from authweave.recipe.userroles import UserRolesRecipe

        functions = self.services.recipe(UserRolesRecipe).functions
        return {
            tenant_id: (await functions.get_roles_for_user(user.id, tenant_id, user_context)).roles
            for tenant_id in user.tenant_ids
        }

    async def events(self, user: User, before: str | None, limit: int) -> Sequence[SecurityEvent] | None:
        """
        Return what is kept of security events, the latest first; None where none are kept.

        Raises:
            authweave.types.BadInputError: there is no event that it could be before.
        """
        keeper = self.services.events.keeper
        if keeper is None:
            return None
        query = EventQuery(user_id=user.id, before=before, limit=limit)
        return await self.services.off_loop(keeper.find, query, self.services.clock())

    def mails(self, method: LoginMethod) -> Sequence[UserMail]:
        """Return the mails that can be sent to the address of a login method."""
        if method.email is None:
            return ()
        return [mail for recipe in self.services.built.all() for mail in recipe.user_mails() if mail.fits(method)]

    async def send(self, user: User, recipe_user_id: str, mail_id: str, user_context: UserContext) -> None:
        """
        Send a mail to the address of one of a user's login methods.

        Raises:
            UnknownAccountError: the user has no such login method, or there is no such mail for it.
        """
        for method in user.login_methods:
            if method.recipe_user_id.get_as_string() == recipe_user_id:
                for mail in self.mails(method):
                    if mail.id == mail_id:
                        await mail.send(user, method, user_context)
                        return
        raise UnknownAccountError("The user has no such way to sign in, or there is no such mail for it.")
