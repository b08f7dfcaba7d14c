"""
To whom a link is sent, of the users that have an address, by whoever has lost what he signs in with.

What differs between recipes that send such links stands in `Recovered`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

import attrs

from authweave.kernel import UserContext
from authweave.types import LoginMethod, RecipeUserId, User

from .accounts import age_of, has_verified, primary_of
from .linking import Linking
from .types import AccountInfoWithRecipeId, AccountInfoWithRecipeIdAndUserId

if TYPE_CHECKING:
    from .rules import LookUp

TAKEOVER_RISK: Final = (
    "{} link was not created because of account take over risk. Please contact support. (ERR_CODE_001)"
)


@attrs.frozen(kw_only=True)
class Recovered:
    """
    What is recovered, and how recipes differ in whose account it may be.

    Attributes:
        recipe_id: the recipe whose login methods are recovered.
        link: how people call the link.
        of_oldest: whether the account may be that of somebody who is not a primary user.
        of_any_address: whether a link that makes a login method may be sent to any address of the primary user, or to
            that of his first login method alone.
    """

    recipe_id: str
    link: str
    of_oldest: bool = True
    of_any_address: bool = True


@attrs.frozen(kw_only=True)
class SendLink:
    """
    A link is sent.

    Attributes:
        user_id: whose account it is, as the mail has it.
        recipe_user_id: what is recovered; None where there is none, and recovering makes the login method.
        email: the address that it goes to, as it is stored: what was typed may look alike and be another's.
    """

    user_id: str
    recipe_user_id: RecipeUserId | None
    email: str

    @property
    def token_user_id(self) -> str:
        """Whom the token is made for: the login method, where there is one."""
        return self.user_id if self.recipe_user_id is None else self.recipe_user_id.get_as_string()


@attrs.frozen
class SendNothing:
    """Nothing is sent, and the client is not told."""


@attrs.frozen
class Refuse:
    """Nothing is sent, and the client is told why."""

    reason: str


Decision: TypeAlias = SendLink | SendNothing | Refuse


@attrs.frozen
class RecoveryDecisions:
    """
    Decides who gets a link, by tables of `authweave.recipe.accountlinking.rules`: `RESET_CANDIDATE` and `RESET_MAIL`.

    Attributes:
        linking: asks the application what is to be linked.
        recovered: what is recovered.
    """

    linking: Linking
    recovered: Recovered

    async def decide(self, users: Sequence[User], tenant_id: str, email: str, user_context: UserContext) -> Decision:
        """
        Decide who gets a link.

        Args:
            users: all of the tenant that have the address, by whatever login method.
            tenant_id: the tenant.
            email: the address, as it is stored.
            user_context: handed on.

        Raises:
            Exception: what the application's callback raises.
        """
        everybody = sorted(users, key=age_of)
        recipe_id = self.recovered.recipe_id
        methods = [
            each
            for user in everybody
            for each in user.login_methods
            if is_recovered_by(each, recipe_id, tenant_id, email)
        ]
        method = next(iter(methods), None)
        candidate = await self.find_candidate(everybody, method, tenant_id, user_context)
        account: LoginMethod | AccountInfoWithRecipeId = method or AccountInfoWithRecipeId(recipe_id, email)
        from .rules import RESET_MAIL  # noqa: PLC0415  it brings the tables, loaded at first use

        facts: dict[str, LookUp] = {
            "candidate": lambda: candidate is not None,
            "method": lambda: method is not None,
            "is_verified": lambda: candidate is not None and has_verified(candidate, account),
            "has_more": lambda: candidate is not None and has_more(candidate, recipe_id, tenant_id, email),
            "is_method_his": lambda: candidate is not None and method in candidate.login_methods,
            "callback": partial(self.ask, account, candidate, tenant_id, user_context),
            "sign_up_allowed": lambda: self.linking.is_sign_up_allowed(
                AccountInfoWithRecipeId(recipe_id, email),
                is_verified=True,
                session=None,
                tenant_id=tenant_id,
                user_context=user_context,
            ),
        }
        match await RESET_MAIL.decide(facts):
            case "not allowed":
                return Refuse(TAKEOVER_RISK.format(self.recovered.link))
            case "own" if method is not None:
                login_id = method.recipe_user_id
                return SendLink(user_id=login_id.get_as_string(), recipe_user_id=login_id, email=email)
            case "of candidate" if method is not None and candidate is not None:
                return SendLink(user_id=candidate.id, recipe_user_id=method.recipe_user_id, email=email)
            case "new" if candidate is not None and self.may_have_new(candidate, email):
                return SendLink(user_id=candidate.id, recipe_user_id=None, email=email)
            case _:
                return SendNothing()

    def may_have_new(self, user: User, email: str) -> bool:
        """Return whether a link that makes a login method may be sent to a primary user's address."""
        roots = (each for each in user.login_methods if each.recipe_user_id.get_as_string() == user.id)
        return self.recovered.of_any_address or any(each.email == email for each in roots)

    async def find_candidate(
        self, users: Sequence[User], method: LoginMethod | None, tenant_id: str, user_context: UserContext
    ) -> User | None:
        """Return whose account it is: a primary user's, or that of who may become one."""
        primary = primary_of(users)
        if not self.recovered.of_oldest:
            return primary
        kind = "a primary user" if primary is not None else "somebody" if users else "nobody"
        if primary is None and len(users) == 1 and users[0].login_methods[0] == method:
            kind = "his own"
        from .rules import RESET_CANDIDATE  # noqa: PLC0415  it brings the tables, loaded at first use

        async def about_oldest() -> str:
            return await self.ask(users[0].login_methods[0], None, tenant_id, user_context)

        found = await RESET_CANDIDATE.decide(
            {
                "users": lambda: kind,
                "callback": about_oldest,
                "is_verified": lambda: users[0].login_methods[0].verified,
            }
        )
        return primary if found == "the primary user" else users[0] if found == "the oldest user" else None

    async def ask(
        self,
        account: LoginMethod | AccountInfoWithRecipeId,
        user: User | None,
        tenant_id: str,
        user_context: UserContext,
    ) -> str:
        """Ask the application's callback."""
        info = AccountInfoWithRecipeIdAndUserId.from_account_info_or_login_method(account)
        return await self.linking.decisions().callback.ask(info, user, None, tenant_id, user_context)


def is_recovered_by(method: LoginMethod, recipe_id: str, tenant_id: str, email: str) -> bool:
    """Return whether a login method is one of a recipe that mail to an address recovers."""
    return method.recipe_id == recipe_id and method.email == email and tenant_id in method.tenant_ids


def has_more(user: User, recipe_id: str, tenant_id: str, email: str) -> bool:
    """
    Return whether a user has more than an address: another one, a number, or another login method, not verified.

    Who reads the address could get hold of what is another person's, or share it with whoever signs in by that: also
    by a login method of the same recipe and address, in another tenant.
    """
    others = [each for each in user.login_methods if not is_recovered_by(each, recipe_id, tenant_id, email)]
    return (
        any(each != email for each in user.emails)
        or bool(user.phone_numbers)
        or (len(user.login_methods) > 1 and any(not each.verified for each in others))
    )
