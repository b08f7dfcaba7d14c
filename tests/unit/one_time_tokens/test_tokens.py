"""One-time tokens: what they look like, where they are good for something, and for how long."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Final

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from authweave.one_time_tokens import MAX_PER_USER, ONE_TIME_TOKENS, OneTimeTokens
from authweave.storage import Storage, StorePart
from authweave.storage.memory import MemoryStorage

NOW_MS: Final = 1_700_000_000_000


@attrs.define
class Clock:
    """Tells the time that it is set to, in milliseconds."""

    now_ms: int = NOW_MS

    def __call__(self) -> int:
        return self.now_ms


@attrs.define
class Bytes:
    """Returns other bytes each time."""

    calls: int = 0

    def __call__(self, count: int) -> bytes:
        self.calls += 1
        return self.calls.to_bytes(2) * (count // 2)


@pytest.fixture
def clock() -> Clock:
    """Return a clock to set."""
    return Clock()


@pytest.fixture
def storage() -> Storage:
    """Return an empty store."""
    return MemoryStorage()


@pytest.fixture
def tokens(storage: Storage, clock: Clock) -> OneTimeTokens:
    """Return tokens over both."""
    return OneTimeTokens(storage, clock, Bytes())


def make(tokens: OneTimeTokens, user_id: str = "user", lifetime_s: float = 60) -> str:
    """Make a token to reset a password with."""
    return tokens.create("reset", tenant_id="public", user_id=user_id, email="ada@example.com", lifetime_s=lifetime_s)


def test_a_token_has_48_random_bytes_and_its_hash_is_kept(storage: Storage, tokens: OneTimeTokens) -> None:
    """The token itself is in no store, and nothing that is printed has its hash or the address."""
    token = make(tokens)
    assert re.fullmatch(r"[A-Za-z0-9_-]{64}", token)
    kept = tokens.find("reset", token, tenant_id="public")
    assert kept is not None
    assert kept.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert storage.part(ONE_TIME_TOKENS).find_token("reset", "public", kept.token_hash) == kept
    assert token not in repr((tokens, kept))
    assert kept.token_hash not in repr(kept)
    assert "ada@example.com" not in repr(kept)


def test_a_token_is_good_until_its_last_moment(tokens: OneTimeTokens, clock: Clock) -> None:
    """Then it is neither found nor used."""
    first, second = make(tokens, "one"), make(tokens, "two")
    clock.now_ms += 59_999
    assert tokens.find("reset", first, tenant_id="public") is not None
    assert tokens.consume("reset", second, tenant_id="public", voids="user") is not None
    clock.now_ms += 1
    assert tokens.find("reset", first, tenant_id="public") is None
    assert tokens.consume("reset", first, tenant_id="public", voids="user") is None


def test_finding_a_token_does_not_use_it(tokens: OneTimeTokens) -> None:
    """Using it does, and voids those of the same user."""
    first, second, other = make(tokens), make(tokens), make(tokens, "other")
    assert tokens.find("reset", first, tenant_id="public") == tokens.find("reset", first, tenant_id="public")
    used = tokens.consume("reset", first, tenant_id="public", voids="user")
    assert used is not None
    assert (used.user_id, used.email, used.purpose) == ("user", "ada@example.com", "reset")
    assert tokens.find("reset", second, tenant_id="public") is None
    assert tokens.find("reset", other, tenant_id="public") is not None


def test_a_user_has_a_bounded_number_of_tokens(tokens: OneTimeTokens, clock: Clock) -> None:
    """The oldest go, and another user loses none."""
    other = make(tokens, "other")
    made: list[str] = []
    for _ in range(MAX_PER_USER + 2):
        clock.now_ms += 1
        made.append(make(tokens))
    found = [tokens.find("reset", token, tenant_id="public") is not None for token in made]
    assert found == [False, False] + [True] * MAX_PER_USER
    assert tokens.find("reset", other, tenant_id="public") is not None


def test_a_decoy_looks_like_a_token_and_is_none(storage: Storage, tokens: OneTimeTokens) -> None:
    """Nothing of it is kept."""
    decoy = tokens.create_decoy("reset", tenant_id="public", email="nobody@example.com")
    assert re.fullmatch(r"[A-Za-z0-9_-]{64}", decoy)
    assert tokens.find("reset", decoy, tenant_id="public") is None
    assert storage.part(ONE_TIME_TOKENS).purge_expired_tokens(2 * NOW_MS, 10) == 0


def test_tokens_of_a_user_are_revoked(tokens: OneTimeTokens) -> None:
    """Those that were sent to one address, or all."""
    token = make(tokens)
    assert tokens.revoke("reset", user_id="user", email="other@example.com") == 0
    assert tokens.revoke("reset", user_id="user", email="ada@example.com") == 1
    assert tokens.find("reset", token, tenant_id="public") is None


@attrs.frozen
class NoStore:
    """A store that must not be asked."""

    def part(self, part: StorePart[object]) -> object:
        message = f"{part.name} was asked for"
        raise AssertionError(message)


@given(
    st.text()
    | st.text(alphabet="abcXYZ019-_", min_size=60, max_size=68).filter(lambda token: len(token) != 64)
    | st.sampled_from(["a" * 64 + "\n", "a" * 63 + "=", "a" * 63 + "\xe9", "\ud800" * 64, "x" * 10_000_000])
)
def test_what_can_be_no_token_costs_neither_hash_nor_query(text: str) -> None:
    """Whatever it is, and however long."""
    tokens = OneTimeTokens(NoStore(), Clock(), Bytes())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  it must not be asked
    uses: list[Callable[[], object]] = [
        lambda: tokens.find("reset", text, tenant_id="public"),
        lambda: tokens.consume("reset", text, tenant_id="public", voids="user"),
    ]
    assert [use() for use in uses] == [None, None]
