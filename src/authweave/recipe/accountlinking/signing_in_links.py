"""Login methods that are linked to the user of a session, or created for him."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final, Literal, Protocol, TypeAlias, TypeVar

import attrs

from authweave.extending import Services, current_put_off
from authweave.kernel import UserContext
from authweave.recipe.session import SessionContainer
from authweave.recipe.session.exceptions import UnauthorisedError
from authweave.storage import AccountTaken, DisabledUserError, LinkedAccounts, LinkedElsewhere, NotPrimary
from authweave.storage import Linking as Linked
from authweave.types import LinkingToSessionUserFailedError, LoginMethod, RecipeUserId, User

from .linking import Linking
from .rules import IF_VERIFIED, LINK, LINK_TO_SESSION_USER, Answer
from .signing_in_types import AuthType, FirstFactor, SecondFactor, without_id
from .types import AccountInfoWithRecipeIdAndUserId

ResultT = TypeVar("ResultT")

TIMES: Final = 3
"""How often it is tried where the session's user changes meanwhile."""

GONE: Final = "The session's user is not the same any more."

Attempt: TypeAlias = Callable[[SecondFactor], Awaitable[Linked]]
"""Links in the store, or says why not."""


class AskAuthType(Protocol):
    """Asks again for whom a login method is: `SigningInMachine.auth_type`."""

    async def __call__(
        self,
        *,
        session: SessionContainer | None,
        should_try: bool | None,
        account: AccountInfoWithRecipeIdAndUserId,
        authenticating: User | None,
        user_context: UserContext,
    ) -> AuthType | LinkingToSessionUserFailedError:
        """Return it."""
        ...


class UndoneError(Exception):
    """Undoes the transaction in which a login method was created that could not be linked, or that was not created."""


@attrs.frozen
class SessionLinks:
    """
    Links login methods to users of sessions, who are primary ones.

    Attributes:
        linking: links in the store, and tells of it.
        ask: asks again for whom a login method is, where the session's user changed meanwhile.
    """

    services: Services = attrs.field(repr=False)
    linking: Linking
    ask: AskAuthType

    async def link(
        self, auth_type: SecondFactor, user: User, method: LoginMethod, user_context: UserContext
    ) -> User | LinkingToSessionUserFailedError:
        """
        Link a login method that is there to the user of a session.

        Args:
            auth_type: what it is to be: it is not linked yet.
            user: whose it is.
            method: it, as it is now.
            user_context: handed on.

        Returns:
            Whose it is by now.

        Raises:
            authweave.errors.UnauthorisedError: the session's user is gone.
        """
        services, login_id = self.services, method.recipe_user_id.get_as_string()
        check = current_put_off().check

        async def attempt(now: SecondFactor) -> Linked:
            def work() -> Linked:
                check()  # that the password is the same still, say: the application may have taken its time
                return self.linking.link_now(login_id, now.user.id, user_context)

            return await services.off_loop(services.storage.transact, work)

        try:
            linked = await self.try_to_link(auth_type, attempt, user, user_context, is_verified=method.verified)
        except DisabledUserError as error:
            now = await services.off_loop(services.storage.find_user, login_id)
            if now is None or not now.disabled:
                raise UnauthorisedError(GONE) from error
            return now
        return user if isinstance(linked, FirstFactor) else linked

    async def create(
        self,
        auth_type: SecondFactor,
        create: Callable[[], Awaitable[ResultT]],
        id_of: Callable[[ResultT], RecipeUserId | None],
        *,
        is_verified: bool,
        user_context: UserContext,
    ) -> tuple[ResultT, User | None] | LinkingToSessionUserFailedError:
        """
        Create a login method and link it to the user of a session in one transaction: nobody is left half made.

        Args:
            auth_type: what it is to be.
            create: calls the recipe's function. What is slow, as a hash, has been done.
            id_of: returns which login method a result is of; None where none was created.
            is_verified: whether its address or number is known to be the person's.
            user_context: handed on.

        Returns:
            What ``create`` returned, and whose the login method is; None where none was created.

        Raises:
            authweave.errors.UnauthorisedError: the session's user is gone.
        """
        made: list[ResultT] = []

        async def attempt(now: SecondFactor) -> Linked:
            if (owner := await self.find_owner(now, user_context)) is not None:
                return AccountTaken(owner)
            made.clear()
            linked: Linked = None
            try:
                async with self.services.transaction():
                    result = await create()
                    made.append(result)
                    if (created := id_of(result)) is None:
                        raise UndoneError  # noqa: TRY301  nothing was written
                    linked = await self.services.off_loop(
                        self.linking.link_now, created.get_as_string(), now.user.id, user_context
                    )
                    if not isinstance(linked, LinkedAccounts):
                        raise UndoneError  # noqa: TRY301  it undoes the transaction
            except UndoneError:
                if made and id_of(made[0]) is None:
                    raise
            return linked

        try:
            linked = await self.try_to_link(auth_type, attempt, None, user_context, is_verified=is_verified)
        except UndoneError:
            return made[0], None
        except DisabledUserError as error:
            raise UnauthorisedError(GONE) from error
        if isinstance(linked, FirstFactor):
            raise UnauthorisedError(GONE)
        return (made[0], linked) if isinstance(linked, User) else linked

    async def find_owner(self, auth_type: SecondFactor, user_context: UserContext) -> User | None:
        """Return another primary user who has what is to be created, in one of the session user's tenants."""
        for tenant_id in dict.fromkeys([auth_type.session.get_tenant_id(), *auth_type.user.tenant_ids]):
            for user in await self.linking.users_of(without_id(auth_type.account), tenant_id, user_context):
                if user.is_primary_user and user.id != auth_type.user.id:
                    return user
        return None

    async def try_to_link(
        self,
        auth_type: SecondFactor,
        attempt: Attempt,
        authenticating: User | None,
        user_context: UserContext,
        *,
        is_verified: bool,
    ) -> User | FirstFactor | LinkingToSessionUserFailedError:
        """
        Link, and tell of it; where the session's user changes meanwhile, from the beginning.

        Returns:
            The session's user with the login method, or why it is not his; `FirstFactor` where that is not wanted now.

        Raises:
            authweave.errors.UnauthorisedError: the session's user is gone, or changes again and again.
        """
        now = auth_type
        for _ in range(TIMES):
            linked: list[Linked] = []

            async def link(factor: SecondFactor = now, results: list[Linked] = linked) -> StoreSays:
                results.append(await attempt(factor))
                return said_by_store(results[0])

            outcome = await LINK_TO_SESSION_USER.decide(
                {
                    "callback": partial(answer_of, now),
                    "is_verified": lambda: is_verified,
                    "session_user_is_verified": partial(is_verified_by_user, now),
                    "link": link,
                }
            )
            if linked and isinstance(linked[0], LinkedAccounts):
                await self.linking.tell(linked[0], user_context)
                return linked[0].user
            if outcome != "again" and outcome != "linked":  # noqa: PLR1714  so mypy knows what else it is
                return LinkingToSessionUserFailedError(outcome)
            again = await self.ask(
                session=now.session,
                should_try=now.should_try,
                account=now.account,
                authenticating=authenticating,
                user_context=user_context,
            )
            if not isinstance(again, SecondFactor):
                return again
            if again.is_linked:
                return again.user
            now = again
        raise UnauthorisedError(GONE)


def answer_of(auth_type: SecondFactor) -> Answer:
    """Return what the application's callback has answered."""
    return IF_VERIFIED if auth_type.requires_verification else LINK


def is_verified_by_user(auth_type: SecondFactor) -> bool:
    """Return whether the session's user has verified what is to be linked."""
    return auth_type.has_verified


StoreSays: TypeAlias = Literal["linked", "linked elsewhere", "taken", "not primary"]


def said_by_store(linked: Linked) -> StoreSays:
    """
    Return what the store says of a link, as the table has it.

    Raises:
        authweave.errors.UnauthorisedError: the session's user is gone.
    """
    match linked:
        case LinkedAccounts():
            return "linked"
        case LinkedElsewhere():
            return "linked elsewhere"
        case AccountTaken():
            return "taken"
        case NotPrimary():
            return "not primary"
        case None:
            raise UnauthorisedError(GONE)
