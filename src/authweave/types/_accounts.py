"""Login methods, and what they are recognised by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self, TypeAlias

import attrs
from typing_extensions import override

from ._emails import normal_email
from ._frozen import FrozenList, FrozenValue, frozen_texts
from ._json import JSON
from ._phone_numbers import normal_phone_number

RecipeId: TypeAlias = str
"""The id of the recipe that a login method is of."""


@attrs.frozen
class RecipeUserId(FrozenValue):
    """The id of one login method of a user. Equal to the user's id where nothing is linked."""

    recipe_user_id: str

    def get_as_string(self) -> str:
        """Return the id as a plain string."""
        return self.recipe_user_id


def convert_to_recipe_user_id(user_id: str) -> RecipeUserId:
    """Return the id of a login method, of its text."""
    return RecipeUserId(user_id)


@attrs.frozen
class ThirdPartyInfo(FrozenValue):
    """
    Which provider vouches for a login method, and under which subject.

    Args:
        third_party_user_id: the user's id there, the *subject*: ``user_id`` from then on.
        third_party_id: the provider's id: ``id`` from then on.
    """

    user_id: str = attrs.field(alias="third_party_user_id")
    id: str = attrs.field(alias="third_party_id")

    @override
    def to_json(self) -> dict[str, JSON]:
        """Return it as frontends read it."""
        return {"id": self.id, "userId": self.user_id}

    @classmethod
    def from_json(cls, json: Mapping[str, Any]) -> Self:  # Any: JSON
        """Return what `to_json` wrote."""
        return cls(json["userId"], json["id"])


@attrs.frozen
class WebauthnInfo(FrozenValue):
    """The passkeys of a login method."""

    credential_ids: FrozenList[str] = attrs.field(converter=frozen_texts)

    @override
    def to_json(self) -> dict[str, JSON]:
        """Return them as frontends read them."""
        return {"credentialIds": [*self.credential_ids]}

    @classmethod
    def from_json(cls, json: Mapping[str, Any]) -> Self:  # Any: JSON
        """Return what `to_json` wrote."""
        return cls(json["credentialIds"])


@attrs.frozen
class WebauthnInfoInput(FrozenValue):
    """
    A passkey.

    .. versionadded:: 0.1.0
    """

    credential_id: str


@attrs.frozen
class AccountInfo(FrozenValue):
    """What a login method reaches or recognises its user by; what it does not have is None."""

    email: str | None = None
    phone_number: str | None = None
    third_party: ThirdPartyInfo | None = None
    webauthn: WebauthnInfo | None = None

    @override
    def to_json(self) -> dict[str, JSON]:
        """Return it as frontends read it. What is not has no key."""
        return account_json(self)


@attrs.frozen(kw_only=True)
class LoginMethod(FrozenValue):
    """
    One way for a user to sign in.

    Attributes:
        webauthn: the passkeys; None where it is no login method with passkeys.
        time_joined: milliseconds since the epoch.
    """

    recipe_id: RecipeId
    recipe_user_id: RecipeUserId
    tenant_ids: FrozenList[str] = attrs.field(converter=frozen_texts)
    email: str | None = None
    phone_number: str | None = None
    third_party: ThirdPartyInfo | None = None
    webauthn: WebauthnInfo | None = None
    time_joined: int
    verified: bool = False

    def has_same_email_as(self, email: str | None) -> bool:
        """Return whether this is the login method's address, compared as the store compares them."""
        if email is None or self.email is None:
            return False
        return normal_email(email) == normal_email(self.email)

    def has_same_phone_number_as(self, phone_number: str | None) -> bool:
        """Return whether this is the login method's number, whatever stands between the digits."""
        if phone_number is None or self.phone_number is None:
            return False
        return normal_phone_number(phone_number) == normal_phone_number(self.phone_number)

    def has_same_third_party_info_as(self, third_party: ThirdPartyInfo | None) -> bool:
        """Return whether the same provider vouches for the login method, under the same subject."""
        if third_party is None or self.third_party is None:
            return False
        wanted, own = third_party, self.third_party
        return (wanted.id.strip(), wanted.user_id.strip()) == (own.id.strip(), own.user_id.strip())

    def has_same_webauthn_info_as(self, webauthn: WebauthnInfoInput | None) -> bool:
        """Return whether the passkey is one of the login method's."""
        if webauthn is None or self.webauthn is None:
            return False
        return webauthn.credential_id in self.webauthn.credential_ids

    def account_info_to_json(self) -> dict[str, JSON]:
        """Return how the login method reaches or recognises its user, as frontends read it. What is not has no key."""
        return account_json(self)

    @override
    def to_json(self) -> dict[str, JSON]:
        """Return the login method as frontends read it."""
        return {
            "recipeId": self.recipe_id,
            "recipeUserId": self.recipe_user_id.get_as_string(),
            "tenantIds": [*self.tenant_ids],
            "timeJoined": self.time_joined,
            "verified": self.verified,
            **self.account_info_to_json(),
        }

    @classmethod
    def from_json(cls, json: Mapping[str, Any]) -> Self:  # Any: JSON
        """Return what `to_json` wrote."""
        third_party, webauthn = json.get("thirdParty"), json.get("webauthn")
        return cls(
            recipe_id=json["recipeId"],
            recipe_user_id=RecipeUserId(json["recipeUserId"]),
            tenant_ids=json["tenantIds"],
            email=json.get("email"),
            phone_number=json.get("phoneNumber"),
            third_party=None if third_party is None else ThirdPartyInfo.from_json(third_party),
            webauthn=None if webauthn is None else WebauthnInfo.from_json(webauthn),
            time_joined=json["timeJoined"],
            verified=json["verified"],
        )

    @classmethod
    def of_identity(
        cls,
        provider_id: str | None,
        subject: str | None,
        *,
        recipe_id: RecipeId,
        recipe_user_id: str,
        tenant_ids: Iterable[str],
        email: str | None,
        phone_number: str | None,
        credential_ids: Iterable[str] | None = None,
        verified: bool,
        time_joined: int,
    ) -> Self:
        """
        Return a login method for which a provider vouches as ``subject``; None: nobody does.

        ``credential_ids`` are its passkeys; None: it is no login method with passkeys.
        """
        return cls(
            recipe_id=recipe_id,
            recipe_user_id=RecipeUserId(recipe_user_id),
            tenant_ids=tenant_ids,
            email=email,
            phone_number=phone_number,
            third_party=None if provider_id is None or subject is None else ThirdPartyInfo(subject, provider_id),
            webauthn=None if credential_ids is None else WebauthnInfo(credential_ids),
            time_joined=time_joined,
            verified=verified,
        )


def account_json(account: AccountInfo | LoginMethod) -> dict[str, JSON]:
    """Return what a user is reached or recognised by. It is written with every sign-in, so by no loop over names."""
    found: dict[str, JSON] = {}
    if account.email is not None:
        found["email"] = account.email
    if account.phone_number is not None:
        found["phoneNumber"] = account.phone_number
    if account.third_party is not None:
        found["thirdParty"] = account.third_party.to_json()
    if account.webauthn is not None:
        found["webauthn"] = account.webauthn.to_json()
    return found
