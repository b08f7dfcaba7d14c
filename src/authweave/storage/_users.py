"""Users, made of what a store keeps."""

from __future__ import annotations

from authweave.types import LoginMethod, User

from ._records import LoginRecord


def new_user(login: LoginRecord) -> User:
    """Return the user that a first login method makes."""
    return User(id=login.user_id, login_methods=(login_method(login),), time_joined=login.time_joined_ms)


def domain_of(email: str) -> str:
    """Return what stands after the first ``@`` of an address; all of it where there is none."""
    return email.partition("@")[2] if "@" in email else email


def login_method(login: LoginRecord) -> LoginMethod:
    """Return a login method without what only the store needs."""
    return LoginMethod.of_identity(
        login.provider_id,
        login.subject,
        recipe_id=login.recipe_id,
        recipe_user_id=login.recipe_user_id,
        tenant_ids=(login.tenant_id,),
        email=login.email,
        phone_number=login.phone_number,
        verified=login.verified,
        time_joined=login.time_joined_ms,
    )
