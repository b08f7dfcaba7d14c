"""What is decided when accounts are linked: the tables of `rules`, asked about an application's users."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import attrs

from authweave.extending import Services
from authweave.kernel import UserContext
from authweave.recipe.session.interfaces import SessionContainer
from authweave.storage import Linking as StoreLinking
from authweave.types import LoginMethod, User

from .accounts import Account
from .interfaces import RecipeInterface
from .links import Links
from .store import ENDED_SESSIONS
from .types import AccountInfoWithRecipeId, AccountInfoWithRecipeIdAndUserId, EmailChange, ShouldLink

if TYPE_CHECKING:
    from .decisions import Decisions

SUCCESSION_MS: Final = 10_000
"""For how long a session that has its successor is answered with another one: a browser may ask twice at once."""


@attrs.frozen(eq=False)
class Linking:
    """
    Decides what is linked, and links it.

    Whatever asks the application's callback is ``async``, and asks it outside of transactions.

    Attributes:
        functions: those of the recipe, with their overrides.
        links: writes links.
    """

    services: Services = attrs.field(repr=False)
    functions: RecipeInterface[UserContext] = attrs.field(repr=False)
    links: Links

    @property
    def has_callback(self) -> bool:
        """Whether the application says what is linked by itself; else nothing is."""
        return self.links.config.should_link is not None

    def decisions(self) -> Decisions:
        """Return what asks the tables; an application that links nothing does not load them."""
        from .callback import Callback  # noqa: PLC0415  it brings the tables, loaded at first use
        from .decisions import Decisions  # noqa: PLC0415  it brings the tables, loaded at first use

        return Decisions(self.services, self.functions, Callback(self.links.config.should_link))

    async def should_link(
        self,
        info: AccountInfoWithRecipeIdAndUserId,
        user: User | None,
        session: SessionContainer | None,
        tenant_id: str,
        user_context: UserContext,
    ) -> ShouldLink:
        """
        Ask the application whether an account may be linked to a user, or (None) be that of a primary user.

        Raises:
            authweave.types.ConfigurationError: the callback answered something else.
            Exception: what the callback raises.
        """
        return await self.decisions().callback.should_link(info, user, session, tenant_id, user_context)

    async def users_of(self, account: Account, tenant_id: str, user_context: UserContext) -> list[User]:
        """
        Return the users of a tenant who have the address or the number of an account, the oldest first.

        Not by the provider's id: of one issuer one user alone has it, and who has it of another issuer is somebody
        else.
        """
        return await self.decisions().users_of(account, tenant_id, user_context)

    async def is_sign_up_allowed(
        self,
        info: AccountInfoWithRecipeId,
        *,
        is_verified: bool,
        session: SessionContainer | None,
        tenant_id: str,
        user_context: UserContext,
        by_identity: bool = False,
    ) -> bool:
        """
        Return whether an account may be made (`rules.IS_SIGN_UP_ALLOWED`).

        Args:
            info: the account.
            is_verified: whether its address or number is verified, or will be by what is under way.
            session: that of the request, where it is to be linked to.
            tenant_id: the tenant.
            user_context: that of the call.
            by_identity: whether it may be there already: then its user has the provider's id, whatever the address.
        """
        if not self.has_callback:
            return True  # as the table says with a callback that says no
        return await self.decisions().is_sign_up_allowed(
            info,
            is_verified=is_verified,
            session=session,
            tenant_id=tenant_id,
            user_context=user_context,
            by_identity=by_identity,
        )

    async def is_sign_in_allowed(
        self,
        user: User,
        method: LoginMethod,
        *,
        sign_in_verifies: bool,
        session: SessionContainer | None,
        tenant_id: str,
        user_context: UserContext,
    ) -> bool:
        """
        Return whether a user may sign in with a login method (`rules.IS_SIGN_IN_ALLOWED`).

        Args:
            user: the user, as the sign-in leaves him: a provider may give another address.
            method: the login method, likewise.
            sign_in_verifies: whether the sign-in itself proves that the address is the user's.
            session: that of the request, where it is to be linked to.
            tenant_id: the tenant.
            user_context: that of the call.
        """
        if not self.has_callback or user.is_primary_user or user.login_methods[0].verified or sign_in_verifies:
            return True  # the first rows of the table, before anybody is looked for
        return await self.decisions().is_sign_in_allowed(
            user,
            method,
            sign_in_verifies=sign_in_verifies,
            session=session,
            tenant_id=tenant_id,
            user_context=user_context,
        )

    async def email_change(
        self,
        user: User,
        method: LoginMethod,
        new_email: str,
        *,
        is_verified: bool,
        session: SessionContainer | None,
        user_context: UserContext,
    ) -> EmailChange:
        """
        Return whether a login method may have another address, or why not (`rules.EMAIL_CHANGE`).

        Args:
            user: whose it is.
            method: the login method.
            new_email: the address.
            is_verified: whether that is verified.
            session: that of the request, for the callback.
            user_context: that of the call.
        """
        if not self.has_callback and not user.is_primary_user:
            return "OK"  # as the table says with a callback that says no
        return await self.decisions().email_change(
            user, method, new_email, is_verified=is_verified, session=session, user_context=user_context
        )

    async def link_or_make_primary(
        self,
        user: User,
        method: LoginMethod,
        *,
        session: SessionContainer | None,
        tenant_id: str,
        user_context: UserContext,
        ends_sessions_for_good: bool = False,
    ) -> User:
        """
        Link a user to whom he belongs, or make him a primary user, or neither (`rules.LINK_OR_MAKE_PRIMARY`).

        Without a callback nothing happens. Where others change the same users meanwhile, it begins again.

        Args:
            user: the user.
            method: the login method that was signed in with, or verified.
            session: that of the request, for the callback.
            tenant_id: the tenant.
            user_context: that of the call.
            ends_sessions_for_good: as `Links.link` says.

        Returns:
            Whose login method it is then.

        Raises:
            UnsettledLinkError: others changed the same users again and again.
            authweave.types.ConfigurationError: the callback answered something else.
            Exception: what the callback raises.
        """
        if not self.has_callback:
            return user
        return await self.decisions().link_or_make_primary(
            user,
            method,
            session=session,
            tenant_id=tenant_id,
            user_context=user_context,
            ends_sessions_for_good=ends_sessions_for_good,
        )

    @asynccontextmanager
    async def undoing(
        self, recipe_user_id: str, user_context: UserContext, *, is_new: bool = True
    ) -> AsyncGenerator[None]:
        """
        Delete a login method that was made in the request under way, where the block raises or is cancelled.

        What was linked stays: whoever told the application of it may have failed since. Who is cancelled waits for it.
        """
        try:
            yield
        except (Exception, asyncio.CancelledError):
            if is_new:
                await to_the_end(self.services.off_loop(self.undo_unless_linked, recipe_user_id, user_context))
            raise

    def undo_unless_linked(self, recipe_user_id: str, user_context: UserContext) -> None:
        """Delete a login method that was made in the request under way, if it is all that its user has. Blocks."""

        def undo() -> None:
            user = self.services.storage.find_user(recipe_user_id)
            if user is not None and len(user.login_methods) == 1:
                self.services.undo_sign_up(recipe_user_id, user_context)

        self.services.storage.transact(undo)

    def link_now(
        self,
        recipe_user_id: str,
        primary_user_id: str,
        user_context: UserContext,
        *,
        ends_sessions_for_good: bool = False,
    ) -> StoreLinking:
        """Link a login method in the transaction of the thread, without the callback: as `Links.link`. Blocks."""
        return self.links.link(
            recipe_user_id, primary_user_id, user_context, ends_sessions_for_good=ends_sessions_for_good
        )

    async def tell(self, linked: StoreLinking, user_context: UserContext) -> None:
        """Tell the application of what `link_now` returned, when that has been committed: as `Links.tell`."""
        await self.links.tell(linked, user_context)

    def copy_verified(self, user: User, recipe_user_id: str) -> User | None:
        """Have an address be verified that another login method of the user has verified: as `Links.copy_verified`."""
        return self.links.copy_verified(user, recipe_user_id)

    async def ended_by_linking(self, session_handle: str, user_context: UserContext) -> str | None:
        """
        Return to which user a session was lost, if it ended when its login method was linked to him.

        None for one that a sign-out ended, or an administrator: it gets no successor.
        """
        del user_context
        services = self.services
        find = services.storage.part(ENDED_SESSIONS).successor_of
        return await services.off_loop(find, session_handle, services.clock())

    async def succeeded(self, session_handle: str) -> None:
        """
        Note that a session which a link has ended has its successor: soon it gets no other.

        The access token of before is good for a while still: who has got hold of it is not to get in by it when the
        successor was signed out.
        """
        shorten = self.services.storage.part(ENDED_SESSIONS).shorten_ended_session
        await self.services.off_loop(shorten, session_handle, self.services.clock() + SUCCESSION_MS)


async def to_the_end(work: Awaitable[None]) -> None:
    """Wait until something is done, also where who waits is cancelled meanwhile."""
    task, cancelled = asyncio.ensure_future(work), None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as asked:
            cancelled = asked
    task.result()
    if cancelled is not None:
        raise cancelled
