"""Users, made of what a store keeps."""

from __future__ import annotations

from collections.abc import Iterable

from authweave.types import LoginMethod, User

from ._records import PASSKEYS, LoginRecord


def new_user(login: LoginRecord, credential_ids: Iterable[str] = ()) -> User:
    """Return the user that a first login method makes; with these passkeys, if it is one that may have some."""
    methods = (login_method(login, credential_ids),)
    return User(id=login.user_id, login_methods=methods, time_joined=login.time_joined_ms)


def domain_of(email: str) -> str:
    """Return what stands after the first ``@`` of an address; all of it where there is none."""
    return email.partition("@")[2] if "@" in email else email


def passkeys_shown(recipe_id: str, credential_ids: Iterable[str]) -> Iterable[str] | None:
    """Return the passkeys of a login method, none maybe; None where it is not of the recipe that has passkeys."""
    return credential_ids if recipe_id == PASSKEYS else None


def login_method(login: LoginRecord, credential_ids: Iterable[str] = ()) -> LoginMethod:
    """Return a login method without what only the store needs."""
    return LoginMethod.of_identity(
        login.provider_id,
        login.subject,
        recipe_id=login.recipe_id,
        recipe_user_id=login.recipe_user_id,
        tenant_ids=(login.tenant_id,),
        email=login.email,
        phone_number=login.phone_number,
        credential_ids=passkeys_shown(login.recipe_id, credential_ids),
        verified=login.verified,
        time_joined=login.time_joined_ms,
    )
