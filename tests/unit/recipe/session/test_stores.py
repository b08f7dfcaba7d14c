"""The life of a session on every store."""

import asyncio
from collections.abc import Callable

import pytest

from authweave.recipe.session.exceptions import TokenTheftError, UnauthorisedError
from authweave.recipe.session.interfaces import SessionOptions
from authweave.storage import Storage
from authweave.storage.memory import MemoryStorage
from tests.stores import open_whole
from tests.unit.recipe.session.serving import Bench, Client, bench, payload_of, run


async def refreshed(made: Bench, client: Client) -> Client:
    """Refresh, and return who holds the new tokens."""
    request, newer = client.refresh(), client.copy()
    await made.recipe.requests.refresh_session(request)
    newer.take(request.changes)
    return newer


def sqlite() -> Storage:
    """Open a database that is gone with the test."""
    return open_whole("sqlite://")


@pytest.mark.parametrize("open_store", [MemoryStorage, sqlite])
def test_the_life_of_a_session(open_store: Callable[[], Storage]) -> None:
    """A session is created, verified, changed, refreshed, stolen and gone, on every store alike."""
    storage = open_store()
    made = bench(storage=storage)

    async def scenario() -> None:
        first = await made.sign_in(role="user")
        found = await made.recipe.requests.get_session(first.request(), SessionOptions(check_database=True))
        assert found is not None
        await found.merge_into_access_token_payload({"role": "admin", "deep": {"a": [1, None, "é\x00\ud800"]}})
        second = await refreshed(made, first)
        payload = payload_of(second.access_token)
        assert (payload["role"], payload["deep"]) == ("admin", {"a": [1, None, "é\x00\ud800"]})
        many = await asyncio.gather(*(refreshed(made, second) for _ in range(8)))
        assert len({each.refresh_token for each in many}) == 1
        assert made.stored(found.get_handle()).generation == 1
        made.clock.now_ms += 10_001
        with pytest.raises(TokenTheftError):
            await refreshed(made, first)
        with pytest.raises(UnauthorisedError):
            await refreshed(made, many[0])
        with pytest.raises(UnauthorisedError):
            await made.recipe.requests.get_session(many[0].request(), SessionOptions(check_database=True))

    run(scenario())
    storage.close()
