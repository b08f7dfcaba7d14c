"""Roles and metadata: functions, overridden in every style, claims and their validators, and the functions' results."""

from collections.abc import Sequence
from typing import Any, assert_never, assert_type

from authweave import InputAppInfo, UserContext, init, override
from authweave.recipe import session, usermetadata, userroles
from authweave.recipe.session import SessionClaimValidator
from authweave.recipe.session.interfaces import SessionContainer
from authweave.recipe.usermetadata import MetadataResult, UpdateUserMetadata
from authweave.recipe.usermetadata import asyncio as metadata
from authweave.recipe.usermetadata import syncio as blocking_metadata
from authweave.recipe.userroles import (
    AddRoleToUser,
    AddRoleToUserOkResult,
    AddRoleToUserResult,
    GetPermissionsForRoleOkResult,
    GetRolesForUserOkResult,
    PermissionClaim,
    UnknownRoleError,
    UserRoleClaim,
)
from authweave.recipe.userroles import asyncio as functions
from authweave.recipe.userroles import syncio as blocking
from authweave.recipe.userroles.interfaces import RecipeInterface
from authweave.recipe.userroles.signatures import GetRolesForUser as GetRolesForUserFunction


class AppContext(UserContext, total=False):
    was_promoted: bool


APP_INFO = InputAppInfo(app_name="Typed", api_domain="http://localhost:8000", website_domain="http://localhost:3000")


# program: get_roles_for_user, in parameter style
@override(RecipeInterface[AppContext].get_roles_for_user)
async def everybody_reads(
    original: GetRolesForUserFunction[AppContext], user_id: str, tenant_id: str, user_context: AppContext
) -> GetRolesForUserOkResult:
    stored = await original(user_id, tenant_id, user_context)
    assert_type(stored.roles, list[str])
    return GetRolesForUserOkResult(["reader", *stored.roles])


# program: add_role_to_user, as a call, with every result
@AddRoleToUser[AppContext].override
async def noted(call: AddRoleToUser[AppContext]) -> AddRoleToUserResult:
    result = await call.original()
    match result:
        case AddRoleToUserOkResult():
            assert_type(result.did_user_already_have_role, bool)
            call.user_context["was_promoted"] = not result.did_user_already_have_role
        case UnknownRoleError():
            pass
        case _:
            assert_never(result)
    return result


# program: get_roles_for_user, in SuperTokens style
def of_directory(original_implementation: RecipeInterface[AppContext]) -> RecipeInterface[AppContext]:
    original = original_implementation.get_roles_for_user

    async def get_roles_for_user(user_id: str, tenant_id: str, user_context: AppContext) -> GetRolesForUserOkResult:
        return await original(user_id, tenant_id, user_context)

    original_implementation.get_roles_for_user = get_roles_for_user
    return original_implementation


# program: update_user_metadata, as a call
@UpdateUserMetadata[AppContext].override
async def stamped(call: UpdateUserMetadata[AppContext]) -> MetadataResult:
    call.metadata_update = {**call.metadata_update, "by": "override"}
    return await call.original()


# program: roles and metadata of an application
def application() -> None:
    init(
        APP_INFO,
        [session.init(), userroles.init(), usermetadata.init()],
        context=AppContext,
        overrides=[everybody_reads, noted, stamped],
        default=False,
    )


# program: validators of both claims for a route
async def staff(
    validators: Sequence[SessionClaimValidator], session_: SessionContainer, user_context: UserContext
) -> Sequence[SessionClaimValidator]:
    assert_type(await session_.get_claim_value(UserRoleClaim), list[str] | None)
    await session_.fetch_and_set_claim(PermissionClaim)
    return [
        *validators,
        UserRoleClaim.validators.includes_any(["admin", "writer"], max_age_in_seconds=60),
        PermissionClaim.validators.excludes("spam", id_="no-spam"),
    ]


# program: what functions of roles and metadata return
async def results() -> None:
    permitted = await functions.get_permissions_for_role("admin")
    match permitted:
        case GetPermissionsForRoleOkResult():
            assert_type(permitted.permissions, list[str])
        case UnknownRoleError():
            pass
        case _:
            assert_never(permitted)
    assert_type((await functions.get_roles_for_user("public", "user-1")).roles, list[str])
    assert_type(blocking.get_all_roles().roles, list[str])
    assert_type((await metadata.update_user_metadata("user-1", {"a": [1, None]})).metadata, dict[str, Any])
    assert_type(blocking_metadata.get_user_metadata("user-1").metadata, dict[str, Any])
