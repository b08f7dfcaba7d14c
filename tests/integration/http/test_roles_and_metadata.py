"""What functions of roles and metadata answer to routes of an application that call them, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import attrs
import httpx2
import pytest
from fastapi import FastAPI

from authweave.app import init
from authweave.framework.fastapi import get_middleware
from authweave.recipe import session, usermetadata, userroles
from authweave.recipe.usermetadata import UserMetadataRecipe
from authweave.recipe.userroles import UserRolesRecipe
from authweave.storage.memory import MemoryStorage
from authweave.types import JSON, InputAppInfo, JSONObject
from tests.patience import PATIENCE_S

from .serving import serving


@pytest.fixture(params=["sqlite", "memory"])
def client(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[httpx2.Client]:
    """Serve an application whose back office gives roles and keeps metadata; return its client."""
    auth = init(
        InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [session.init(), userroles.init(), usermetadata.init()],
        storage=MemoryStorage() if request.param == "memory" else f"sqlite:///{tmp_path / 'auth.db'}",
        secret=bytes(32),
        default=False,
    )
    roles, metadata = auth.recipe(UserRolesRecipe).functions, auth.recipe(UserMetadataRecipe).functions
    app = FastAPI()
    app.add_middleware(get_middleware(), app=auth)

    @app.post("/metadata/{user_id}")
    async def update(user_id: str, change: dict[str, object]) -> object:
        merged: JSONObject = change  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]  read from JSON
        return (await metadata.update_user_metadata(user_id, merged, {})).metadata

    @app.get("/metadata/{user_id}")
    async def read(user_id: str) -> object:
        return (await metadata.get_user_metadata(user_id, {})).metadata

    @app.post("/roles/{role}")
    async def create(role: str, permissions: list[str]) -> object:
        return answer(await roles.create_new_role_or_add_permissions(role, permissions, {}))

    @app.get("/roles/{role}")
    async def permissions_of(role: str) -> object:
        return answer(await roles.get_permissions_for_role(role, {}))

    @app.delete("/roles/{role}")
    async def delete(role: str) -> object:
        return answer(await roles.delete_role(role, {}))

    @app.delete("/roles/{role}/permissions")
    async def forbid(role: str, permission: str) -> object:
        return answer(await roles.remove_permissions_from_role(role, [permission], {}))

    @app.put("/roles/{role}/{user_id}")
    async def give(role: str, user_id: str) -> object:
        return answer(await roles.add_role_to_user(user_id, role, "public", {}))

    @app.delete("/roles/{role}/{user_id}")
    async def take(role: str, user_id: str) -> object:
        return answer(await roles.remove_user_role(user_id, role, "public", {}))

    @app.get("/users/{role}")
    async def holders(role: str) -> object:
        return answer(await roles.get_users_that_have_role(role, "public", {}))

    with serving(app) as address, httpx2.Client(base_url=address, timeout=PATIENCE_S) as found:
        yield found
    auth.close()


def answer(result: attrs.AttrsInstance) -> dict[str, object]:
    """Return a result as an application answers with it: which one it is, and what it has."""
    return {"result": type(result).__name__, **attrs.asdict(result)}


def told(response: httpx2.Response) -> JSON:
    """Return what was answered."""
    assert response.status_code == 200, response.text
    body: JSON = response.json()
    return body


def test_metadata_is_merged_at_the_top(client: httpx2.Client) -> None:
    """Line 38: a key is replaced whole; null at the top removes it, further down it is data."""

    def change(**keys: object) -> JSON:
        return told(client.post("/metadata/ada", json=keys))

    assert change(theme={"dark": True, "size": 2}, plan="free") == {"theme": {"dark": True, "size": 2}, "plan": "free"}
    assert change(theme={"dark": None}) == {"theme": {"dark": None}, "plan": "free"}
    assert change(plan=None, absent=None) == {"theme": {"dark": None}}
    assert told(client.get("/metadata/ada")) == {"theme": {"dark": None}}
    assert told(client.get("/metadata/bob")) == {}


def test_what_functions_of_roles_say(client: httpx2.Client) -> None:
    """Line 39: which of their results each returns, and whether it was there already."""
    unknown = {"result": "UnknownRoleError"}
    assert told(client.put("/roles/admin/ada")) == unknown
    assert told(client.delete("/roles/admin/ada")) == unknown
    assert told(client.get("/users/admin")) == unknown
    assert told(client.get("/roles/admin")) == unknown
    assert told(client.delete("/roles/admin/permissions?permission=read")) == unknown
    assert told(client.delete("/roles/admin")) == {"result": "DeleteRoleOkResult", "did_role_exist": False}
    for is_new in (True, False):
        created = told(client.post("/roles/admin", json=["write", "read"]))
        assert created == {"result": "CreateNewRoleOrAddPermissionsOkResult", "created_new_role": is_new}
        given = told(client.put("/roles/admin/ada"))
        assert given == {"result": "AddRoleToUserOkResult", "did_user_already_have_role": not is_new}
    assert told(client.get("/users/admin")) == {"result": "GetUsersThatHaveRoleOkResult", "users": ["ada"]}
    assert told(client.delete("/roles/admin/permissions?permission=write")) == {
        "result": "RemovePermissionsFromRoleOkResult"
    }
    assert told(client.get("/roles/admin")) == {"result": "GetPermissionsForRoleOkResult", "permissions": ["read"]}
    for had in (True, False):
        assert told(client.delete("/roles/admin/ada")) == {
            "result": "RemoveUserRoleOkResult",
            "did_user_have_role": had,
        }
    assert told(client.delete("/roles/admin")) == {"result": "DeleteRoleOkResult", "did_role_exist": True}
    assert told(client.get("/roles/admin")) == unknown
