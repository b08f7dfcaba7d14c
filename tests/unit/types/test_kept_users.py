"""A user as JSON, for those who are told of it later."""

import json

import pytest

from authweave.types import LoginMethod, RecipeUserId, ThirdPartyInfo, User, WebauthnInfo, kept_user, user_of_kept

USER = User(
    id="user-1",
    login_methods=(
        LoginMethod(
            recipe_id="thirdparty",
            recipe_user_id=RecipeUserId("user-1"),
            tenant_ids=("public", "other"),
            email="ü@example.com",
            third_party=ThirdPartyInfo("subject-1", "google"),
            time_joined=1,
            verified=True,
        ),
        LoginMethod(
            recipe_id="emailpassword", recipe_user_id=RecipeUserId("method-2"), tenant_ids=("public",), time_joined=2
        ),
        LoginMethod(
            recipe_id="webauthn",
            recipe_user_id=RecipeUserId("method-3"),
            tenant_ids=("public",),
            webauthn=WebauthnInfo(["credential-1"]),
            time_joined=3,
        ),
    ),
    time_joined=1,
)


def test_what_was_kept_is_the_same() -> None:
    """All of it comes back; what a later release knows beside is left out."""
    assert user_of_kept(kept_user(USER)) == USER
    later = {**json.loads(kept_user(USER)), "of_a_later_release": 1}
    assert user_of_kept(json.dumps(later).encode()) == USER


def test_what_an_earlier_release_kept() -> None:
    """It knew of no passkeys."""
    kept = json.loads(kept_user(USER))
    kept["login_methods"] = [
        {name: value for name, value in each.items() if name != "webauthn"} for each in kept["login_methods"]
    ]
    assert [each.webauthn for each in user_of_kept(json.dumps(kept).encode()).login_methods] == [None, None, None]


@pytest.mark.parametrize("kept", [b"", b"[]", b"{}", b"\xff", b'{"login_methods": [{}]}'])
def test_what_is_no_user(kept: bytes) -> None:
    """It is refused by one error."""
    with pytest.raises(ValueError, match=r"no user|Expecting value|decode"):
        user_of_kept(kept)
