"""The tables of `rules`, asked about an application's users: `Linking` hands on what is not decided at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

import attrs

from authweave.extending import Services, current_put_off
from authweave.kernel import UserContext
from authweave.recipe.session import is_fake
from authweave.recipe.session.interfaces import SessionContainer
from authweave.storage import DisabledUserError
from authweave.types import LoginMethod, User
from authweave.types.base import AccountInfoInput

from .accounts import Account, age_of, first_has_verified, has_same, has_verified, info_of, method_of, primary_of
from .callback import Callback
from .exceptions import UnknownAccountError, UnsettledLinkError
from .factor_checks import is_more_required
from .interfaces import RecipeInterface
from .links import Terms, on_terms
from .results import (
    CreatePrimaryUserAccountInfoAlreadyAssociatedError,
    CreatePrimaryUserOkResult,
    CreatePrimaryUserResult,
    LinkAccountsAccountInfoAlreadyAssociatedError,
    LinkAccountsOkResult,
    LinkAccountsResult,
)
from .rules import (
    EMAIL_CHANGE,
    IS_SIGN_IN_ALLOWED,
    IS_SIGN_UP_ALLOWED,
    LINK_OR_MAKE_PRIMARY,
    LookUp,
    Step,
)
from .types import (
    AccountInfoWithRecipeId,
    EmailChange,
)

MOST_ROUNDS: Final = 100
"""How often it is begun again where others change the same users meanwhile."""


@attrs.frozen(eq=False)
class Decisions:
    """
    What `Linking` decides, where there is somebody to ask. Parameters and errors are those of its methods.

    Attributes:
        functions: those of the recipe, with their overrides.
        callback: what the application answers.
    """

    services: Services = attrs.field(repr=False)
    functions: RecipeInterface[UserContext] = attrs.field(repr=False)
    callback: Callback

    async def users_of(
        self, account: Account, tenant_id: str, user_context: UserContext, *, by_identity: bool = False
    ) -> list[User]:
        """Do what `Linking.users_of` says."""
        # One that stands in for an address can be foreseen, and is nobody's: nobody is found by it.
        email = None if account.email is None or is_fake(account.email) else account.email
        third_party = account.third_party if by_identity else None
        asked_for = AccountInfoInput(email=email, phone_number=account.phone_number, third_party=third_party)
        if asked_for == AccountInfoInput():
            return []
        found = await self.functions.list_users_by_account_info(
            tenant_id,
            asked_for,
            True,  # noqa: FBT003  by position, as overrides are called
            user_context,
        )
        return sorted(found, key=age_of)

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
        """Do what `Linking.is_sign_up_allowed` says."""
        users = await self.users_of(info, tenant_id, user_context, by_identity=by_identity)
        facts = self.facts_of_account(info, users, session, tenant_id, user_context, is_verified=is_verified)
        return await IS_SIGN_UP_ALLOWED.decide(facts) == "allowed"

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
        """Do what `Linking.is_sign_in_allowed` says."""
        found = await self.users_of(method, tenant_id, user_context)
        # He is among them, also where he is not found yet: by an address that this sign-in is going to give him.
        users = [user, *(each for each in found if each.id != user.id)]
        facts = self.facts_of_account(method, users, session, tenant_id, user_context, is_verified=False)
        own: dict[str, LookUp] = {
            "is_primary": lambda: user.is_primary_user,
            "first_is_verified": lambda: user.login_methods[0].verified,
            "sign_in_verifies": lambda: sign_in_verifies,
            "is_alone": lambda: all(each.id == user.id for each in users),
        }
        return await IS_SIGN_IN_ALLOWED.decide(own | facts) == "allowed"

    def facts_of_account(
        self,
        account: Account,
        users: Sequence[User],
        session: SessionContainer | None,
        tenant_id: str,
        user_context: UserContext,
        *,
        is_verified: bool,
    ) -> dict[str, LookUp]:
        """Return how what the two tables of signing in ask of an account is found out."""
        primary = primary_of(users)
        session_user_id = None if session is None else session.get_user_id()
        others = [each for each in users if each.id != session_user_id]
        kind = "nobody" if not users else "no primary user" if primary is None else "a primary user"
        return {
            "users": lambda: kind,
            "callback": partial(self.callback.ask, info_of(account), primary, session, tenant_id, user_context),
            "is_verified": lambda: is_verified,
            "is_of_session": lambda: primary is not None and primary.id == session_user_id,
            "primary_is_verified": lambda: primary is not None and has_verified(primary, account),
            "others_are_verified": lambda: all(first_has_verified(each, account) for each in others),
        }

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
        """Do what `Linking.email_change` says."""
        for tenant_id in user.tenant_ids:
            found = await self.functions.list_users_by_account_info(
                tenant_id,
                AccountInfoInput(email=new_email),
                False,  # noqa: FBT003  by position, as overrides are called
                user_context,
            )
            others = [each for each in sorted(found, key=age_of) if each.id != user.id]
            facts = self.facts_of_change(user, method, new_email, others, session, tenant_id, user_context)
            decided = await EMAIL_CHANGE.decide(facts | {"is_verified": lambda: is_verified})
            if decided != "OK":
                return decided
        return "OK"

    def facts_of_change(
        self,
        user: User,
        method: LoginMethod,
        new_email: str,
        others: Sequence[User],
        session: SessionContainer | None,
        tenant_id: str,
        user_context: UserContext,
    ) -> dict[str, LookUp]:
        """Return how what the table of changed addresses asks is found out, in a tenant."""
        primary = primary_of(others)
        siblings = [each for each in user.login_methods if each.recipe_user_id != method.recipe_user_id]

        async def answer() -> str:
            about, owner = (others[0].login_methods[0], user) if user.is_primary_user else (method, primary)
            return await self.callback.ask(info_of(about), owner, session, tenant_id, user_context)

        return {
            "is_primary": lambda: user.is_primary_user,
            "other_primary": lambda: primary is not None,
            "is_verified_elsewhere": lambda: any(
                each.verified and each.has_same_email_as(new_email) for each in siblings
            ),
            "others": lambda: bool(others),
            "is_same": lambda: method.has_same_email_as(new_email),
            "callback": answer,
        }

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
        """Do what `Linking.link_or_make_primary` says."""
        current, refused_by = user, set[str]()
        login_id = method.recipe_user_id.get_as_string()
        for _ in range(MOST_ROUNDS):
            found = await self.users_of(method, tenant_id, user_context)
            others = [each for each in found if each.id != current.id]
            other = primary_of(others) or next(iter(others), None)
            facts = self.facts_of_link(current, method, other, session, tenant_id, user_context)
            step = await LINK_OR_MAKE_PRIMARY.decide(facts)
            if step == "nothing":
                return current
            try:
                linked = await self.take(step, method, other, user_context, is_for_good=ends_sessions_for_good)
            except (DisabledUserError, UnknownAccountError):
                linked = None
            if isinstance(linked, User):
                return linked
            if linked is not None and linked in refused_by:
                return current  # by somebody whom this tenant does not know: it would be so again and again
            refused_by |= {linked} if linked is not None else set()
            now = await self.functions.get_user(login_id, user_context)
            if now is None:
                return current  # deleted meanwhile: there is nothing to link
            current, method = now, method_of(now, login_id)
        raise UnsettledLinkError(login_id, MOST_ROUNDS)

    async def take(
        self, step: Step, method: LoginMethod, other: User | None, user_context: UserContext, *, is_for_good: bool
    ) -> User | str | None:
        """
        Do what was decided.

        Returns:
            The user, where that settles it; the id of the user who stands in the way; None where all is to be looked
            at again.
        """
        if step == "make primary" or other is None:
            made = await self.functions.create_primary_user(method.recipe_user_id, user_context)
            return made.user if isinstance(made, CreatePrimaryUserOkResult) else in_the_way(made)
        if step == "make the other primary":
            made = await self.functions.create_primary_user(other.login_methods[0].recipe_user_id, user_context)
            return in_the_way(made)
        check = current_put_off().check

        def holds(linked: User) -> bool:
            check()  # that the password is the same still, say
            return holds_still(method, other, linked)

        with on_terms(Terms(ends_sessions_for_good=is_for_good, holds=holds)):
            linked = await self.functions.link_accounts(method.recipe_user_id, other.id, user_context)
        return linked.user if isinstance(linked, LinkAccountsOkResult) else in_the_way(linked)

    def facts_of_link(
        self,
        user: User,
        method: LoginMethod,
        other: User | None,
        session: SessionContainer | None,
        tenant_id: str,
        user_context: UserContext,
    ) -> dict[str, LookUp]:
        """Return how what the table of linking asks is found out, of a user and who else has what he has."""
        ask, mine = self.callback.ask, info_of(method)
        kind = "nobody" if other is None else "a primary user" if other.is_primary_user else "somebody"

        async def about_other() -> str:
            return (
                "no"
                if other is None
                else await ask(info_of(other.login_methods[0]), None, session, tenant_id, user_context)
            )

        return {
            "is_primary": lambda: user.is_primary_user,
            "is_disabled": lambda: user.disabled,
            "other": lambda: kind,
            "other_is_disabled": lambda: other is not None and other.disabled,
            "is_more_required": partial(is_more_required, self.services, user, method, user_context),
            "callback": partial(ask, mine, other, session, tenant_id, user_context),
            "both_are_verified": lambda: method.verified and other is not None and has_verified(other, method),
            "callback_of_other": about_other,
            "other_is_verified": lambda: other is not None and has_verified(other, method),
            "callback_of_self": partial(ask, mine, None, session, tenant_id, user_context),
            "is_verified": lambda: method.verified,
        }


def holds_still(method: LoginMethod, other: User, linked: User) -> bool:
    """
    Return whether what was decided on is so still: the addresses, and what was verified of them.

    Args:
        method: what is linked, as it was then.
        other: to whom, as he was.
        linked: what has come of the two.
    """
    now = next((each for each in linked.login_methods if each.recipe_user_id == method.recipe_user_id), None)
    if now is None or (now.email, now.phone_number) != (method.email, method.phone_number):
        return False
    rest = attrs.evolve(linked, login_methods=[each for each in linked.login_methods if each is not now])
    had, has = ((shares(user, method), has_verified(user, method)) for user in (other, rest))
    return now.verified >= method.verified and all(is_so >= was_so for was_so, is_so in zip(had, has, strict=True))


def shares(user: User, method: LoginMethod) -> bool:
    """Return whether a user has a login method with the address, or the number, of another one."""
    return any(has_same(each, method) for each in user.login_methods)


def in_the_way(result: CreatePrimaryUserResult | LinkAccountsResult) -> str | None:
    """Return the id of the primary user who has what is to be linked; None where something else has changed."""
    taken = (CreatePrimaryUserAccountInfoAlreadyAssociatedError, LinkAccountsAccountInfoAlreadyAssociatedError)
    return result.primary_user_id if isinstance(result, taken) else None
