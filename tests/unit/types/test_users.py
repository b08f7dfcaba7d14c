"""Users and login methods as JSON, and what login methods are compared by."""

import pytest

from authweave.types import AccountInfo, LoginMethod, RecipeUserId, ThirdPartyInfo, User, WebauthnInfo
from authweave.types.base import AccountInfoInput, WebauthnInfoInput

METHOD = LoginMethod(
    recipe_id="thirdparty",
    recipe_user_id=RecipeUserId("u1"),
    tenant_ids=["public"],
    email="jos\u00e9@example.com",
    phone_number="+4930123456",
    third_party=ThirdPartyInfo("subject", "google"),
    time_joined=5,
    verified=True,
)
BARE = LoginMethod(recipe_id="emailpassword", recipe_user_id=RecipeUserId("u2"), tenant_ids=["t1"], time_joined=6)
USER = User(id="u1", is_primary_user=True, login_methods=[METHOD, BARE], time_joined=5)


def test_json_is_that_of_the_wire() -> None:
    """All of it, in plain lists and objects; what a login method does not have has no key."""
    provider = {"id": "google", "userId": "subject"}
    assert USER.to_json() == {
        "id": "u1",
        "isPrimaryUser": True,
        "tenantIds": ["public", "t1"],
        "emails": ["jos\u00e9@example.com"],
        "phoneNumbers": ["+4930123456"],
        "thirdParty": [provider],
        "webauthn": {"credentialIds": []},
        "timeJoined": 5,
        "loginMethods": [
            {
                "recipeId": "thirdparty",
                "recipeUserId": "u1",
                "tenantIds": ["public"],
                "timeJoined": 5,
                "verified": True,
                "email": "jos\u00e9@example.com",
                "phoneNumber": "+4930123456",
                "thirdParty": provider,
            },
            {
                "recipeId": "emailpassword",
                "recipeUserId": "u2",
                "tenantIds": ["t1"],
                "timeJoined": 6,
                "verified": False,
            },
        ],
    }


def test_what_json_says_can_be_read() -> None:
    """It makes an equal user."""
    assert User.from_json(USER.to_json()) == USER


def test_a_provider_comes_after_the_subject() -> None:
    """The parameters are in the order of the documents, and so named; the attributes are called otherwise."""
    info = ThirdPartyInfo("subject", "google")
    assert (info.id, info.user_id) == ("google", "subject")
    assert info == ThirdPartyInfo(third_party_user_id="subject", third_party_id="google")
    assert ThirdPartyInfo.from_json(info.to_json()) == info


@pytest.mark.parametrize(
    ("email", "same"),
    [
        ("jos\u00e9@example.com", True),
        (" JOSE\u0301@Example.com ", True),
        ("jose@example.com", False),
        ("", False),
        (None, False),
    ],
)
def test_addresses_are_compared_as_the_store_compares_them(email: str | None, *, same: bool) -> None:
    """Trimmed, in lower case and in NFC; a login method without one has no address in common with anybody."""
    assert METHOD.has_same_email_as(email) is same
    assert BARE.has_same_email_as(email) is False


@pytest.mark.parametrize(
    ("number", "same"), [("+4930123456", True), (" +49 (30) 123-456", True), ("+4930123457", False), (None, False)]
)
def test_phone_numbers_are_compared_by_their_digits(number: str | None, *, same: bool) -> None:
    """Whatever people write between them."""
    assert METHOD.has_same_phone_number_as(number) is same
    assert BARE.has_same_phone_number_as(number) is False


@pytest.mark.parametrize(
    ("info", "same"),
    [
        (ThirdPartyInfo("subject", "google"), True),
        (ThirdPartyInfo(" subject ", " google"), True),
        (ThirdPartyInfo("google", "subject"), False),
        (None, False),
    ],
)
def test_providers_are_compared_with_their_subjects(info: ThirdPartyInfo | None, *, same: bool) -> None:
    """Both have to be the same."""
    assert METHOD.has_same_third_party_info_as(info) is same
    assert BARE.has_same_third_party_info_as(info) is False


def test_passkeys() -> None:
    """A login method that has some is one of a user's, and goes into JSON and back."""
    made = LoginMethod(
        recipe_id="webauthn",
        recipe_user_id=RecipeUserId("u3"),
        tenant_ids=["public"],
        email="a@b.co",
        phone_number=None,
        third_party=None,
        webauthn=WebauthnInfo(["credential"]),
        time_joined=7,
        verified=True,
    )
    user = User(id="u3", login_methods=[BARE, made], time_joined=6)
    assert user.webauthn == WebauthnInfo(["credential"])
    assert made.has_same_webauthn_info_as(WebauthnInfoInput("credential"))
    assert made.to_json()["webauthn"] == {"credentialIds": ["credential"]}
    assert User.from_json(user.to_json()) == user


def test_nobody_has_passkeys_yet() -> None:
    """A login method has none, and so no passkey is one of its."""
    assert METHOD.webauthn is None
    assert USER.webauthn == WebauthnInfo([])
    assert METHOD.has_same_webauthn_info_as(WebauthnInfoInput("credential")) is False
    assert METHOD.has_same_webauthn_info_as(None) is False


def test_what_is_asked_for_is_json_too() -> None:
    """What is not has no key."""
    google = ThirdPartyInfo("subject", "google")
    asked = AccountInfoInput("a@b.co", None, google, WebauthnInfoInput("credential"))
    known = AccountInfo("a@b.co", None, google, WebauthnInfo(["credential"]))
    provider = {"id": "google", "userId": "subject"}
    assert asked.to_json() == {"email": "a@b.co", "thirdParty": provider, "webauthn": {"credentialId": "credential"}}
    assert known.to_json() == {"email": "a@b.co", "thirdParty": provider, "webauthn": {"credentialIds": ["credential"]}}
    assert AccountInfoInput().to_json() == {}
