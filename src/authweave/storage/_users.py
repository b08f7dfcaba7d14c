"""Users, made of what a store keeps."""

from __future__ import annotations

from authweave.types import LoginMethod, RecipeUserId, ThirdPartyInfo, User

from ._records import PasswordLogin, ThirdPartyLogin


def new_user(login: PasswordLogin | ThirdPartyLogin) -> User:
    """Return the user that a first login method makes."""
    return User(id=login.user_id, login_methods=(login_method(login),), time_joined=login.time_joined_ms)


def login_method(login: PasswordLogin | ThirdPartyLogin) -> LoginMethod:
    """Return a login method without what only the store needs."""
    vouched_for = login if isinstance(login, ThirdPartyLogin) else None
    return LoginMethod(
        recipe_id="emailpassword" if vouched_for is None else "thirdparty",
        recipe_user_id=RecipeUserId(login.recipe_user_id),
        tenant_ids=(login.tenant_id,),
        email=login.email,
        third_party=None if vouched_for is None else third_party_of(vouched_for),
        verified=vouched_for is not None and vouched_for.verified,
        time_joined=login.time_joined_ms,
    )


def third_party_of(login: ThirdPartyLogin) -> ThirdPartyInfo:
    """Return which provider vouches for a login method."""
    return ThirdPartyInfo(login.third_party_id, login.third_party_user_id)
