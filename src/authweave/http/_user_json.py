"""Users as the frontends read them (docs/reference/http.md, Users)."""

from __future__ import annotations

from authweave.types import JSON, JSONObject, LoginMethod, RecipeUserId, User

from ._fdi import Version, takes_legacy_user


def user_json(user: User, recipe_user_id: RecipeUserId | None, version: Version) -> JSONObject:
    """
    Return a user in the shape of a version.

    Args:
        user: the user.
        recipe_user_id: which login method older versions are to see; the oldest where there is no such method.
        version: that of the client.
    """
    return legacy_user(user, recipe_user_id) if takes_legacy_user(version) else whole_user(user)


def whole_user(user: User) -> JSONObject:
    """Return a user with all login methods."""
    return {
        "id": user.id,
        "isPrimaryUser": user.is_primary_user,
        "tenantIds": user.tenant_ids,
        "emails": user.emails,
        "phoneNumbers": user.phone_numbers,
        "thirdParty": [{"id": each.id, "userId": each.user_id} for each in user.third_party],
        "webauthn": {"credentialIds": ()},
        "timeJoined": user.time_joined,
        "loginMethods": [login_method(method) for method in user.login_methods],
    }


def login_method(method: LoginMethod) -> JSONObject:
    """Return one login method; what it does not have has no key."""
    return {
        "recipeId": method.recipe_id,
        "recipeUserId": method.recipe_user_id.get_as_string(),
        "tenantIds": method.tenant_ids,
        "timeJoined": method.time_joined,
        "verified": method.verified,
        **contact(method),
    }


def legacy_user(user: User, recipe_user_id: RecipeUserId | None) -> JSONObject:
    """Return a user as one login method."""
    oldest_first = sorted(user.login_methods, key=lambda method: method.time_joined)
    chosen = next((each for each in oldest_first if each.recipe_user_id == recipe_user_id), oldest_first[0])
    return {"id": user.id, "timeJoined": user.time_joined, **contact(chosen)}


def contact(method: LoginMethod) -> dict[str, JSON]:
    """Return how a login method reaches or recognises its user."""
    found: dict[str, JSON] = {}
    if method.email is not None:
        found["email"] = method.email
    if method.phone_number is not None:
        found["phoneNumber"] = method.phone_number
    if method.third_party is not None:
        found["thirdParty"] = {"id": method.third_party.id, "userId": method.third_party.user_id}
    return found
