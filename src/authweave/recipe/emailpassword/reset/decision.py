"""Who gets a link to reset a password, of the users that have an address."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

import attrs

from authweave.kernel import UserContext
from authweave.recipe.accountlinking.accounts import age_of, has_verified, primary_of
from authweave.recipe.accountlinking.linking import Linking
from authweave.recipe.accountlinking.types import AccountInfoWithRecipeId, AccountInfoWithRecipeIdAndUserId
from authweave.types import LoginMethod, RecipeUserId, User

if TYPE_CHECKING:
    from authweave.recipe.accountlinking.rules import LookUp, LookUpNow

RECIPE_ID: Final = "emailpassword"

TAKEOVER_RISK: Final = (
    "Reset password link was not created because of account take over risk. Please contact support. (ERR_CODE_001)"
)


@attrs.frozen(kw_only=True)
class SendLink:
    """
    A link is sent.

    Attributes:
        user_id: whose account it is, as the mail has it.
        recipe_user_id: whose password is reset; None where there is none, and a reset makes the login method.
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
class ResetDecisions:
    """
    Decides who gets a link, by tables of `authweave.recipe.accountlinking.rules`: `RESET_CANDIDATE` and `RESET_MAIL`.

    Attributes:
        linking: asks the application what is to be linked.
    """

    linking: Linking

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
        methods = [each for user in everybody for each in user.login_methods if is_reset_by(each, tenant_id, email)]
        method = next(iter(methods), None)
        candidate = await self.find_candidate(everybody, method, tenant_id, user_context)
        account: LoginMethod | AccountInfoWithRecipeId = method or AccountInfoWithRecipeId(RECIPE_ID, email)
        from authweave.recipe.accountlinking.rules import RESET_MAIL  # noqa: PLC0415  it brings the tables, loaded at first use

        facts: dict[str, LookUp] = {
            "candidate": lambda: candidate is not None,
            "method": lambda: method is not None,
            "is_verified": lambda: candidate is not None and has_verified(candidate, account),
            "has_more": lambda: candidate is not None and has_more(candidate, email),
            "is_method_his": lambda: candidate is not None and method in candidate.login_methods,
            "callback": partial(self.ask, account, candidate, tenant_id, user_context),
            "sign_up_allowed": lambda: self.linking.is_sign_up_allowed(
                AccountInfoWithRecipeId(RECIPE_ID, email),
                is_verified=True,
                session=None,
                tenant_id=tenant_id,
                user_context=user_context,
            ),
        }
        match await RESET_MAIL.decide(facts):
            case "not allowed":
                return Refuse(TAKEOVER_RISK)
            case "own" if method is not None:
                login_id = method.recipe_user_id
                return SendLink(user_id=login_id.get_as_string(), recipe_user_id=login_id, email=email)
            case "of candidate" if method is not None and candidate is not None:
                return SendLink(user_id=candidate.id, recipe_user_id=method.recipe_user_id, email=email)
            case "new" if candidate is not None:
                return SendLink(user_id=candidate.id, recipe_user_id=None, email=email)
            case _:
                return SendNothing()

    async def find_candidate(
        self, users: Sequence[User], method: LoginMethod | None, tenant_id: str, user_context: UserContext
    ) -> User | None:
        """Return whose account a reset is for: a primary user's, or that of who may become one."""
        primary = primary_of(users)
        kind = "a primary user" if primary is not None else "somebody" if users else "nobody"
        if primary is None and len(users) == 1 and users[0].login_methods[0] == method:
            kind = "his own"
        from authweave.recipe.accountlinking.rules import RESET_CANDIDATE  # noqa: PLC0415  it brings the tables, loaded at first use

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


def is_reset_by(method: LoginMethod, tenant_id: str, email: str) -> bool:
    """Return whether a login method has a password that mail to an address resets."""
    return method.recipe_id == RECIPE_ID and method.email == email and tenant_id in method.tenant_ids


def has_more(user: User, email: str) -> bool:
    """
    Return whether a user has more than an address: another one, a number, or another login method, not verified.

    Who reads the address could get hold of what is another person's, or share it with whoever signs in by that.
    """
    others = [each for each in user.login_methods if not (each.recipe_id == RECIPE_ID and each.email == email)]
    return (
        any(each != email for each in user.emails)
        or bool(user.phone_numbers)
        or (len(user.login_methods) > 1 and any(not each.verified for each in others))
    )


@attrs.frozen
class SetPassword:
    """The password of a login method is set."""

    user: User
    method: LoginMethod


@attrs.frozen
class CreateLogin:
    """A login method is made, with the address that the token was sent to, and goes to the user."""

    user: User


ResetDecision: TypeAlias = SetPassword | CreateLogin | None
"""What a token does; None: it is good for nothing any more."""


def decide_reset(user: User | None, user_id: str, tenant_id: str, email: str) -> ResetDecision:
    """
    Decide what a token does that has come back, by the table `RESET`.

    Args:
        user: the token's; None where there is none any more.
        user_id: the id that it was made for, of a user or of a login method.
        tenant_id: the tenant.
        email: the address that it was sent to. A user who has it there no more is none to reset.
    """
    if user is None or user.disabled or not has_address(user, tenant_id, email):
        return None
    from authweave.recipe.accountlinking.rules import RESET  # noqa: PLC0415  it brings the tables, loaded at first use

    mine = (each for each in user.login_methods if each.recipe_user_id.get_as_string() == user_id)
    method = next((each for each in mine if is_reset_by(each, tenant_id, email)), None)
    facts: dict[str, LookUpNow] = {
        "form_is_good": lambda: True,  # which was looked at before, and that the token is good
        "token_is_good": lambda: True,
        "user": lambda: True,
        "method": lambda: method is not None,
        "is_primary": lambda: user.is_primary_user,
        "is_verified": lambda: any(each.verified and each.email == email for each in user.login_methods),
        "has_more": lambda: has_more(user, email),
    }
    match RESET.decide_now(facts):
        case "set" | "set and link" if method is not None:
            return SetPassword(user, method)
        case "create and link":
            return CreateLogin(user)
        case _:
            return None


def has_address(user: User, tenant_id: str, email: str) -> bool:
    """Return whether a user has an address in a tenant, by whatever login method."""
    return any(each.email == email and tenant_id in each.tenant_ids for each in user.login_methods)
