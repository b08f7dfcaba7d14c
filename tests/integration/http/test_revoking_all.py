"""Whose sessions ``revoke_all_sessions_for_user`` ends, over real HTTP: those of all tenants, unless one is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import httpx2
import pytest
from fastapi import Depends, FastAPI

from authweave.app import init, set_default_app
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.recipe import session
from authweave.recipe.session import SessionContainer, syncio
from authweave.recipe.session import asyncio as awaited
from authweave.types import InputAppInfo, RecipeUserId
from tests.patience import PATIENCE_S

from .serving import serving

Tokens = dict[str, str]


def app() -> FastAPI:
    """Return an application that creates sessions in tenants, and revokes them in several manners."""
    made = FastAPI()
    made.add_middleware(get_middleware())

    @made.post("/in/{tenant}")
    async def sign_in(tenant: str) -> Tokens:
        created = await awaited.create_new_session_without_request_response(tenant, RecipeUserId("ada"))
        tokens = created.get_all_session_tokens_dangerously()
        return {
            "handle": created.get_handle(),
            "access": tokens["accessToken"],
            "refresh": tokens["refreshToken"] or "",
        }

    @made.get("/me")
    async def me(held: Annotated[SessionContainer, Depends(verify_session(check_database=True))]) -> str:
        return held.get_handle()

    @made.post("/out/{how}")
    def out(how: Literal["first", "second", "third", "named", "public"]) -> list[str]:
        match how:
            case "first":
                return syncio.revoke_all_sessions_for_user("ada")
            case "second":
                return syncio.revoke_all_sessions_for_user("ada", False)
            case "third":
                return syncio.revoke_all_sessions_for_user("ada", True, "t1")
            case "named":
                return syncio.revoke_all_sessions_for_user("ada", tenant_id="t1", revoke_across_all_tenants=True)
            case "public":
                return syncio.revoke_all_sessions_for_user("ada", revoke_across_all_tenants=False)

    @made.get("/handles/{flag}")
    async def handles(flag: bool, tenant: str | None = None) -> list[str]:
        return await awaited.get_all_session_handles_for_user("ada", flag, tenant)

    return made


@pytest.fixture
def client(tmp_path: Path) -> Iterator[httpx2.Client]:
    """Serve it, with a tenant beside the public one."""
    auth = init(
        InputAppInfo("Tenants", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [session.init()],
        storage=f"sqlite:///{tmp_path / 'auth.db'}",
    )
    auth.services.storage.create_tenant("t1")
    with serving(app()) as address, httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client:
        yield client
    auth.close()
    set_default_app(None)


@pytest.mark.parametrize(
    ("how", "alive"), [("first", []), ("second", []), ("third", ["public"]), ("named", []), ("public", ["t1"])]
)
def test_which_sessions_are_left(client: httpx2.Client, how: str, alive: list[str]) -> None:
    """The second parameter is about linked accounts, of which there are none: it leaves no session alive."""
    signed_in: dict[str, Tokens] = {tenant: client.post(f"/in/{tenant}").json() for tenant in ("public", "t1")}
    revoked = client.post(f"/out/{how}").json()
    assert set(revoked) == {signed_in[tenant]["handle"] for tenant in signed_in if tenant not in alive}
    for tenant, tokens in signed_in.items():
        answers = [
            client.get("/me", headers={"authorization": f"Bearer {tokens['access']}"}).status_code,
            client.post("/auth/session/refresh", headers={"authorization": f"Bearer {tokens['refresh']}"}).status_code,
        ]
        assert answers == ([200, 200] if tenant in alive else [401, 401])


@pytest.mark.parametrize("flag", ["true", "false"])
def test_which_sessions_are_listed(client: httpx2.Client, flag: str) -> None:
    """So with the list: those of all tenants unless one is named, whatever is said of linked accounts."""
    handles = [client.post(f"/in/{tenant}").json()["handle"] for tenant in ("public", "t1")]
    assert set(client.get(f"/handles/{flag}").json()) == set(handles)
    assert client.get(f"/handles/{flag}?tenant=t1").json() == handles[1:]
