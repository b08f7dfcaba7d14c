"""Roles and metadata, for programs with a key: as far as the application has the recipes."""

from __future__ import annotations

from typing import Final

import attrs

from authweave.extending import Services
from authweave.http import TEXT, Exchange, array_of, status_schema
from authweave.recipe.usermetadata import UserMetadataRecipe
from authweave.recipe.userroles import UserRolesRecipe
from authweave.recipe.userroles.types import UnknownRoleError
from authweave.types import BadInputError, JSONObject

from .inputs import NAME, NAMES, json_object, text, texts
from .operation import Operation, Sent
from .sessions import BOOLEAN, OBJECT

TEXTS: Final = array_of(TEXT)
UNKNOWN_ROLE: Final = status_schema("ApiUnknownRole", "UNKNOWN_ROLE_ERROR", "There is no such role.")
NO_ROLE: Final[JSONObject] = {"status": "UNKNOWN_ROLE_ERROR"}


@attrs.frozen
class RolesApi:
    """
    Roles, what they permit, and who has them in a tenant.

    Attributes:
        services: of the application.
    """

    services: Services

    @property
    def recipe(self) -> UserRolesRecipe:
        """The recipe."""
        return self.services.recipe(UserRolesRecipe)

    def operations(self) -> tuple[Operation, ...]:
        """Return what can be done."""
        role, both = {"role": NAME}, {"role": NAME, "permissions": NAMES}
        of_user = {"userId": NAME, "role": NAME}
        roles = status_schema("ApiRoles", "OK", roles=TEXTS)
        return (
            Operation("get", "/roles", "List roles", self.list, {}, (), (roles,)),
            Operation(
                "post",
                "/role/create",
                "Make sure that there is a role, and that it permits something",
                self.create,
                both,
                ("permissions",),
                (status_schema("ApiRoleCreated", "OK", createdNewRole=BOOLEAN),),
            ),
            Operation(
                "post",
                "/role/delete",
                "Delete a role, and take it from everybody",
                self.delete,
                role,
                (),
                (status_schema("ApiRoleDeleted", "OK", didRoleExist=BOOLEAN),),
            ),
            Operation(
                "get",
                "/role/permissions",
                "Say what a role permits",
                self.permissions,
                role,
                (),
                (status_schema("ApiPermissions", "OK", permissions=TEXTS), UNKNOWN_ROLE),
            ),
            Operation(
                "post",
                "/role/permissions/remove",
                "Take permissions from a role",
                self.remove_permissions,
                both,
                (),
                (status_schema("ApiPermissionsRemoved", "OK"), UNKNOWN_ROLE),
            ),
            Operation(
                "get",
                "/role/users",
                "List who has a role",
                self.users,
                role,
                (),
                (status_schema("ApiRoleUsers", "OK", users=TEXTS), UNKNOWN_ROLE),
            ),
            Operation("get", "/user/roles", "List the roles of a user", self.of_user, {"userId": NAME}, (), (roles,)),
            Operation(
                "post",
                "/user/roles/add",
                "Give a user a role",
                self.add,
                of_user,
                (),
                (status_schema("ApiRoleAdded", "OK", didUserAlreadyHaveRole=BOOLEAN), UNKNOWN_ROLE),
            ),
            Operation(
                "post",
                "/user/roles/remove",
                "Take a role from a user",
                self.remove,
                of_user,
                (),
                (status_schema("ApiRoleRemoved", "OK", didUserHaveRole=BOOLEAN), UNKNOWN_ROLE),
            ),
        )

    async def list(self, sent: Sent, exchange: Exchange) -> JSONObject:
        """List roles."""
        del sent
        return {"status": "OK", "roles": (await self.recipe.functions.get_all_roles(exchange.user_context)).roles}

    async def create(self, sent: Sent, exchange: Exchange) -> JSONObject:
        """Create a role, or let it permit more."""
        permissions = texts(sent, "permissions") if "permissions" in sent else []
        made = await self.recipe.functions.create_new_role_or_add_permissions(
            text(sent, "role"), permissions, exchange.user_context
        )
        return {"status": "OK", "createdNewRole": made.created_new_role}

    async def delete(self, sent: Sent, exchange: Exchange) -> JSONObject:
        """Delete a role."""
        deleted = await self.recipe.functions.delete_role(text(sent, "role"), exchange.user_context)
        return {"status": "OK", "didRoleExist": deleted.did_role_exist}

    async def permissions(self, sent: Sent, exchange: Exchange) -> JSONObject:
        """Say what a role permits."""
        found = await self.recipe.functions.get_permissions_for_role(text(sent, "role"), exchange.user_context)
        return NO_ROLE if isinstance(found, UnknownRoleError) else {"status": "OK", "permissions": found.permissions}

    async def remove_permissions(self, sent: Sent, exchange: Exchange) -> JSONObject:
        """Take permissions from a role."""
        result = await self.recipe.functions.remove_permissions_from_role(
            text(sent, "role"), texts(sent, "permissions"), exchange.user_context
        )
        return NO_ROLE if isinstance(result, UnknownRoleError) else {"status": "OK"}

    async def users(self, sent: Sent, exchange: Exchange) -> JSONObject:
        """List who has a role."""
        found = await self.recipe.functions.get_users_that_have_role(
            text(sent, "role"), exchange.tenant_id, exchange.user_context
        )
        return NO_ROLE if isinstance(found, UnknownRoleError) else {"status": "OK", "users": found.users}

    async def of_user(self, sent: Sent, exchange: Exchange) -> JSONObject:
        """List the roles of a user."""
        found = await self.recipe.functions.get_roles_for_user(
            text(sent, "userId"), exchange.tenant_id, exchange.user_context
        )
        return {"status": "OK", "roles": found.roles}

    async def add(self, sent: Sent, exchange: Exchange) -> JSONObject:
        """Give a user a role."""
        result = await self.recipe.functions.add_role_to_user(
            text(sent, "userId"), text(sent, "role"), exchange.tenant_id, exchange.user_context
        )
        if isinstance(result, UnknownRoleError):
            return NO_ROLE
        return {"status": "OK", "didUserAlreadyHaveRole": result.did_user_already_have_role}

    async def remove(self, sent: Sent, exchange: Exchange) -> JSONObject:
        """Take a role from a user."""
        result = await self.recipe.functions.remove_user_role(
            text(sent, "userId"), text(sent, "role"), exchange.tenant_id, exchange.user_context
        )
        if isinstance(result, UnknownRoleError):
            return NO_ROLE
        return {"status": "OK", "didUserHaveRole": result.did_user_have_role}


@attrs.frozen
class MetadataApi:
    """
    JSON that is kept with a user.

    Attributes:
        services: of the application.
    """

    services: Services

    @property
    def recipe(self) -> UserMetadataRecipe:
        """The recipe."""
        return self.services.recipe(UserMetadataRecipe)

    def operations(self) -> tuple[Operation, ...]:
        """Return what can be done."""
        user, metadata = {"userId": NAME}, status_schema("ApiMetadata", "OK", metadata=OBJECT)
        update = {"userId": NAME, "metadata": OBJECT}
        cleared = status_schema("ApiMetadataCleared", "OK")
        return (
            Operation("get", "/user/metadata", "Get what is kept with a user", self.get, user, (), (metadata,)),
            Operation(
                "post", "/user/metadata", "Merge into what is kept with a user", self.update, update, (), (metadata,)
            ),
            Operation(
                "post", "/user/metadata/clear", "Delete what is kept with a user", self.clear, user, (), (cleared,)
            ),
        )

    async def get(self, sent: Sent, exchange: Exchange) -> JSONObject:
        """Get it."""
        found = await self.recipe.functions.get_user_metadata(text(sent, "userId"), exchange.user_context)
        return {"status": "OK", "metadata": found.metadata}

    async def update(self, sent: Sent, exchange: Exchange) -> JSONObject:
        """
        Merge into it: each key at the top replaces what there was under it, and null removes it.

        Raises:
            BadInputError: there is nothing to merge.
        """
        update = json_object(sent, "metadata")
        if update is None:
            raise BadInputError("metadata has to be an object.")
        result = await self.recipe.functions.update_user_metadata(text(sent, "userId"), update, exchange.user_context)
        return {"status": "OK", "metadata": result.metadata}

    async def clear(self, sent: Sent, exchange: Exchange) -> JSONObject:
        """Delete it."""
        await self.recipe.functions.clear_user_metadata(text(sent, "userId"), exchange.user_context)
        return {"status": "OK"}
