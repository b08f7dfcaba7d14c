from __future__ import annotations

from authweave.http import user_json
from authweave.types import JSON, LoginMethod, RecipeUserId, ThirdPartyInfo, User

EMAIL = LoginMethod(
    recipe_id="emailpassword",
    recipe_user_id=RecipeUserId("u1"),
    tenant_ids=("public",),
    email="a@x.io",
    time_joined=5,
)
PROVIDER = LoginMethod(
    recipe_id="thirdparty",
    recipe_user_id=RecipeUserId("u2"),
    tenant_ids=("public", "t1"),
    email="a@x.io",
    third_party=ThirdPartyInfo("123", "google"),
    time_joined=7,
    verified=True,
)
PHONE = LoginMethod(
    recipe_id="passwordless",
    recipe_user_id=RecipeUserId("u3"),
    tenant_ids=("t1",),
    phone_number="+391234",
    time_joined=9,
    verified=True,
)
USER = User(id="u1", login_methods=(EMAIL,), time_joined=5)
LINKED = User(id="u1", is_primary_user=True, login_methods=(PHONE, EMAIL, PROVIDER), time_joined=5)


def as_lists(value: JSON) -> JSON:
    """Return a value as JSON gives it back."""
    import json

    parsed: JSON = json.loads(json.dumps(value))
    return parsed


def test_new_shape() -> None:
    """A user with one login method has the shape that the page shows, keys and all (docs/reference/http.md, Users)."""
    assert as_lists(user_json(USER, None, (4, 2))) == {
        "id": "u1",
        "isPrimaryUser": False,
        "tenantIds": ["public"],
        "emails": ["a@x.io"],
        "phoneNumbers": [],
        "thirdParty": [],
        "webauthn": {"credentialIds": []},
        "timeJoined": 5,
        "loginMethods": [
            {
                "recipeId": "emailpassword",
                "recipeUserId": "u1",
                "tenantIds": ["public"],
                "timeJoined": 5,
                "verified": False,
                "email": "a@x.io",
            }
        ],
    }


def test_linked_user() -> None:
    """Top-level lists are the union over login methods without repetition; absent contacts have no key."""
    shown = as_lists(user_json(LINKED, None, (3, 0)))
    assert isinstance(shown, dict)
    assert shown["isPrimaryUser"] is True
    assert shown["tenantIds"] == ["t1", "public"]
    assert shown["emails"] == ["a@x.io"]
    assert shown["phoneNumbers"] == ["+391234"]
    assert shown["thirdParty"] == [{"id": "google", "userId": "123"}]
    assert isinstance(shown["loginMethods"], list)
    phone, _, provider = shown["loginMethods"]
    assert isinstance(phone, dict)
    assert isinstance(provider, dict)
    assert set(phone) == {"recipeId", "recipeUserId", "tenantIds", "timeJoined", "verified", "phoneNumber"}
    assert provider["thirdParty"] == {"id": "google", "userId": "123"}


def test_legacy_shape() -> None:
    """Older versions see the login method of the session, under the user's id."""
    assert user_json(USER, RecipeUserId("u1"), (1, 17)) == {"id": "u1", "timeJoined": 5, "email": "a@x.io"}
    assert user_json(LINKED, RecipeUserId("u2"), (2, 0)) == {
        "id": "u1",
        "timeJoined": 5,
        "email": "a@x.io",
        "thirdParty": {"id": "google", "userId": "123"},
    }
    assert user_json(LINKED, RecipeUserId("u3"), (2, 0)) == {"id": "u1", "timeJoined": 5, "phoneNumber": "+391234"}


def test_legacy_shape_without_session() -> None:
    """Where the session knows no login method of the user's (an empty one), the oldest is shown."""
    assert user_json(LINKED, RecipeUserId(""), (2, 0)) == {"id": "u1", "timeJoined": 5, "email": "a@x.io"}
