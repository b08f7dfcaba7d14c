"""Where work is done: what blocks, on the store or on signing, is one hop to a worker thread."""

import threading

import pytest

from authweave import InputAppInfo, init
from authweave.recipe import session
from authweave.recipe.session import SessionRecipe
from authweave.recipe.session.tokens import minting
from authweave.security import SigningKey, sign_access_token
from authweave.storage.memory import MemoryStorage
from authweave.types import JSONObject, RecipeUserId
from tests.unit.recipe.session.serving import bench, run


def test_signing_is_not_done_on_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens of new and of refreshed sessions are signed in worker threads, so that others are served meanwhile."""
    signed_in: list[str] = []

    def noting(payload: JSONObject, key: SigningKey) -> str:
        signed_in.append(threading.current_thread().name)
        return sign_access_token(payload, key)

    monkeypatch.setattr(minting, "sign_access_token", noting)
    app = init(
        InputAppInfo("App", "https://api.example.com", website_domain="https://example.com"),
        [session.init(access_token_signing_algorithm="ES256")],
        storage=MemoryStorage(),
        secret=b"s" * 32,
        default=False,
    )

    async def scenario() -> None:
        functions = app.recipe(SessionRecipe).functions
        first = await functions.create_new_session("u", RecipeUserId("u"), None, None, True, "public", {})
        token = first.get_all_session_tokens_dangerously()["refreshToken"] or ""
        child = await functions.refresh_session(token, None, True, {})
        await child.merge_into_access_token_payload({"a": 1})

    run(scenario())
    app.close()
    assert len(signed_in) == 3
    assert threading.current_thread().name not in signed_in


def test_a_refresh_is_one_hop() -> None:
    """Looking at the store, advancing it and signing are done in one go, also where the refresh confirms a child."""
    made = bench()

    async def scenario() -> None:
        held = await made.functions.create_new_session("u", RecipeUserId("u"), None, None, True, "public", {})
        for _ in range(2):
            made.loop.hops = 0
            token = held.get_all_session_tokens_dangerously()["refreshToken"] or ""
            held = await made.functions.refresh_session(token, None, True, {})
            assert made.loop.hops == 1

    run(scenario())
