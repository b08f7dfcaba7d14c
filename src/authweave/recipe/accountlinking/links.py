"""Links and unlinks, in transactions, and tells of it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

import attrs

from authweave.extending import Services, VerifiedEmails
from authweave.kernel import UserContext
from authweave.recipe.session import SessionRecipe
from authweave.storage import LinkedAccounts, MadePrimary, PrimaryUser, Unlinked
from authweave.storage import Linking as StoreLinking
from authweave.types import LoginMethod, RecipeUserId, User

from .accounts import method_of
from .config import AccountLinkingConfig
from .names import RECIPE_ID
from .store import ENDED_SESSIONS, EndedSession
from .types import RecipeLevelUser


@attrs.frozen(kw_only=True)
class Terms:
    """
    On what terms a link is made.

    Attributes:
        ends_sessions_for_good: see `Links.link`.
        holds: likewise.
    """

    ends_sessions_for_good: bool = False
    holds: Callable[[User], bool] | None = attrs.field(default=None, repr=False)


TERMS: Final[ContextVar[Terms | None]] = ContextVar("authweave_link_terms", default=None)
"""Those of the links of a block. They go past overrides of `link_accounts`."""


@contextmanager
def on_terms(terms: Terms) -> Generator[None, None, None]:
    """Have links of the block be made on these terms."""
    before = TERMS.set(terms)
    try:
        yield
    finally:
        TERMS.reset(before)


@attrs.frozen
class NewLink(LinkedAccounts):
    """
    A link that was made a moment ago.

    Attributes:
        method: the login method that is new to the user.
        is_news: whether its address turned out to be verified, since another login method of the user has it so.
    """

    method: LoginMethod
    is_news: bool


class NotLinkedError(Exception):
    """The store refused meanwhile: what was done before, in the transaction, is undone. It goes no further."""

    def __init__(self, answer: StoreLinking) -> None:
        self.answer = answer
        super().__init__()


@attrs.frozen(eq=False)
class Links:
    """
    Writes links. What blocks joins the transaction of its thread, if that has one open.

    Attributes:
        remembered_ms: for how long it is known which sessions a link has ended: as long as their access tokens live.
    """

    services: Services = attrs.field(repr=False)
    config: AccountLinkingConfig
    remembered_ms: int

    def make_primary(self, recipe_user_id: str, user_context: UserContext) -> MadePrimary:
        """Make the user of a login method a primary one, and tell the hooks. Blocks."""
        services = self.services

        def make() -> MadePrimary:
            made = services.storage.create_primary_user(recipe_user_id)
            if isinstance(made, PrimaryUser) and made.is_new:
                services.hooks.user_changed(made.user, user_context)
            return made

        return services.hooks.transact(make)

    def link(
        self,
        recipe_user_id: str,
        primary_user_id: str,
        user_context: UserContext,
        *,
        ends_sessions_for_good: bool = False,
        holds: Callable[[User], bool] | None = None,
    ) -> StoreLinking:
        """
        Link a login method, end the sessions that were made with it, and tell the hooks. Blocks.

        Args:
            recipe_user_id: the login method.
            primary_user_id: whom it is linked to, or one of his login methods.
            user_context: that of the call.
            ends_sessions_for_good: whether those sessions get no successors: after a password was reset, say, where
                they may be those of whoever had the account before.
            holds: whether what was decided on is so still, of the user with the login method. The application may
                have taken its time since. If not, nothing is linked, and None is returned.

        Returns:
            What the store says; a `NewLink` where it is new. Hand it to `tell` once it is committed.

        Raises:
            authweave.storage.DisabledUserError: one of the two users is disabled.
            Exception: what a hook raises.
        """
        storage = self.services.storage

        def link() -> StoreLinking:
            seen = storage.link_accounts(recipe_user_id, primary_user_id, only_check=True)
            if not isinstance(seen, LinkedAccounts) or not seen.is_new:
                return seen
            self.end_sessions(recipe_user_id, seen.user, is_for_good=ends_sessions_for_good)
            VerifiedEmails(self.services).void_changes(recipe_user_id)
            linked = storage.link_accounts(recipe_user_id, primary_user_id)
            if not isinstance(linked, LinkedAccounts) or not linked.is_new:
                raise NotLinkedError(linked)
            if holds is not None and not holds(linked.user):
                raise NotLinkedError(None)
            verified = self.copy_verified(linked.user, recipe_user_id)
            user = linked.user if verified is None else verified
            self.services.hooks.user_changed(user, user_context)
            method = method_of(user, recipe_user_id, storage.find_user_id_mapping(recipe_user_id))
            return NewLink(user, is_new=True, method=method, is_news=verified is not None)

        try:
            return storage.transact(link)
        except NotLinkedError as error:
            return error.answer

    def end_sessions(self, recipe_user_id: str, successor: User, *, is_for_good: bool) -> None:
        """End the sessions of a login method that is about to be linked; note whose they would be then. Blocks."""
        storage = self.services.storage
        former = storage.find_user(recipe_user_id)
        if former is None:
            return
        handles = self.services.recipe(SessionRecipe).end_sessions(former.id)
        if is_for_good:
            return
        method = method_of(former, recipe_user_id, storage.find_user_id_mapping(recipe_user_id))
        login_id, expires_at_ms = method.recipe_user_id.get_as_string(), self.services.clock() + self.remembered_ms
        ended = [EndedSession(handle, successor.id, login_id, expires_at_ms) for handle in handles]
        storage.part(ENDED_SESSIONS).remember_ended_sessions(ended)

    def copy_verified(self, user: User, recipe_user_id: str) -> User | None:
        """
        Have a login method's address be verified, where another login method of its user has it verified. Blocks.

        To be called after a link, a sign-in and a change of the address.

        Returns:
            The user, where that is news; None where nothing changed.
        """
        mapping = self.services.storage.find_user_id_mapping(recipe_user_id)
        method = method_of(user, recipe_user_id, mapping)
        others = (each for each in user.login_methods if each != method)
        if method.verified or not any(each.verified and each.has_same_email_as(method.email) for each in others):
            return None
        login_id = method.recipe_user_id.get_as_string()
        if method.email is None or not VerifiedEmails(self.services).mark_verified(login_id, method.email):
            return None
        return self.services.storage.find_user(login_id)

    def unlink(self, recipe_user_id: str, user_context: UserContext) -> Unlinked | None:
        """Take a login method from its primary user, and tell the hooks of both. Blocks."""
        services = self.services

        def unlink() -> Unlinked | None:
            VerifiedEmails(services).void_changes(recipe_user_id)
            unlinked = services.storage.unlink_account(recipe_user_id, now_ms=services.clock())
            if unlinked is not None and unlinked.was_linked:
                services.hooks.user_changed(unlinked.user, user_context)
                alone = services.storage.find_user(recipe_user_id)
                if alone is not None and alone.id != unlinked.user.id:
                    services.hooks.user_changed(alone, user_context)
            return unlinked

        return services.storage.transact(unlink)

    async def tell(self, linked: StoreLinking, user_context: UserContext) -> None:
        """
        Tell the application of a link, if it is new. To be called when it has been committed.

        Raises:
            Exception: what ``on_account_linked`` raises. They stay linked.
        """
        if not isinstance(linked, NewLink):
            return
        user, method, services = linked.user, linked.method, self.services
        services.events.emit(
            "accounts_linked",
            RECIPE_ID,
            user_context,
            user_id=user.id,
            recipe_user_id=method.recipe_user_id.get_as_string(),
            method=method.recipe_id,
        )
        if linked.is_news:
            VerifiedEmails(services).tell(user, method.tenant_ids[0] if method.tenant_ids else "", user_context)
        if self.config.on_account_linked is not None:
            told = self.config.on_account_linked(user, RecipeLevelUser.from_login_method(method), user_context)
            if inspect.isawaitable(told):
                await told

    def tell_unlinked(self, unlinked: Unlinked, recipe_user_id: RecipeUserId, user_context: UserContext) -> None:
        """Tell of it that a login method was unlinked, if it was one of a primary user's."""
        if unlinked.was_linked:
            self.services.events.emit(
                "account_unlinked",
                RECIPE_ID,
                user_context,
                user_id=unlinked.user.id,
                recipe_user_id=recipe_user_id.get_as_string(),
                was_deleted=str(unlinked.was_deleted).lower(),
            )


def forget_session(services: Services, handle: str) -> None:
    """Forget that a link has ended a session: its access token gets no new session."""
    services.storage.part(ENDED_SESSIONS).forget_ended_session(handle)


def forget_sessions_of_user(services: Services, user_id: str, linked_too: bool) -> None:  # noqa: FBT001  of `EndedSessions`
    """Forget which sessions of a user, or of one login method, links have ended."""
    user = services.storage.find_user(user_id) if linked_too else None
    services.storage.part(ENDED_SESSIONS).forget_ended_sessions({user_id} if user is None else {user_id, user.id})
