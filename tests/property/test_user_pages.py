"""Law: while users join and are deleted, page after page has each of those who stay exactly once, in order."""

from __future__ import annotations

from collections.abc import Callable

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.store.contract import a_login
from authweave.storage import Place, Storage, UserListing
from authweave.storage.memory import MemoryStorage
from tests.stores import open_whole

pytestmark = pytest.mark.property

times_ms = st.integers(0, 3)
"""Few, so that many join at once."""


@attrs.frozen
class Meanwhile:
    """What happens between two pages: who joins, and which of those that there are go, counted round and round."""

    joined_ms: list[int]
    deleted: list[int]


NOTHING = Meanwhile([], [])
meanwhiles = st.builds(Meanwhile, st.lists(times_ms, max_size=3), st.lists(st.integers(0, 20), max_size=3))


@attrs.define
class Tenant:
    """The users of a tenant: the moment when each joined, by id."""

    storage: Storage
    there: dict[str, int] = attrs.field(factory=dict[str, int])
    count: int = 0

    def add(self, time_joined_ms: int) -> None:
        """Let a user join, whose id stands anywhere among those of the others."""
        login = a_login(self.count * 7919 % 100)
        self.count += 1
        self.storage.part(PASSWORDS).create_user_with_password(attrs.evolve(login, time_joined_ms=time_joined_ms))
        self.there[login.user_id] = time_joined_ms

    def delete(self, number: int) -> None:
        """Delete one of the users."""
        if self.there:
            user_id = sorted(self.there)[number % len(self.there)]
            assert self.storage.delete_user(user_id, now_ms=0)
            del self.there[user_id]


@pytest.mark.parametrize("open_store", [MemoryStorage, lambda: open_whole("sqlite://")], ids=["memory", "sqlite"])
@given(
    joined_ms=st.lists(times_ms, max_size=8),
    meanwhile=st.lists(meanwhiles, max_size=8),
    limit=st.integers(1, 3),
    newest_first=st.booleans(),
)
def test_who_stays_is_on_one_page(
    open_store: Callable[[], Storage],
    *,
    joined_ms: list[int],
    meanwhile: list[Meanwhile],
    limit: int,
    newest_first: bool,
) -> None:
    """Nobody is shown twice, whoever was there all the time is shown, and all in the order of (joined, id)."""
    tenant = Tenant(open_store())
    for each in joined_ms:
        tenant.add(each)
    stayers = set(tenant.there)
    known: dict[str, int] = dict(tenant.there)
    shown: list[str] = []
    start: Place | None = None
    happening = iter(meanwhile)
    while True:
        listing = UserListing(tenant_id="public", limit=limit, start=start, newest_first=newest_first)
        page = tenant.storage.list_users(listing)
        shown += [user.id for user in page.users]
        start = page.next
        if start is None:
            break
        happens = next(happening, NOTHING)
        for each in happens.joined_ms:
            tenant.add(each)
        for each in happens.deleted:
            tenant.delete(each)
        known |= tenant.there
        stayers &= set(tenant.there)
    tenant.storage.close()
    assert stayers <= set(shown)
    assert len(set(shown)) == len(shown)
    assert shown == sorted(shown, key=lambda user_id: (known[user_id], user_id), reverse=newest_first)
