"""Users who are listed, found, deleted, disabled and shown with other ids, of a served application."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import httpx2
import pytest
from fastapi import Depends, FastAPI
from fastapi.responses import JSONResponse

from authweave.app import App
from authweave.errors import BadInputError
from authweave.events import SecurityEvent
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.interfaces import GetUsersResult
from authweave.recipe.session import DISABLED, SessionRecipe
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import RecipeUserId, ThirdPartyInfo
from authweave.types.base import AccountInfoInput, WebauthnInfoInput
from tests.integration.thirdparty.openid_server import OpenIDServer
from tests.patience import PATIENCE_S

from .serving import HEADERS, PASSWORD, bearer, form, serving, set_cookies, sign_up
from .thirdparty_app import provider, sign_in_up, third_party_app

DISABLED_ANSWER = {"status": "SIGN_IN_NOT_ALLOWED", "reason": DISABLED}
REFRESH = "/auth/session/refresh"


@pytest.fixture
def told() -> list[SecurityEvent]:
    """Return where events are noted."""
    return []


@pytest.fixture
def auth(tmp_path_factory: pytest.TempPathFactory, server: OpenIDServer, told: list[SecurityEvent]) -> Iterator[App]:
    """Build an application with an empty store."""
    folder = tmp_path_factory.mktemp("auth")
    with third_party_app(folder, provider("corp", server), on_event=told.append) as app:
        app.services.storage.create_tenant("other")
        yield app


@pytest.fixture
def client(auth: App) -> Iterator[httpx2.Client]:
    """Serve the application, with a sign-in route of its own, and open a client."""
    app = FastAPI()
    app.add_middleware(get_middleware(), app=auth)

    @app.get("/me")
    async def me(session: Annotated[SessionContainer, Depends(verify_session())]) -> dict[str, str]:
        return {"user": session.get_user_id()}

    @app.get("/me/now")
    async def me_now(
        session: Annotated[SessionContainer, Depends(verify_session(check_database=True))],
    ) -> dict[str, str]:
        return {"user": session.get_user_id()}

    @app.post("/own/{user_id}")
    async def own(user_id: str) -> JSONResponse:
        created = await auth.recipe(SessionRecipe).functions.create_new_session(
            user_id, RecipeUserId(user_id), None, None, True, "public", {}
        )
        return JSONResponse({"user": created.get_user_id()})

    with serving(app) as address, httpx2.Client(base_url=address, timeout=PATIENCE_S) as opened:
        yield opened


def user_id_of(response: httpx2.Response) -> str:
    """Return the id of the user in an answer."""
    return str(response.json()["user"]["id"])


def all_pages(auth: App, *, newest_first: bool, limit: int) -> Iterator[GetUsersResult]:
    """Yield the pages of the users of `public`."""
    users = auth.users
    ask = users.get_users_newest_first if newest_first else users.get_users_oldest_first
    token: str | None = None
    while True:
        page = auth.run_blocking(ask("public", limit, token))
        yield page
        token = page.next_pagination_token
        if token is None:
            return


def test_pages_in_both_orders_of_users_who_joined_at_once(client: httpx2.Client, auth: App) -> None:
    """Line 85: each is on one page, also of those with the same moment; 0, 501 and foreign tokens are refused."""
    ids = [user_id_of(sign_up(client, f"user-{number}@example.com")) for number in range(5)]
    oldest = [user.id for page in all_pages(auth, newest_first=False, limit=2) for user in page.users]
    newest = [user.id for page in all_pages(auth, newest_first=True, limit=2) for user in page.users]
    assert sorted(oldest) == sorted(ids)
    assert newest == oldest[::-1]
    assert [len(page.users) for page in all_pages(auth, newest_first=True, limit=5)] == [5]
    ask = auth.users.get_users_newest_first
    for limit in (0, -1, 501, True):
        with pytest.raises(BadInputError, match="from 1 to 500"):
            auth.run_blocking(ask("public", limit))
    for token in ("", "x", "e30=", "\xe9", "O" * 100_000, "MTt4\n", "OTk5OTk5OTk5OTk5OTk5OTk5OTthYQ=="):
        with pytest.raises(BadInputError, match="token"):
            auth.run_blocking(ask("public", 1, token))
    with pytest.raises(BadInputError, match="'passwordless'"):
        auth.run_blocking(ask("public", 1, include_recipe_ids=["passwordless"]))
    with pytest.raises(BadInputError, match="'name'"):
        auth.run_blocking(ask("public", 1, query={"name": "x"}))
    found = auth.run_blocking(ask("public", 1, query={"email": " USER-3; user-4 "}))
    assert (len(found.users), found.next_pagination_token) == (1, None)


def test_users_are_found_by_all_or_some_of_what_is_asked(
    client: httpx2.Client, auth: App, server: OpenIDServer
) -> None:
    """Line 86: AND over the fields, OR with the union; nothing asked finds nobody; addresses in any case."""
    ada = user_id_of(sign_up(client, "ada@example.com"))
    bob = user_id_of(sign_up(client, "bob@example.com"))
    corp = user_id_of(sign_in_up(client, server, "ada"))
    user = auth.run_blocking(auth.users.get_user(corp))
    assert user is not None
    email = user.emails[0]
    third_party = ThirdPartyInfo("ada", "corp")

    def found(info: AccountInfoInput, *, union: bool = False, tenant_id: str = "public") -> list[str]:
        listed = auth.run_blocking(auth.users.list_users_by_account_info(tenant_id, info, union))
        return [user.id for user in listed]

    assert found(AccountInfoInput()) == found(AccountInfoInput(), union=True) == []
    assert found(AccountInfoInput(email=" Bob@Example.com ")) == [bob]
    assert found(AccountInfoInput(email="bob@example.com"), tenant_id="other") == []
    assert found(AccountInfoInput(email=email, third_party=third_party)) == [corp]
    assert found(AccountInfoInput(email="bob@example.com", third_party=third_party)) == []
    assert found(AccountInfoInput(email="bob@example.com", third_party=third_party), union=True) == [bob, corp]
    assert found(AccountInfoInput(email="ada@example.com"))[0] == ada
    passkey = WebauthnInfoInput("credential")
    assert found(AccountInfoInput(email="bob@example.com", webauthn=passkey)) == []
    assert found(AccountInfoInput(email="bob@example.com", webauthn=passkey), union=True) == [bob]


def test_a_deleted_user_is_gone_at_once(client: httpx2.Client, auth: App, told: list[SecurityEvent]) -> None:
    """
    Line 87, and trap 30: the refresh is a 401 that clears, the access token lives on where the store is not asked.

    Nobody signs in, own routes create no session, and the address is free. An unknown id is nobody, and no error.
    """
    signed_up = sign_up(client, "gone@example.com")
    user_id = user_id_of(signed_up)
    auth.run_blocking(auth.users.delete_user(user_id))
    assert auth.run_blocking(auth.users.get_user(user_id)) is None
    assert client.get("/me", headers=bearer(signed_up)).json() == {"user": user_id}
    assert client.get("/me/now", headers=bearer(signed_up)).status_code == 401
    refreshed = client.post(REFRESH, headers={**HEADERS, **bearer(signed_up, "st-refresh-token")})
    assert (refreshed.status_code, refreshed.headers["front-token"]) == (401, "remove")
    assert client.post("/auth/signin", json=form("gone@example.com")).json() == {"status": "WRONG_CREDENTIALS_ERROR"}
    own = client.post(f"/own/{user_id}")
    assert (own.status_code, own.json()) == (403, {"message": "session refused"})
    assert client.post("/own/never-known").json() == {"user": "never-known"}
    assert user_id_of(sign_up(client, "gone@example.com")) != user_id
    auth.run_blocking(auth.users.delete_user("nobody"))
    assert [(each.kind, each.recipe_id) for each in told if each.user_id == user_id][-1] == ("user_deleted", "users")


def test_users_are_counted_by_recipe_and_tenant(client: httpx2.Client, auth: App, server: OpenIDServer) -> None:
    """Line 88."""
    sign_up(client, "ada@example.com")
    assert client.post("/auth/other/signup", json=form("ada@example.com")).json()["status"] == "OK"
    sign_in_up(client, server, "ada")
    count = auth.users.get_user_count
    counts = [
        auth.run_blocking(count(recipe_ids, tenant_id))
        for tenant_id in (None, "public", "other")
        for recipe_ids in (None, ["emailpassword"], ["thirdparty"], ["emailpassword", "thirdparty"], [])
    ]
    assert counts == [3, 2, 1, 3, 0, 2, 1, 1, 2, 0, 1, 1, 0, 1, 0]
    with pytest.raises(BadInputError):
        auth.run_blocking(count(["passwordless"]))


def test_a_disabled_user_is_told_so_who_knows_the_password(
    client: httpx2.Client, auth: App, told: list[SecurityEvent]
) -> None:
    """With a wrong one the answer is that for anybody; sessions end; enabled again, the user signs in."""
    signed_up = sign_up(client, "disabled@example.com")
    user_id = user_id_of(signed_up)
    assert auth.run_blocking(auth.users.disable_user(user_id))
    assert not auth.run_blocking(auth.users.disable_user("nobody"))
    right = client.post("/auth/signin", json=form("disabled@example.com"), headers=HEADERS)
    wrong = client.post("/auth/signin", json=form("disabled@example.com", PASSWORD + "x"), headers=HEADERS)
    unknown = client.post("/auth/signin", json=form("nobody@example.com"), headers=HEADERS)
    assert (right.status_code, right.json()) == (200, DISABLED_ANSWER)
    assert "st-access-token" not in right.headers
    assert (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json())
    assert wrong.json() == {"status": "WRONG_CREDENTIALS_ERROR"}
    assert client.get("/me", headers=bearer(signed_up)).status_code == 200
    assert client.get("/me/now", headers=bearer(signed_up)).status_code == 401
    refreshed = client.post(REFRESH, headers={**HEADERS, **bearer(signed_up, "st-refresh-token")})
    assert (refreshed.status_code, refreshed.headers["front-token"]) == (401, "remove")
    assert client.post(f"/own/{user_id}").status_code == 403
    assert auth.run_blocking(auth.users.disable_user(user_id))
    assert auth.run_blocking(auth.users.enable_user(user_id))
    assert client.post(REFRESH, headers=bearer(signed_up, "st-refresh-token")).status_code == 401
    assert client.post("/auth/signin", json=form("disabled@example.com")).json()["status"] == "OK"
    kinds = [(each.kind, each.details.get("reason")) for each in told if each.user_id == user_id]
    assert [each for each in kinds if each[0] not in {"session_refreshed", "sign_up"}] == [
        ("user_disabled", None),
        ("sign_in_failed", "disabled"),
        ("sign_in_failed", None),
        ("user_enabled", None),
        ("sign_in", None),
    ]


def test_a_provider_does_not_let_a_disabled_user_in(client: httpx2.Client, auth: App, server: OpenIDServer) -> None:
    """Nor does what it says then change the user."""
    signed_in = sign_in_up(client, server, "ada")
    user_id = user_id_of(signed_in)
    before = auth.run_blocking(auth.users.get_user(user_id))
    assert auth.run_blocking(auth.users.disable_user(user_id))
    refused = sign_in_up(client, server, "ada")
    assert (refused.status_code, refused.json()) == (200, {"status": "SIGN_IN_UP_NOT_ALLOWED", "reason": DISABLED})
    assert set_cookies(refused) == {}
    assert auth.run_blocking(auth.users.enable_user(user_id))
    assert auth.run_blocking(auth.users.get_user(user_id)) == before
    assert user_id_of(sign_in_up(client, server, "ada")) == user_id


def test_an_external_id_is_the_one_that_is_shown(client: httpx2.Client, auth: App) -> None:
    """By sign-in, session, refresh and lists, from the moment when it is given."""
    signed_up = sign_up(client, "mapped@example.com")
    own_id = user_id_of(signed_up)
    auth.run_blocking(auth.users.create_user_id_mapping(own_id, "mine"))
    refreshed = client.post(REFRESH, headers={**HEADERS, **bearer(signed_up, "st-refresh-token")})
    assert client.get("/me/now", headers=bearer(refreshed)).json() == {"user": "mine"}
    signed_in = client.post("/auth/signin", json=form("mapped@example.com"), headers=HEADERS)
    shown = signed_in.json()["user"]
    assert (shown["id"], shown["loginMethods"][0]["recipeUserId"]) == ("mine", "mine")
    assert client.get("/me", headers=bearer(signed_in)).json() == {"user": "mine"}
    assert [client.post(f"/own/{each}").json() for each in (own_id, "mine")] == [{"user": "mine"}] * 2
    for user_id in (own_id, "mine"):
        handles = auth.recipe(SessionRecipe).functions.get_all_session_handles_for_user(
            user_id, True, "public", True, {}
        )
        assert len(auth.run_blocking(handles)) == 4
    auth.run_blocking(auth.users.delete_user(own_id))
    for user_id in (own_id, "mine"):
        assert client.post(f"/own/{user_id}").status_code == 403
