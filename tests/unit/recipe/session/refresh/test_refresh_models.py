"""The schedules of ``docs/explanation/refresh-models.md``: what the page says of this model is so."""

from __future__ import annotations

import pytest

from authweave.recipe.session.exceptions import TokenTheftError
from authweave.types import RecipeUserId
from tests.unit.recipe.session.serving import DAY_MS, HOUR_MS, Bench, bench, run

GRACE_MS = 10_000


async def sign_in(made: Bench) -> str:
    """Create a session. Returns its refresh token."""
    created = await made.functions.create_new_session("u", RecipeUserId("u"), None, None, True, "public", {})
    return created.get_all_session_tokens_dangerously()["refreshToken"] or ""


async def refresh(made: Bench, token: str) -> tuple[str, str]:
    """Refresh. Returns refresh token and access token."""
    tokens = (await made.functions.refresh_session(token, None, True, {})).get_all_session_tokens_dangerously()
    return tokens["refreshToken"] or "", tokens["accessToken"]


async def use(made: Bench, access_token: str) -> None:
    """Use an access token, and let the background store that."""
    assert await made.functions.get_session(access_token, None, False, True, False, None, {}) is not None
    made.later.run()


@pytest.mark.parametrize("behind", ["thief", "victim"])
def test_a_thief_who_keeps_in_step(behind: str) -> None:
    """Who refreshes in step gets the same tokens, unseen; the first who falls behind by the grace is seen."""
    made = bench()

    async def scenario() -> None:
        victim = thief = await sign_in(made)
        for _ in range(5):
            made.clock.now_ms += HOUR_MS
            victim, access_token = await refresh(made, victim)
            await use(made, access_token)
            made.clock.now_ms += GRACE_MS
            thief, _ = await refresh(made, thief)
            assert thief == victim
        made.clock.now_ms += HOUR_MS
        ahead, late = (victim, thief) if behind == "thief" else (thief, victim)
        await use(made, (await refresh(made, ahead))[1])
        made.clock.now_ms += GRACE_MS + 1
        with pytest.raises(TokenTheftError):
            await refresh(made, late)

    run(scenario())


def test_a_child_that_is_never_used() -> None:
    """As long as nobody has used the child, its parent is answered; afterwards it is theft."""
    made = bench()

    async def scenario() -> None:
        parent = await sign_in(made)
        child, _ = await refresh(made, parent)
        made.clock.now_ms += DAY_MS
        again, access_token = await refresh(made, parent)
        assert again == child
        await use(made, access_token)
        made.clock.now_ms += GRACE_MS + 1
        with pytest.raises(TokenTheftError):
            await refresh(made, parent)

    run(scenario())


def test_a_process_that_dies_before_it_has_stored_a_use() -> None:
    """A use that was noted and not stored is forgotten, and noted again with the next one."""
    made = bench()

    async def scenario() -> None:
        parent = await sign_in(made)
        child, access_token = await refresh(made, parent)
        assert await made.functions.get_session(access_token, None, False, True, False, None, {}) is not None
        again = bench(storage=made.storage, clock=made.clock)  # and what the first had noted is gone
        made.clock.now_ms += GRACE_MS + 1
        assert (await refresh(again, parent))[0] == child
        await use(again, access_token)
        made.clock.now_ms += GRACE_MS + 1
        with pytest.raises(TokenTheftError):
            await refresh(again, parent)

    run(scenario())


@pytest.mark.parametrize("used", [True, False])
def test_a_session_that_is_refreshed_on_its_last_day(used: bool) -> None:
    """A refresh prolongs the session, whether or not the child is used before the client goes away again."""
    made = bench()

    async def scenario() -> None:
        parent = await sign_in(made)
        made.clock.now_ms += 99 * DAY_MS
        child, access_token = await refresh(made, parent)
        if used:
            await use(made, access_token)
        made.clock.now_ms += 3 * DAY_MS
        await refresh(made, child)

    run(scenario())


def test_a_page_that_never_arrives() -> None:
    """What a renderer has used is in use: the browser that never got it has the grace, and no more."""
    made = bench()

    async def scenario() -> None:
        jar = await sign_in(made)
        rendered, access_token = await refresh(made, jar)
        await use(made, access_token)
        made.clock.now_ms += GRACE_MS
        assert (await refresh(made, jar))[0] == rendered
        made.clock.now_ms += 1
        with pytest.raises(TokenTheftError):
            await refresh(made, jar)

    run(scenario())


def test_a_request_that_is_overtaken_by_a_whole_generation() -> None:
    """A request that arrives when the grandchild is in use is theft, within the grace too."""
    made = bench()

    async def scenario() -> None:
        first = await sign_in(made)
        second, _ = await refresh(made, first)
        third, _ = await refresh(made, second)
        await refresh(made, third)
        with pytest.raises(TokenTheftError):
            await refresh(made, first)

    run(scenario())
