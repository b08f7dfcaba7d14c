"""Users and the login methods that they have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self

import attrs
from typing_extensions import override

from ._accounts import LoginMethod, ThirdPartyInfo, WebauthnInfo
from ._frozen import FrozenList, FrozenValue
from ._json import JSON


def frozen_methods(methods: Iterable[LoginMethod]) -> FrozenList[LoginMethod]:
    """Return login methods as a list that does not change."""
    return FrozenList(methods)


@attrs.frozen(kw_only=True)
class User(FrozenValue):
    """
    A user, whole: an id and the login methods that belong to it.

    Attributes:
        id: as APIs show it: the external id where the user has one (`create_user_id_mapping`).
        time_joined: milliseconds since the epoch; that of the oldest login method.
        disabled: whether an administrator has disabled the user: there is no signing in, and no session.
    """

    id: str
    is_primary_user: bool = False
    login_methods: FrozenList[LoginMethod] = attrs.field(converter=frozen_methods)
    time_joined: int
    disabled: bool = False

    @property
    def tenant_ids(self) -> FrozenList[str]:
        """The tenants that the user belongs to, without repetition."""
        return FrozenList(dict.fromkeys([tenant for method in self.login_methods for tenant in method.tenant_ids]))

    @property
    def emails(self) -> FrozenList[str]:
        """The addresses of all login methods, without repetition."""
        return FrozenList(dict.fromkeys([method.email for method in self.login_methods if method.email is not None]))

    @property
    def phone_numbers(self) -> FrozenList[str]:
        """The phone numbers of all login methods, without repetition."""
        numbers = [method.phone_number for method in self.login_methods if method.phone_number is not None]
        return FrozenList(dict.fromkeys(numbers))

    @property
    def third_party(self) -> FrozenList[ThirdPartyInfo]:
        """The provider identities of all login methods, without repetition."""
        infos = [method.third_party for method in self.login_methods if method.third_party is not None]
        return FrozenList(dict.fromkeys(infos))

    @property
    def webauthn(self) -> WebauthnInfo:
        """The passkeys of all login methods."""
        return WebauthnInfo(
            [each for method in self.login_methods if method.webauthn for each in method.webauthn.credential_ids]
        )

    @override
    def to_json(self) -> dict[str, JSON]:
        """Return the user with all login methods, as frontends read it."""
        return {
            "id": self.id,
            "isPrimaryUser": self.is_primary_user,
            "tenantIds": [*self.tenant_ids],
            "emails": [*self.emails],
            "phoneNumbers": [*self.phone_numbers],
            "thirdParty": [each.to_json() for each in self.third_party],
            "webauthn": self.webauthn.to_json(),
            "loginMethods": [method.to_json() for method in self.login_methods],
            "timeJoined": self.time_joined,
        }

    @classmethod
    def from_json(cls, json: Mapping[str, Any]) -> Self:  # Any: JSON
        """Return what `to_json` wrote."""
        return cls(
            id=json["id"],
            is_primary_user=json["isPrimaryUser"],
            login_methods=[LoginMethod.from_json(each) for each in json["loginMethods"]],
            time_joined=json["timeJoined"],
        )
