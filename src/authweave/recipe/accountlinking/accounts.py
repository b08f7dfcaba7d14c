"""Which users have something of an account, and what they have verified of it."""

from __future__ import annotations

from collections.abc import Iterable

from authweave.storage import UserIdMapping
from authweave.types import LoginMethod, User

from .types import AccountInfoWithRecipeId, AccountInfoWithRecipeIdAndUserId

Account = AccountInfoWithRecipeId | LoginMethod
"""What is linked: an account that is to be made, or a login method."""


def info_of(account: Account) -> AccountInfoWithRecipeIdAndUserId:
    """Return what the application's callback is asked about."""
    return AccountInfoWithRecipeIdAndUserId.from_account_info_or_login_method(account)


def method_of(user: User, recipe_user_id: str, mapping: UserIdMapping | None = None) -> LoginMethod:
    """Return a user's login method, by its own id or the one that APIs show; by the user's id, it is the first."""
    return method_named(user, recipe_user_id, mapping) or user.login_methods[0]


def method_named(user: User, recipe_user_id: str, mapping: UserIdMapping | None = None) -> LoginMethod | None:
    """Return a user's login method, by its own id or the one that APIs show; None where no one has it."""
    ids = {recipe_user_id} if mapping is None else {mapping.user_id, mapping.external_user_id}
    return next((each for each in user.login_methods if each.recipe_user_id.get_as_string() in ids), None)


def has_same(method: LoginMethod, account: Account) -> bool:
    """Return whether a login method has the address, or the number, of an account."""
    return method.has_same_email_as(account.email) or method.has_same_phone_number_as(account.phone_number)


def has_verified(user: User, account: Account) -> bool:
    """Return whether a user has a login method with the address, or the number, of an account, verified."""
    return any(each.verified and has_same(each, account) for each in user.login_methods)


def first_has_verified(user: User, account: Account) -> bool:
    """Return whether a user's first login method has it so."""
    first = user.login_methods[0]
    return first.verified and has_same(first, account)


def primary_of(users: Iterable[User]) -> User | None:
    """
    Return the primary user among some.

    There is one at most where these were found by an address and a provider's id: whose provider's id it is has no
    other user, and the store lets no two primary users have one address. Of two, which an application's own search
    may bring, it is the oldest.
    """
    return next((each for each in sorted(users, key=age_of) if each.is_primary_user), None)


def age_of(user: User) -> tuple[int, str]:
    """Return what users are sorted by, the oldest first."""
    return user.time_joined, user.id
