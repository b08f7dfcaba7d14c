"""What the functions of the recipe are handed, and what they return."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, ClassVar, Literal, TypeAlias, TypeVar, cast

import attrs
from typing_extensions import override

from authweave.kernel import UserContext
from authweave.recipe.thirdparty import ProviderConfig
from authweave.types import JSON, BadInputError, FrozenValue, GeneralErrorResponse, JSONObject, Options, Result

from .store import NO_CHANGE, NoChange, TenantConfigChange

ContextT = TypeVar("ContextT")

Domains: TypeAlias = Sequence[str] | None
DomainsIn: TypeAlias = Callable[[str, ContextT], Awaitable[Domains] | Domains]
TypeGetAllowedDomainsForTenantId: TypeAlias = DomainsIn[UserContext] | DomainsIn[dict[str, Any]]  # Any: ContextArgument
"""Takes a tenant and the context; returns the domains of its pages, or None. It may be ``async``."""


@attrs.frozen
class TenantConfig(FrozenValue):
    """
    A tenant, as it is configured.

    Attributes:
        tenant_id: its id.
        third_party_providers: the providers of its own; where there are any, it has these and no others.
        core_config: what the application keeps there. Nothing here reads it.
        first_factors: with which first factors people may sign in, none for nobody. None: with all that the recipes
            offer.
        required_secondary_factors: which further ones they have to show; None: none.
    """

    tenant_id: str = ""
    third_party_providers: Sequence[ProviderConfig] = ()
    core_config: JSONObject = attrs.field(factory=dict[str, JSON], repr=False)
    first_factors: list[str] | None = None
    required_secondary_factors: list[str] | None = None

    @override
    def to_json(self) -> dict[str, JSON]:
        """Return it with the names of the documents. The secrets of its providers are in it."""
        return {
            "tenantId": self.tenant_id,
            "thirdPartyProviders": [each.to_json() for each in self.third_party_providers],
            "firstFactors": factors_to_json(self.first_factors),
            "requiredSecondaryFactors": factors_to_json(self.required_secondary_factors),
            "coreConfig": dict(self.core_config),
        }

    @staticmethod
    def from_json(json: JSONObject) -> TenantConfig:
        """
        Read what `to_json` returns. Lists that are missing are None.

        Raises:
            authweave.types.BadInputError: it is of another form.
            authweave.types.ConfigurationError: what is said of a provider is.
        """
        providers = json.get("thirdPartyProviders", [])
        if not isinstance(providers, list) or not all(isinstance(each, Mapping) for each in providers):
            raise BadInputError("thirdPartyProviders is no list of objects.")
        tenant_id = json.get("tenantId", "")
        if not isinstance(tenant_id, str):
            raise BadInputError("tenantId is no text.")
        return TenantConfig(
            tenant_id,
            [ProviderConfig.from_json(cast("JSONObject", each)) for each in providers],  # they are objects
            core_config_in(json),
            factors_in_json(json, "firstFactors"),
            factors_in_json(json, "requiredSecondaryFactors"),
        )


@attrs.frozen
class TenantConfigCreateOrUpdate(Options):
    """
    How a tenant is to be configured.

    Args:
        core_config: is merged into what there is; a key that is None is taken away. Nothing here reads it.
        first_factors: with which first factors people may sign in: ``["NO_CHANGE"]``, as by default, leaves them as
            they are, None allows all that the recipes offer, and an empty list allows none, so that nobody signs in.
        required_secondary_factors: which further factors they have to show, likewise.
    """

    core_config: JSONObject = attrs.field(factory=dict[str, JSON], repr=False)
    first_factors: Sequence[str] | None = (NO_CHANGE,)
    required_secondary_factors: Sequence[str] | None = (NO_CHANGE,)

    def is_first_factors_unchanged(self) -> bool:
        """Return whether the first factors stay as they are."""
        return is_unchanged(self.first_factors)

    def is_required_secondary_factors_unchanged(self) -> bool:
        """Return whether the required secondary factors stay as they are."""
        return is_unchanged(self.required_secondary_factors)

    def get_first_factors_for_update(self) -> Sequence[str] | None:
        """
        Return the new first factors.

        Raises:
            authweave.types.BadInputError: they stay as they are: ask `is_first_factors_unchanged` before.
        """
        return for_update(self.first_factors, "first_factors")

    def get_required_secondary_factors_for_update(self) -> Sequence[str] | None:
        """
        Return the new required secondary factors.

        Raises:
            authweave.types.BadInputError: they stay as they are: ask `is_required_secondary_factors_unchanged` before.
        """
        return for_update(self.required_secondary_factors, "required_secondary_factors")

    def to_change(self) -> TenantConfigChange:
        """Return what it changes in a store."""
        return TenantConfigChange(
            first_factors=NO_CHANGE if self.is_first_factors_unchanged() else self.first_factors,
            required_secondary_factors=(
                NO_CHANGE if self.is_required_secondary_factors_unchanged() else self.required_secondary_factors
            ),
            core_config=self.core_config,
        )

    @staticmethod
    def from_json(json: JSONObject) -> TenantConfigCreateOrUpdate:
        """
        Read it by the names of the documents. Lists that are missing stay as they are.

        Raises:
            authweave.types.BadInputError: it is of another form.
        """
        unchanged: list[str] = [NO_CHANGE]
        first, required = "firstFactors", "requiredSecondaryFactors"
        return TenantConfigCreateOrUpdate(
            core_config_in(json),
            factors_in_json(json, first) if first in json else unchanged,
            factors_in_json(json, required) if required in json else unchanged,
        )


def is_unchanged(factors: Sequence[str] | NoChange | None) -> bool:
    """Return whether a list of factors stands for what is there."""
    return not isinstance(factors, str) and factors is not None and list(factors) == [NO_CHANGE]


def for_update(factors: Sequence[str] | None, name: str) -> Sequence[str] | None:
    """Return a list of factors that is new."""
    if is_unchanged(factors):
        raise BadInputError(f"{name} stays as it is: ask is_{name}_unchanged() before.")
    return factors


def factors_to_json(factors: Sequence[str] | None) -> JSON:
    """Write a list of factors."""
    return None if factors is None else list[JSON](factors)


def factors_in_json(json: JSONObject, name: str) -> list[str] | None:
    """Read a list of factors."""
    value = json.get(name)
    if value is None:
        return None
    texts = [each for each in value if isinstance(each, str)] if isinstance(value, list) else None
    if texts is None or not isinstance(value, list) or len(texts) < len(value):
        raise BadInputError(f"{name} is no list of texts.")
    return texts


def core_config_in(json: JSONObject) -> JSONObject:
    """Read what an application keeps with a tenant."""
    value = json.get("coreConfig", {})
    if not isinstance(value, Mapping):
        raise BadInputError("coreConfig is no object.")
    return value


@attrs.frozen
class CreateOrUpdateTenantOkResult(Result):
    """
    The tenant is there, and is configured as was asked.

    Attributes:
        created_new: whether there was no such tenant before.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    created_new: bool


@attrs.frozen
class DeleteTenantOkResult(Result):
    """
    There is no such tenant any more. Its users are there still.

    Attributes:
        did_exist: whether there was one before.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    did_exist: bool


@attrs.frozen
class ListAllTenantsOkResult(Result):
    """
    All tenants.

    Attributes:
        tenants: by their ids.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    tenants: list[TenantConfig]


@attrs.frozen
class CreateOrUpdateThirdPartyConfigOkResult(Result):
    """
    The tenant has the provider.

    Attributes:
        created_new: whether it did not have it before.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    created_new: bool


@attrs.frozen
class DeleteThirdPartyConfigOkResult(Result):
    """
    The tenant does not have the provider of its own any more.

    Attributes:
        did_config_exist: whether it had it before.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    did_config_exist: bool


@attrs.frozen
class AssociateUserToTenantOkResult(Result):
    """
    The login method is in the tenant.

    Attributes:
        was_already_associated: whether it was before.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    was_already_associated: bool


@attrs.frozen
class AssociateUserToTenantUnknownUserIdError(Result):
    """There is no such login method."""

    status: ClassVar[Literal["UNKNOWN_USER_ID_ERROR"]] = "UNKNOWN_USER_ID_ERROR"


@attrs.frozen
class AssociateUserToTenantEmailAlreadyExistsError(Result):
    """Another login method of the same recipe has the address in the tenant. Nothing was changed."""

    status: ClassVar[Literal["EMAIL_ALREADY_EXISTS_ERROR"]] = "EMAIL_ALREADY_EXISTS_ERROR"


@attrs.frozen
class AssociateUserToTenantPhoneNumberAlreadyExistsError(Result):
    """Another login method of the same recipe has the phone number in the tenant. Nothing was changed."""

    status: ClassVar[Literal["PHONE_NUMBER_ALREADY_EXISTS_ERROR"]] = "PHONE_NUMBER_ALREADY_EXISTS_ERROR"


@attrs.frozen
class AssociateUserToTenantThirdPartyUserAlreadyExistsError(Result):
    """Another login method is that of the provider's user in the tenant. Nothing was changed."""

    status: ClassVar[Literal["THIRD_PARTY_USER_ALREADY_EXISTS_ERROR"]] = "THIRD_PARTY_USER_ALREADY_EXISTS_ERROR"


@attrs.frozen
class AssociateUserToTenantNotAllowedError(Result):
    """
    Another primary user has, in the tenant, what the user has. Nothing was changed.

    Attributes:
        reason: what it is.
    """

    status: ClassVar[Literal["ASSOCIATION_NOT_ALLOWED_ERROR"]] = "ASSOCIATION_NOT_ALLOWED_ERROR"

    reason: str


@attrs.frozen
class DisassociateUserFromTenantOkResult(Result):
    """
    The login method is not in the tenant.

    Attributes:
        was_associated: whether it was before.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    was_associated: bool


@attrs.frozen
class ThirdPartyProvider(FrozenValue):
    """A provider, as pages show it."""

    id: str
    name: str | None


@attrs.frozen
class LoginMethodEmailPassword(FrozenValue):
    """Whether people sign in with a password."""

    enabled: bool


@attrs.frozen
class LoginMethodPasswordless(FrozenValue):
    """Whether people sign in with a code or a link."""

    enabled: bool


@attrs.frozen
class LoginMethodWebauthn(FrozenValue):
    """Whether people sign in with a passkey."""

    enabled: bool


@attrs.frozen
class LoginMethodThirdParty(FrozenValue):
    """Whether people sign in with a provider, and which there are."""

    enabled: bool
    providers: list[ThirdPartyProvider]


@attrs.frozen
class LoginMethodsGetOkResult(Result):
    """
    How people of a tenant sign in.

    Attributes:
        first_factors: the ids of the factors with which they may.
        others: the methods of recipes of others, by the names that their pages read.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    email_password: LoginMethodEmailPassword
    passwordless: LoginMethodPasswordless
    third_party: LoginMethodThirdParty
    webauthn: LoginMethodWebauthn
    first_factors: list[str]
    others: JSONObject = attrs.field(factory=dict[str, JSON], kw_only=True)

    @override
    def to_json(self) -> dict[str, JSON]:
        """Return the body of the answer."""
        return {
            "status": self.status,
            "emailPassword": self.email_password.to_json(),
            "passwordless": self.passwordless.to_json(),
            "thirdParty": self.third_party.to_json(),
            "webauthn": self.webauthn.to_json(),
            **self.others,
            "firstFactors": list[JSON](self.first_factors),
        }


AssociateUserToTenantResult: TypeAlias = (
    AssociateUserToTenantOkResult
    | AssociateUserToTenantUnknownUserIdError
    | AssociateUserToTenantEmailAlreadyExistsError
    | AssociateUserToTenantPhoneNumberAlreadyExistsError
    | AssociateUserToTenantThirdPartyUserAlreadyExistsError
    | AssociateUserToTenantNotAllowedError
)
LoginMethodsGetResult: TypeAlias = LoginMethodsGetOkResult | GeneralErrorResponse
