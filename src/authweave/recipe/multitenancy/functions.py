"""The functions of the multitenancy recipe, as they are without overrides."""

from __future__ import annotations

from typing_extensions import override

from authweave.extending import Services
from authweave.kernel import UserContext, overridable
from authweave.recipe.thirdparty import ProviderConfig, ThirdPartyRecipe
from authweave.storage import AccountTaken, ContactTaken, Member
from authweave.types import BadInputError, RecipeUserId, User

from .constants import RECIPE_ID
from .interfaces import ContextT_contra, RecipeInterface
from .names import new_tenant_id, written_tenant_id
from .store import TENANT_CONFIGS, StoredTenantConfig, TenantConfigChange, TenantConfigStore
from .types import (
    AssociateUserToTenantEmailAlreadyExistsError,
    AssociateUserToTenantNotAllowedError,
    AssociateUserToTenantOkResult,
    AssociateUserToTenantPhoneNumberAlreadyExistsError,
    AssociateUserToTenantResult,
    AssociateUserToTenantThirdPartyUserAlreadyExistsError,
    AssociateUserToTenantUnknownUserIdError,
    CreateOrUpdateTenantOkResult,
    CreateOrUpdateThirdPartyConfigOkResult,
    DeleteTenantOkResult,
    DeleteThirdPartyConfigOkResult,
    DisassociateUserFromTenantOkResult,
    ListAllTenantsOkResult,
    TenantConfig,
    TenantConfigCreateOrUpdate,
)


class RecipeImplementation(RecipeInterface[ContextT_contra]):
    """
    The functions without overrides. A tenant is found in whatever case its id is written.

    Each tells what it changed as ``tenants_changed``.
    """

    def __init__(self, services: Services) -> None:
        self.services = services
        self.store: TenantConfigStore = services.storage.part(TENANT_CONFIGS)

    @overridable
    @override
    async def get_tenant_id(self, tenant_id_from_frontend: str, user_context: ContextT_contra) -> str:
        return tenant_id_from_frontend

    @overridable
    @override
    async def create_or_update_tenant(
        self, tenant_id: str, config: TenantConfigCreateOrUpdate | None, user_context: ContextT_contra
    ) -> CreateOrUpdateTenantOkResult:
        change = TenantConfigChange() if config is None else config.to_change()
        found, created_new = await self.services.off_loop(self.create_or_update, written_tenant_id(tenant_id), change)
        if created_new or change != TenantConfigChange():
            self.tell("created" if created_new else "changed", found, user_context)
        return CreateOrUpdateTenantOkResult(created_new)

    @overridable
    @override
    async def delete_tenant(self, tenant_id: str, user_context: ContextT_contra) -> DeleteTenantOkResult:
        found = await self.services.off_loop(self.delete, written_tenant_id(tenant_id))
        if found is not None:
            self.tell("deleted", found, user_context)
        return DeleteTenantOkResult(found is not None)

    @overridable
    @override
    async def get_tenant(self, tenant_id: str, user_context: ContextT_contra) -> TenantConfig | None:
        return await self.services.off_loop(self.read, written_tenant_id(tenant_id))

    @overridable
    @override
    async def list_all_tenants(self, user_context: ContextT_contra) -> ListAllTenantsOkResult:
        return ListAllTenantsOkResult(await self.services.off_loop(self.read_all))

    @overridable
    @override
    async def create_or_update_third_party_config(
        self, tenant_id: str, config: ProviderConfig, skip_validation: bool | None, user_context: ContextT_contra
    ) -> CreateOrUpdateThirdPartyConfigOkResult:
        providers = self.services.recipe(ThirdPartyRecipe).tenants
        found = await self.services.off_loop(self.existing, tenant_id)
        is_new = await providers.keep(found, config, skip_validation=skip_validation is True)
        self.tell("provider_set", found, user_context, third_party_id=config.third_party_id)
        return CreateOrUpdateThirdPartyConfigOkResult(is_new)

    @overridable
    @override
    async def delete_third_party_config(
        self, tenant_id: str, third_party_id: str, user_context: ContextT_contra
    ) -> DeleteThirdPartyConfigOkResult:
        providers = self.services.recipe(ThirdPartyRecipe).tenants
        found = await self.services.off_loop(self.find, written_tenant_id(tenant_id))
        if found is None or not await providers.remove(found, third_party_id):
            return DeleteThirdPartyConfigOkResult(did_config_exist=False)
        self.tell("provider_removed", found, user_context, third_party_id=third_party_id)
        return DeleteThirdPartyConfigOkResult(did_config_exist=True)

    @overridable
    @override
    async def associate_user_to_tenant(
        self, tenant_id: str, recipe_user_id: RecipeUserId, user_context: ContextT_contra
    ) -> AssociateUserToTenantResult:
        found = await self.services.off_loop(self.existing, tenant_id)
        result, user_id = await self.services.off_loop(self.associate, found, recipe_user_id.get_as_string())
        if user_id is not None:
            self.tell("added", found, user_context, user_id)
        return result

    @overridable
    @override
    async def disassociate_user_from_tenant(
        self, tenant_id: str, recipe_user_id: RecipeUserId, user_context: ContextT_contra
    ) -> DisassociateUserFromTenantOkResult:
        found = await self.services.off_loop(self.find, written_tenant_id(tenant_id))
        login_id = recipe_user_id.get_as_string()
        if found is None or not await self.services.off_loop(self.services.storage.remove_from_tenant, login_id, found):
            return DisassociateUserFromTenantOkResult(was_associated=False)
        user = await self.services.off_loop(self.services.storage.find_user, login_id)
        self.tell("removed", found, user_context, None if user is None else user.id)
        return DisassociateUserFromTenantOkResult(was_associated=True)

    def find(self, tenant_id: str) -> str | None:
        """Return the id of a tenant as it was made. Blocks."""
        return self.services.storage.find_tenant(tenant_id)

    def existing(self, tenant_id: str) -> str:
        """
        Return the same of one that has to be there. Blocks.

        Raises:
            authweave.types.BadInputError: there is none.
        """
        if (found := self.find(written_tenant_id(tenant_id))) is not None:
            return found
        raise BadInputError(f"There is no tenant {tenant_id!r}: create it first, by create_or_update_tenant.")

    def create_or_update(self, tenant_id: str, change: TenantConfigChange) -> tuple[str, bool]:
        """
        Make a tenant unless it is there, and change how it is configured, or nothing of both. Blocks.

        Returns:
            Its id, and whether it is new.
        """
        storage = self.services.storage

        def work() -> tuple[str, bool]:
            created_new = self.find(tenant_id) is None and storage.create_tenant(new_tenant_id(tenant_id))
            found = self.existing(tenant_id)
            self.store.change_tenant_config(found, change)
            return found, created_new

        return storage.transact(work)

    def delete(self, tenant_id: str) -> str | None:
        """Delete a tenant. Blocks. Returns its id; None where there was none."""
        found = self.find(tenant_id)
        return found if found is not None and self.services.storage.delete_tenant(found) else None

    def read(self, tenant_id: str) -> TenantConfig | None:
        """Return a tenant, or None. Blocks."""
        found = self.find(tenant_id)
        return None if found is None else self.config_of(found, self.store.tenant_config(found))

    def read_all(self) -> list[TenantConfig]:
        """Return all tenants, by their ids. Blocks."""
        kept = self.store.tenant_configs()
        return [
            self.config_of(tenant_id, kept.get(tenant_id, StoredTenantConfig()))
            for tenant_id in self.services.storage.tenant_ids()
        ]

    def config_of(self, tenant_id: str, stored: StoredTenantConfig) -> TenantConfig:
        """Return a tenant with its providers, where the application has the recipe of providers. Blocks."""
        third_party = self.services.built.find(ThirdPartyRecipe)
        return TenantConfig(
            tenant_id,
            [] if third_party is None else list(third_party.tenants.read(tenant_id)),
            stored.core_config,
            None if stored.first_factors is None else list(stored.first_factors),
            None if stored.required_secondary_factors is None else list(stored.required_secondary_factors),
        )

    def associate(self, tenant_id: str, recipe_user_id: str) -> tuple[AssociateUserToTenantResult, str | None]:
        """Put a login method into a tenant. Blocks. Returns what came of it, and whose it is if it is new there."""
        match self.services.storage.add_to_tenant(recipe_user_id, tenant_id):
            case None:
                return AssociateUserToTenantUnknownUserIdError(), None
            case Member(user, is_new):
                return AssociateUserToTenantOkResult(was_already_associated=not is_new), user.id if is_new else None
            case ContactTaken("email"):
                return AssociateUserToTenantEmailAlreadyExistsError(), None
            case ContactTaken("phone_number"):
                return AssociateUserToTenantPhoneNumberAlreadyExistsError(), None
            case ContactTaken():
                return AssociateUserToTenantThirdPartyUserAlreadyExistsError(), None
            case AccountTaken(other):
                return AssociateUserToTenantNotAllowedError(self.reason(recipe_user_id, other)), None

    def reason(self, recipe_user_id: str, other: User) -> str:
        """Say what a user has that another primary user of the tenant has too, in SuperTokens's words. Blocks."""
        user = self.services.storage.find_user(recipe_user_id)
        emails = () if user is None else set(user.emails).intersection(other.emails)
        what = "email" if emails else "phone number"
        return f"This user's {what} is already associated with another user ID"

    def tell(
        self, change: str, tenant_id: str, user_context: UserContext, user_id: str | None = None, **details: str
    ) -> None:
        """Tell that a user is in a tenant, or is no more, or (of no user) that the tenant is another."""
        self.services.events.emit(
            "tenants_changed",
            RECIPE_ID,
            user_context,
            user_id=user_id,
            tenant_id=tenant_id,
            change=change,
            **details,
        )
