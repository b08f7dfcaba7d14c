"""What the sign-in machine looks up to decide, each once and only when its table asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from authweave.extending import Services
from authweave.kernel import UserContext
from authweave.recipe.session import SessionContainer, session_factors
from authweave.recipe.session.exceptions import UnauthorisedError
from authweave.types import User

from .callback import named
from .linking import Linking
from .results import (
    CreatePrimaryUserAccountInfoAlreadyAssociatedError,
    CreatePrimaryUserOkResult,
)
from .rules import NO, Answer, LookUp
from .types import (
    AccountInfoWithRecipeIdAndUserId,
)


class AuthFacts:
    """
    The facts of the table `AUTH_TYPE`, of one request.

    Args:
        services: those of the application.
        linking: the decisions about linking.
        session: of the request.
        should_try: what the client says of linking.
        account: what signs in, or is to be created.
        authenticating: whose it is; None where it is to be created.
        user_context: handed on.
        only_asks: whether nothing is to be changed, nor has anything to be verified: nobody signs in yet.
    """

    def __init__(
        self,
        services: Services,
        linking: Linking,
        session: SessionContainer,
        should_try: bool | None,  # noqa: FBT001  as the APIs
        account: AccountInfoWithRecipeIdAndUserId,
        authenticating: User | None,
        user_context: UserContext,
        *,
        only_asks: bool = False,
    ) -> None:
        self._services = services
        self._linking = linking
        self._session = session
        self._should_try = should_try
        self._account = account
        self._authenticating = authenticating
        self._user_context = user_context
        self._only_asks = only_asks
        self._user: User | None = None
        self.answer: Answer = NO

    def look_ups(self) -> Mapping[str, LookUp]:
        """Return what finds each fact out."""
        return {
            "has_session": lambda: True,
            "flag": lambda: "none" if self._should_try is None else "true" if self._should_try else "false",
            "has_callback": lambda: self._linking.has_callback,
            "asks_for_several": lambda: session_factors(self._services) is not None,
            "is_session_users": self.is_session_users,
            "session_user": self.session_user,
            "callback_of_session_user": self.callback_of_session_user,
            "session_user_is_verified": self.session_user_is_verified,
            "made_primary": self.made_primary,
            "callback": self.callback,
        }

    async def find_user(self) -> User | None:
        """Return the session's user, who is looked up once; None where he is gone."""
        if self._user is None:
            find, user_id = self._services.storage.find_user, self._session.get_user_id()
            self._user = await self._services.off_loop(find, user_id)
        return self._user

    async def user(self) -> User:
        """
        Return the session's user, as the decision left him.

        Raises:
            authweave.errors.UnauthorisedError: he is gone.
        """
        user = await self.find_user()
        if user is None:
            raise UnauthorisedError("The session's user was deleted.")
        return user

    async def is_session_users(self) -> bool:
        """Return whether who signs in is the session's user, whichever id his session names him by."""
        if self._authenticating is None:
            return False
        if self._authenticating.id == self._session.get_user_id():
            self._user = self._authenticating
            return True
        user = await self.find_user()
        return user is not None and user.id == self._authenticating.id

    async def session_user(self) -> Literal["a primary user", "no primary user", "unknown"]:
        """Return what the session's user is."""
        user = await self.find_user()
        if user is None or user.disabled:
            return "unknown"
        return "a primary user" if user.is_primary_user else "no primary user"

    async def callback_of_session_user(self) -> Answer:
        """Ask the application whether the session's user may become a primary one."""
        account = AccountInfoWithRecipeIdAndUserId.from_account_info_or_login_method(
            (await self.user()).login_methods[0]
        )
        return await self.ask(account, None)

    async def session_user_is_verified(self) -> bool:
        """Return whether the session's user has verified what he signs in by."""
        return self._only_asks or (await self.user()).login_methods[0].verified

    async def made_primary(self) -> Literal["made", "taken", "linked elsewhere"]:
        """Make the session's user a primary one."""
        user = await self.user()
        if self._only_asks:
            return "made"
        create = self._linking.functions.create_primary_user
        match await create(user.login_methods[0].recipe_user_id, self._user_context):
            case CreatePrimaryUserOkResult(made, _):
                self._user = made
                return "made"
            case CreatePrimaryUserAccountInfoAlreadyAssociatedError():
                return "taken"
            case _:
                return "linked elsewhere"

    async def callback(self) -> Answer:
        """Ask the application whether the account may be the session user's."""
        self.answer = await self.ask(self._account, await self.user())
        return self.answer

    async def ask(self, account: AccountInfoWithRecipeIdAndUserId, user: User | None) -> Answer:
        """Ask the application's callback, in the session's tenant."""
        session = self._session
        answer = await self._linking.should_link(account, user, session, session.get_tenant_id(), self._user_context)
        return named(answer)
