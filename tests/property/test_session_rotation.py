"""
Laws of rotation (`docs/explanation/sessions.md`).

An honest client is never logged out, whatever is sent twice, answered twice or lost on the way; and whoever presents
a token whose successor has been used (and the grace is over) ends the session, while nobody can by making one up.
"""

from collections.abc import Sequence
from functools import partial

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from authweave.recipe.session.exceptions import TokenTheftError, UnauthorisedError
from authweave.recipe.session.store import SESSIONS, SessionRecord
from authweave.recipe.session.store.memory import MemorySessions
from authweave.storage.memory import MemoryCore, MemoryStorage
from authweave.types import RecipeUserId
from tests.property.strategies import SETTINGS
from tests.unit.recipe.session.serving import DAY_MS, Bench, bench, run

pytestmark = pytest.mark.property

GRACE_MS = 10_000


@attrs.frozen
class Round:
    """
    What happens to one refresh token.

    Attributes:
        wait_ms: how long the client waits before it uses the token.
        sent: how often the token is sent before the client takes an answer.
        lost: how many of the answers are lost; if all are, the client sends the token once more.
        late: how often the token is sent again, within the grace, after its successor was used.
        verified: whether the new access token is verified with the store.
    """

    wait_ms: int
    sent: int
    lost: int
    late: int
    verified: bool


ROUNDS = st.lists(
    st.builds(
        Round,
        wait_ms=st.integers(0, 99 * DAY_MS),
        sent=st.integers(1, 3),
        lost=st.integers(0, 3),
        late=st.integers(0, 2),
        verified=st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


async def new_session(made: Bench) -> tuple[str, str]:
    """Create a session; return its handle and its refresh token."""
    created = await made.functions.create_new_session("u", RecipeUserId("u"), None, None, True, "public", {})
    return created.get_handle(), created.get_all_session_tokens_dangerously()["refreshToken"] or ""


async def refresh(made: Bench, token: str) -> tuple[str, str]:
    """Refresh; return the new refresh token and the access token."""
    tokens = (await made.functions.refresh_session(token, None, True, {})).get_all_session_tokens_dangerously()
    return tokens["refreshToken"] or "", tokens["accessToken"]


async def live(made: Bench, rounds: Sequence[Round]) -> tuple[str, list[str]]:
    """Live through the rounds as an honest client does; return the session's handle and all tokens it had."""
    handle, token = await new_session(made)
    had = [token]
    for each in rounds:
        made.clock.now_ms += each.wait_ms
        answers = {await refresh(made, token) for _ in range(each.sent + (each.lost >= each.sent))}
        children = {child for child, _ in answers}
        assert len(children) == 1
        (child,) = children
        if each.verified:
            for _, access_token in answers:
                assert await made.functions.get_session(access_token, None, False, True, True, None, {}) is not None
        if each.late:
            await refresh(made, child)  # another tab was quicker
            made.clock.now_ms += GRACE_MS
        assert {(await refresh(made, token))[0] for _ in range(each.late)} <= {child}
        had.append(child)
        token = child
    return handle, had


@SETTINGS
@given(rounds=ROUNDS)
def test_an_honest_client_is_never_logged_out(rounds: list[Round]) -> None:
    """Whatever is sent twice or lost, every refresh is answered, with one successor for one token."""
    made = bench()
    handle, had = run(live(made, rounds))
    assert len(set(had)) == len(had)
    assert made.storage.part(SESSIONS).find_session(handle) is not None


@SETTINGS
@given(rounds=ROUNDS, which=st.integers(0, 10), after_ms=st.integers(GRACE_MS + 1, DAY_MS // 2))
def test_a_replay_ends_the_session(rounds: list[Round], which: int, after_ms: int) -> None:
    """Any token whose successor was used is theft after the grace: the session is gone, for everybody."""
    made = bench()

    async def scenario() -> None:
        handle, had = await live(made, rounds)
        await refresh(made, had[-1])  # so that the last one is in use
        made.clock.now_ms += after_ms
        with pytest.raises(TokenTheftError):
            await refresh(made, had[which % (len(had) - 1)])
        assert made.storage.part(SESSIONS).find_session(handle) is None
        for token in had:
            with pytest.raises(UnauthorisedError):
                await refresh(made, token)

    run(scenario())


@SETTINGS
@given(rounds=ROUNDS, which=st.integers(0, 10), position=st.integers(0, 10_000), letter=st.sampled_from("Aa0-_zZ"))
def test_nobody_ends_a_session_by_making_up_a_token(
    rounds: list[Round], which: int, position: int, letter: str
) -> None:
    """A token with another letter anywhere is none of ours, and the session stays as it is."""
    made = bench()

    async def scenario() -> None:
        handle, had = await live(made, rounds)
        before = made.storage.part(SESSIONS).find_session(handle)
        token = had[which % len(had)]
        index = position % len(token)
        forged = token[:index] + letter + token[index + 1 :]
        if forged != token:
            with pytest.raises(UnauthorisedError):
                await refresh(made, forged)
        assert made.storage.part(SESSIONS).find_session(handle) == before

    run(scenario())


class RacingStorage(MemoryStorage):
    """A store in which another process advances the session just before this one would."""

    racing: SessionRecord | None = None

    def __init__(self) -> None:
        super().__init__([attrs.evolve(SESSIONS, in_memory=partial(RacingSessions, storage=self))])


class RacingSessions(MemorySessions):
    """The sessions of such a store."""

    def __init__(self, core: MemoryCore, storage: RacingStorage) -> None:
        super().__init__(core)
        self.storage = storage

    @override
    def advance_session(self, session: SessionRecord, *, from_generation: int) -> bool:
        """Let the other be quicker, once."""
        if self.storage.racing is None:
            self.storage.racing = session
            assert super().advance_session(attrs.evolve(session), from_generation=from_generation)
        return super().advance_session(session, from_generation=from_generation)


def test_of_two_at_once_both_are_answered() -> None:
    """Where two processes confirm a child at once, one advances the session, and both give the same token."""
    storage = RacingStorage()
    made = bench(storage=storage)

    async def scenario() -> None:
        handle, token = await new_session(made)
        child, _ = await refresh(made, token)
        slower, _ = await refresh(made, child)
        assert storage.racing is not None
        assert (await refresh(made, child))[0] == slower
        found = storage.part(SESSIONS).find_session(handle)
        assert found is not None
        assert found.generation == 1

    run(scenario())


def test_of_two_at_once_both_are_verified() -> None:
    """The same where two processes verify the child's access token with the store at once."""
    storage = RacingStorage()
    made = bench(storage=storage)

    async def scenario() -> None:
        _, token = await new_session(made)
        _, access_token = await refresh(made, token)
        assert await made.functions.get_session(access_token, None, False, True, True, None, {}) is not None
        assert storage.racing is not None

    run(scenario())
