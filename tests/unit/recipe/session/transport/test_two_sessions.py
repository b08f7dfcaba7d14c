"""Two sessions in one request: the client never gets tokens of both."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from authweave.recipe.session import SessionContainer
from authweave.recipe.session.store import SESSIONS
from authweave.types import BaseRequest, RecipeUserId
from tests.unit.recipe.session.serving import Bench, bench, front_token_of, payload_of, run

Change = Callable[[Bench, SessionContainer, BaseRequest], Awaitable[object]]


async def merge(_made: Bench, old: SessionContainer, _request: BaseRequest) -> None:
    """Change claims of the session that the request came with."""
    await old.merge_into_access_token_payload({"k": 1})


async def revoke(_made: Bench, old: SessionContainer, _request: BaseRequest) -> None:
    """Revoke it."""
    await old.revoke_session()


async def find_and_merge(made: Bench, _old: SessionContainer, request: BaseRequest) -> None:
    """Verify the request once more, and change claims of what it came with."""
    again = await made.recipe.requests.get_session(request)
    assert again is not None
    await again.merge_into_access_token_payload({"k": 1})


@pytest.mark.parametrize("change", [merge, revoke, find_and_merge])
@pytest.mark.parametrize("mode", ["cookie", "header"])
def test_the_new_session_is_the_clients(change: Change, mode: str) -> None:
    """Once a request has created a session, what is done to the one that it came with changes the store alone."""

    async def scenario() -> None:
        made = bench()
        client = await made.sign_in()
        request = client.request(st_auth_mode=mode)
        old = await made.recipe.requests.get_session(request)
        assert old is not None
        new = await made.recipe.requests.create_new_session(
            request, user_id="u2", recipe_user_id=RecipeUserId("u2"), tenant_id="public"
        )
        await change(made, old, request)
        assert request.session is new
        client.take(request.changes)
        assert payload_of(client.access_token)["sessionHandle"] == new.get_handle()
        assert client.refresh_token == new.get_all_session_tokens_dangerously()["refreshToken"]
        assert front_token_of(request.changes)["uid"] == "u2"
        stored = made.storage.part(SESSIONS).find_session(old.get_handle())
        assert stored is None if change is revoke else stored is not None and stored.payload["k"] == 1

    run(scenario())


def test_the_new_session_ends() -> None:
    """A session that is revoked in the request that created it leaves the client with none."""

    async def scenario() -> None:
        made = bench()
        client = await made.sign_in()
        request = client.request(st_auth_mode="cookie")
        new = await made.recipe.requests.create_new_session(
            request, user_id="u2", recipe_user_id=RecipeUserId("u2"), tenant_id="public"
        )
        await new.revoke_session()
        client.take(request.changes)
        assert (client.cookies, client.headers) == ({}, {})

    run(scenario())
