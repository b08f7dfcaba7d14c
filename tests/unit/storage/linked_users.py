"""Users whose login methods tests link, and what a store says of them."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.store.contract import a_login
from authweave.recipe.session.store import SESSIONS
from authweave.recipe.session.store.contract import a_session
from authweave.recipe.thirdparty.store import THIRD_PARTIES
from authweave.recipe.thirdparty.store.contract import a_third_party_login
from authweave.storage import (
    LinkedAccounts,
    PrimaryUser,
    Storage,
    UserListing,
)
from authweave.testing.storage_contract import PUBLIC
from authweave.types import User

OTHER = "other"


def with_password(storage: Storage, number: int, email: str | None = None, *, tenant_id: str = PUBLIC) -> str:
    """Add a user with a password; the user's id is that of the login method, as the recipes make them. Return it."""
    login = attrs.evolve(a_login(number, email=email, tenant_id=tenant_id), recipe_user_id=f"user-{number}")
    return storage.part(PASSWORDS).create_user_with_password(login).id


def with_provider(storage: Storage, number: int, email: str, *, tenant_id: str = PUBLIC) -> str:
    """Add a user whom a provider vouches for, as `with_password` does one."""
    login = a_third_party_login(number, subject=f"subject-{number}", tenant_id=tenant_id, email=email)
    return storage.part(THIRD_PARTIES).sign_in_or_up(attrs.evolve(login, recipe_user_id=login.user_id)).user.id


def made_primary(storage: Storage, *user_ids: str) -> None:
    """Make users primary ones."""
    for user_id in user_ids:
        assert isinstance(storage.create_primary_user(user_id), PrimaryUser)


def linked(storage: Storage, recipe_user_id: str, primary_user_id: str) -> User:
    """Link a login method, which nothing hinders. Return the user."""
    answer = storage.link_accounts(recipe_user_id, primary_user_id)
    assert isinstance(answer, LinkedAccounts)
    return answer.user


def the_user(storage: Storage, user_id: str) -> User:
    """Return a user who is there."""
    user = storage.find_user(user_id)
    assert user is not None
    return user


def methods(user: User) -> list[str]:
    """Return the ids of a user's login methods."""
    return [method.recipe_user_id.get_as_string() for method in user.login_methods]


def with_session(
    storage: Storage,
    number: int,
    user_id: str,
    recipe_user_id: str | None = None,
    *,
    tenant_id: str = PUBLIC,
    at_most: int | None = None,
) -> None:
    """Add a session that was made with a login method."""
    session = attrs.evolve(
        a_session(number, user_id=user_id, tenant_id=tenant_id), recipe_user_id=recipe_user_id or user_id
    )
    storage.part(SESSIONS).create_session(session, at_most=at_most)


def live(storage: Storage, numbers: Iterable[int]) -> list[int]:
    """Return which of some sessions there are."""
    return [number for number in numbers if storage.part(SESSIONS).find_session(f"handle-{number}") is not None]


def listed(storage: Storage, tenant_id: str = PUBLIC) -> list[str]:
    """Return the ids of a tenant's users."""
    users = [user.id for user in storage.list_users(UserListing(tenant_id=tenant_id, limit=99)).users]
    assert storage.count_users(tenant_id, None) == len(users)
    return users
