"""Users and the login methods that they have."""

from __future__ import annotations

import json
from typing import Any, Self, TypeAlias, TypeVar

import attrs

from ._json import JSON, JSONObject

T = TypeVar("T")

RecipeId: TypeAlias = str
"""The id of the recipe that a login method is of."""


@attrs.frozen
class RecipeUserId:
    """The id of one login method of a user. Equal to the user's id where nothing is linked."""

    recipe_user_id: str

    def get_as_string(self) -> str:
        """Return the id as a plain string."""
        return self.recipe_user_id


def convert_to_recipe_user_id(user_id: str) -> RecipeUserId:
    """Return the id of a login method, of its text."""
    return RecipeUserId(user_id)


@attrs.frozen
class ThirdPartyInfo:
    """Which provider vouches for a login method, and under which subject."""

    id: str
    user_id: str


@attrs.frozen(kw_only=True)
class LoginMethod:
    """
    One way for a user to sign in.

    Attributes:
        time_joined: milliseconds since the epoch.
    """

    recipe_id: RecipeId
    recipe_user_id: RecipeUserId
    tenant_ids: tuple[str, ...]
    email: str | None = None
    phone_number: str | None = None
    third_party: ThirdPartyInfo | None = None
    time_joined: int
    verified: bool = False

    def account_info_to_json(self) -> dict[str, JSON]:
        """Return how the login method reaches or recognises its user, as frontends read it. What is not has no key."""
        found: dict[str, JSON] = {}
        if self.email is not None:
            found["email"] = self.email
        if self.phone_number is not None:
            found["phoneNumber"] = self.phone_number
        if self.third_party is not None:
            found["thirdParty"] = {"id": self.third_party.id, "userId": self.third_party.user_id}
        return found

    def to_json(self) -> JSONObject:
        """Return the login method as frontends read it."""
        return {
            "recipeId": self.recipe_id,
            "recipeUserId": self.recipe_user_id.get_as_string(),
            "tenantIds": self.tenant_ids,
            "timeJoined": self.time_joined,
            "verified": self.verified,
            **self.account_info_to_json(),
        }

    @classmethod
    def of_identity(
        cls,
        provider_id: str | None,
        subject: str | None,
        *,
        recipe_id: RecipeId,
        recipe_user_id: str,
        tenant_id: str,
        email: str | None,
        phone_number: str | None,
        verified: bool,
        time_joined: int,
    ) -> Self:
        """Return a login method of one tenant, for which a provider vouches as ``subject``; None: nobody does."""
        return cls(
            recipe_id=recipe_id,
            recipe_user_id=RecipeUserId(recipe_user_id),
            tenant_ids=(tenant_id,),
            email=email,
            phone_number=phone_number,
            third_party=None if provider_id is None or subject is None else ThirdPartyInfo(provider_id, subject),
            time_joined=time_joined,
            verified=verified,
        )


@attrs.frozen(kw_only=True)
class User:
    """
    A user, whole: an id and the login methods that belong to it.

    Attributes:
        id: as APIs show it: the external id where the user has one (`create_user_id_mapping`).
        time_joined: milliseconds since the epoch; that of the oldest login method.
        disabled: whether an administrator has disabled the user: there is no signing in, and no session.
    """

    id: str
    is_primary_user: bool = False
    login_methods: tuple[LoginMethod, ...]
    time_joined: int
    disabled: bool = False

    @property
    def tenant_ids(self) -> tuple[str, ...]:
        """The tenants that the user belongs to, without repetition."""
        return tuple(dict.fromkeys(tenant for method in self.login_methods for tenant in method.tenant_ids))

    @property
    def emails(self) -> tuple[str, ...]:
        """The addresses of all login methods, without repetition."""
        return tuple(dict.fromkeys(method.email for method in self.login_methods if method.email is not None))

    @property
    def phone_numbers(self) -> tuple[str, ...]:
        """The phone numbers of all login methods, without repetition."""
        numbers = (method.phone_number for method in self.login_methods if method.phone_number is not None)
        return tuple(dict.fromkeys(numbers))

    @property
    def third_party(self) -> tuple[ThirdPartyInfo, ...]:
        """The provider identities of all login methods, without repetition."""
        infos = (method.third_party for method in self.login_methods if method.third_party is not None)
        return tuple(dict.fromkeys(infos))

    def to_json(self) -> JSONObject:
        """Return the user with all login methods, as frontends read it."""
        return {
            "id": self.id,
            "isPrimaryUser": self.is_primary_user,
            "tenantIds": self.tenant_ids,
            "emails": self.emails,
            "phoneNumbers": self.phone_numbers,
            "thirdParty": [{"id": each.id, "userId": each.user_id} for each in self.third_party],
            "webauthn": {"credentialIds": ()},
            "timeJoined": self.time_joined,
            "loginMethods": [method.to_json() for method in self.login_methods],
        }


def kept_user(user: User) -> bytes:
    """Return a user as JSON: all attributes, under their own names."""
    return json.dumps(attrs.asdict(user), ensure_ascii=False, separators=(",", ":")).encode()


def user_of_kept(kept: bytes) -> User:
    """
    Return the user that was kept. What another release knows of it beside is left out.

    Raises:
        ValueError: it is none.
    """
    try:
        found: dict[str, Any] = json.loads(kept)  # Any: JSON
        methods = tuple(login_method_of(each) for each in found["login_methods"])
        return made_of(User, {**found, "login_methods": methods})
    except (KeyError, TypeError) as error:
        message = "This is no user as this release keeps them."
        raise ValueError(message) from error


def login_method_of(found: dict[str, Any]) -> LoginMethod:  # Any: as above
    """Return a login method that was kept."""
    third_party = found["third_party"]
    return made_of(
        LoginMethod,
        {
            **found,
            "recipe_user_id": RecipeUserId(**found["recipe_user_id"]),
            "tenant_ids": tuple(found["tenant_ids"]),
            "third_party": None if third_party is None else ThirdPartyInfo(**third_party),
        },
    )


def made_of(cls: type[T], values: dict[str, Any]) -> T:  # Any: as above
    """Make a value of those of its attributes that there are."""
    known = {each.name for each in attrs.fields(cls)}  # type: ignore[arg-type]  # an attrs class
    return cls(**{name: value for name, value in values.items() if name in known})
