"""Roles and permissions: who has which, doors that ask for them, and an override that writes down who became what."""

import os
from typing import Any, Dict, List

from fastapi import Depends, FastAPI
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import emailpassword, session, userroles
from supertokens_python.recipe.session import SessionContainer
from supertokens_python.recipe.session.framework.fastapi import verify_session
from supertokens_python.recipe.userroles import PermissionClaim, UserRoleClaim
from supertokens_python.recipe.userroles.asyncio import (
    add_role_to_user,
    create_new_role_or_add_permissions,
    get_all_roles,
    get_permissions_for_role,
    get_roles_for_user,
    get_users_that_have_role,
    remove_user_role,
)
from supertokens_python.recipe.userroles.interfaces import (
    AddRoleToUserOkResult,
    GetPermissionsForRoleOkResult,
    GetUsersThatHaveRoleOkResult,
    RecipeInterface,
    UnknownRoleError,
)

promoted: List[str] = []


def override_userroles_functions(original_implementation: RecipeInterface) -> RecipeInterface:
    original_add_role_to_user = original_implementation.add_role_to_user

    async def add_role(user_id: str, role: str, tenant_id: str, user_context: Dict[str, Any]):
        result = await original_add_role_to_user(user_id, role, tenant_id, user_context)
        if isinstance(result, AddRoleToUserOkResult) and not result.did_user_already_have_role:
            promoted.append(f"{role} in {tenant_id}")
        return result

    original_implementation.add_role_to_user = add_role
    return original_implementation


init(
    app_info=InputAppInfo(app_name="Roles", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[
        emailpassword.init(),
        session.init(),
        userroles.init(override=userroles.InputOverrideConfig(functions=override_userroles_functions)),
    ],
    mode="asgi",
)

app = FastAPI()
app.add_middleware(get_middleware())


@app.post("/roles")
async def make_roles():
    made = await create_new_role_or_add_permissions("editor", ["read", "write"])
    await create_new_role_or_add_permissions("reader", ["read"])
    return {"made": made.created_new_role, "roles": sorted((await get_all_roles()).roles)}


@app.post("/become")
async def become(role: str, session: SessionContainer = Depends(verify_session())):
    result = await add_role_to_user(session.get_tenant_id(), session.get_user_id(), role)
    if isinstance(result, UnknownRoleError):
        return {"status": "UNKNOWN_ROLE"}
    await session.fetch_and_set_claim(UserRoleClaim)
    await session.fetch_and_set_claim(PermissionClaim)
    return {"already": result.did_user_already_have_role, "promoted": promoted}


@app.post("/resign")
async def resign(role: str, session: SessionContainer = Depends(verify_session())):
    await remove_user_role("public", session.get_user_id(), role)
    await session.fetch_and_set_claim(UserRoleClaim)
    await session.fetch_and_set_claim(PermissionClaim)
    return {"roles": (await get_roles_for_user("public", session.get_user_id())).roles}


@app.get("/editors")
async def editors(
    session: SessionContainer = Depends(
        verify_session(
            override_global_claim_validators=lambda global_validators, session, user_context: (
                global_validators + [UserRoleClaim.validators.includes("editor")]
            )
        )
    ),
):
    users = await get_users_that_have_role("public", "editor")
    permissions = await get_permissions_for_role("editor")
    assert isinstance(users, GetUsersThatHaveRoleOkResult)
    assert isinstance(permissions, GetPermissionsForRoleOkResult)
    return {"users": users.users, "permissions": sorted(permissions.permissions)}


@app.post("/write")
async def write(
    session: SessionContainer = Depends(
        verify_session(
            override_global_claim_validators=lambda global_validators, session, user_context: (
                global_validators + [PermissionClaim.validators.includes_all(["read", "write"], 300)]
            )
        )
    ),
):
    return {"written": await session.get_claim_value(UserRoleClaim)}
