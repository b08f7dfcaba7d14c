"""The schedule of keys, and which algorithm each has. With ES256, whose keys are made quickly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authweave.kernel import UserContext
from authweave.recipe import session
from authweave.recipe.session.exceptions import TryRefreshTokenError
from authweave.recipe.session.interfaces import SessionContainer
from authweave.recipe.session.keys.schedule import AHEAD_MS, REFRESH_MS, STALE_MS
from authweave.recipe.session.setup import SessionSetup
from authweave.security import Algorithm, ServerSecret, parse_access_token
from authweave.storage.memory import MemoryStorage
from authweave.types import ConfigurationError, RecipeUserId
from tests.unit.recipe.session.serving import DAY_MS, HOUR_MS, Bench, HandClock, bench, run

INTERVAL_MS = 7 * DAY_MS
VALIDITY_MS = HOUR_MS


def setup(interval_s: int = INTERVAL_MS // 1000, validity_s: int = VALIDITY_MS // 1000) -> SessionSetup[UserContext]:
    """Return the recipe with keys that are made quickly."""
    return session.init(
        access_token_signing_algorithm="ES256",
        access_token_signing_key_update_interval_s=interval_s,
        access_token_validity_s=validity_s,
    )


def with_algorithm(algorithm: Algorithm | None, *, dynamic: bool = True) -> SessionSetup[UserContext]:
    """Return the recipe with an algorithm, or with none said."""
    return session.init(access_token_signing_algorithm=algorithm, use_dynamic_access_token_signing_key=dynamic)


def fresh(storage: MemoryStorage | None = None, clock: HandClock | None = None) -> Bench:
    """Build the recipe on a store without keys."""
    return bench(setup(), storage=storage or MemoryStorage(), clock=clock)


def signed_in(made: Bench) -> SessionContainer:
    """Create a session, and let the background catch up."""
    held = run(made.functions.create_new_session("u", RecipeUserId("u"), None, None, True, "public", {}))
    made.later.run()
    return held


def passes(made: Bench, held: SessionContainer) -> bool:
    """Return whether an access token verifies, and let the background catch up."""
    try:
        run(made.functions.get_session(held.get_access_token(), None, False, True, False, None, {}))
    except TryRefreshTokenError:
        return False
    finally:
        made.later.run()
    return True


def kid_of(held: SessionContainer) -> str:
    """Return the id of the key that signed a session's access token."""
    token = parse_access_token(held.get_access_token())
    assert token is not None
    return token.kid


def published(made: Bench) -> list[str]:
    """Return the ids of the keys that others read."""
    return [str(key["kid"]) for key in run(made.recipe.public_keys())]


def test_a_key_is_replaced_on_schedule() -> None:
    """After a week of use the next key is made, published before it signs, and the former verifies what it signed."""
    made = fresh()
    first = kid_of(signed_in(made))
    made.clock.now_ms += INTERVAL_MS - 1
    assert kid_of(signed_in(made)) == first
    assert published(made) == [first]
    made.clock.now_ms += REFRESH_MS
    assert kid_of(signed_in(made)) == first
    (second, _) = published(made)
    made.clock.now_ms += AHEAD_MS - 1
    last_of_first = signed_in(made)
    assert kid_of(last_of_first) == first
    made.clock.now_ms += 1
    assert kid_of(signed_in(made)) == second
    assert published(made) == [second, first]
    made.clock.now_ms += VALIDITY_MS - 2_000
    assert passes(made, last_of_first)


def test_an_old_key_goes_when_its_last_token_has_expired() -> None:
    """Then it is published no more, and deleted from the store."""
    made = fresh()
    first = kid_of(signed_in(made))
    made.clock.now_ms += INTERVAL_MS
    signed_in(made)
    made.clock.now_ms += AHEAD_MS + VALIDITY_MS + 2 * STALE_MS - 1
    assert first in published(made)
    made.clock.now_ms += 1
    assert first not in published(made)
    made.clock.now_ms += REFRESH_MS
    signed_in(made)
    assert [key.slot for key in made.storage.signing_keys()] == ["dynamic-1"]
    assert kid_of(signed_in(made)) == made.storage.signing_keys()[0].kid


def test_a_key_is_known_to_all_before_it_signs() -> None:
    """A process that is in use knows the next key before any other signs with it."""
    storage, clock = MemoryStorage(), HandClock()
    one, other = fresh(storage, clock), fresh(storage, clock)
    held = signed_in(one)
    clock.now_ms += INTERVAL_MS
    signed_in(one)
    for _ in range(AHEAD_MS // REFRESH_MS):
        clock.now_ms += REFRESH_MS
        signed_in(other)
    newest = signed_in(one)
    assert kid_of(newest) != kid_of(held)
    assert passes(other, newest)


def test_a_process_that_slept_reads_the_keys_before_it_signs() -> None:
    """A process that was not used for weeks signs with the key of the others, not with one that is over."""
    storage, clock = MemoryStorage(), HandClock()
    one, other = fresh(storage, clock), fresh(storage, clock)
    first = kid_of(signed_in(other))
    for _ in range(3):
        clock.now_ms += INTERVAL_MS
        signed_in(one)
        clock.now_ms += AHEAD_MS
        signed_in(one)
    current = kid_of(signed_in(one))
    assert current != first
    assert kid_of(signed_in(other)) == current
    assert passes(one, signed_in(other))


@given(steps=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3 * HOUR_MS)), min_size=1, max_size=40))
def test_processes_agree_without_talking(steps: list[tuple[int, int]]) -> None:
    """
    Whichever process is used when, each slot has one key, and no token is refused for its key.

    A process that was not used meanwhile may ask for one refresh, and reads the keys.
    """
    storage, clock = MemoryStorage(), HandClock()
    setting = setup(interval_s=3_600, validity_s=600)
    all_of = [bench(setting, storage=storage, clock=clock) for _ in range(3)]
    for which, wait_ms in steps:
        clock.now_ms += wait_ms
        held = signed_in(all_of[which])
        for each in all_of:
            if not passes(each, held):
                clock.now_ms += 500
                passes(each, held)
                assert passes(each, held)
    slots = [key.slot for key in storage.signing_keys()]
    assert len(set(slots)) == len(slots)


def test_a_change_of_algorithm() -> None:
    """The next key is made at once and signs after it was published; tokens of the former verify until they expire."""
    clock = HandClock()
    before = bench(with_algorithm("RS256"), storage=MemoryStorage(), clock=clock)
    old = signed_in(before)
    after = bench(setup(), storage=before.storage, clock=clock)
    assert passes(after, old)
    clock.now_ms += REFRESH_MS
    signed_in(after)
    clock.now_ms += AHEAD_MS
    new = signed_in(after)
    token = parse_access_token(new.get_access_token())
    assert token is not None
    assert token.algorithm == "ES256"
    assert passes(after, new)
    assert passes(after, old)
    assert [key["alg"] for key in run(after.recipe.public_keys())] == ["ES256", "RS256"]


def test_static_keys_stay() -> None:
    """A static key is not replaced in time, and each algorithm has one of its own."""
    made = bench(session.init(use_dynamic_access_token_signing_key=False, access_token_signing_algorithm="ES256"))
    kid = kid_of(signed_in(made))
    made.clock.now_ms += 10 * INTERVAL_MS
    assert kid_of(signed_in(made)) == kid
    assert [key.slot for key in made.storage.signing_keys() if key.kid == kid] == ["static-ES256"]


def static(algorithm: Algorithm | None, storage: MemoryStorage, clock: HandClock) -> Bench:
    """Build the recipe with a key that stays."""
    return bench(with_algorithm(algorithm, dynamic=False), storage=storage, clock=clock)


def test_a_static_key_of_another_algorithm_is_published_first() -> None:
    """The former key signs while others may not have read the new one; changed back, the former signs at once."""
    storage, clock = MemoryStorage(), HandClock()
    first = kid_of(signed_in(static("ES256", storage, clock)))
    clock.now_ms += DAY_MS
    after = static("RS256", storage, clock)
    assert kid_of(signed_in(after)) == first
    assert len(published(after)) == 2
    clock.now_ms += AHEAD_MS - 1
    assert kid_of(signed_in(after)) == first
    clock.now_ms += 1
    last = signed_in(after)
    assert {kid_of(last), first} == set(published(after))
    assert kid_of(last) != first
    back = static("ES256", storage, clock)
    assert kid_of(signed_in(back)) == first
    assert passes(back, last)


def test_the_first_static_key_signs_at_once() -> None:
    """So does one after the only one was deleted: there is none to sign with meanwhile."""
    storage, clock = MemoryStorage(), HandClock()
    made = static("ES256", storage, clock)
    first = kid_of(signed_in(made))
    assert published(made) == [first]
    storage.remove_signing_key(first)
    clock.now_ms += STALE_MS
    second = kid_of(signed_in(made))
    assert published(made) == [second]
    assert second != first


def test_keys_that_were_all_deleted() -> None:
    """An operator may delete all keys: the next session has a new one, and older tokens are to be refreshed."""
    made = fresh()
    old = signed_in(made)
    assert made.storage.remove_signing_key(kid_of(old))
    made.clock.now_ms += STALE_MS
    new = signed_in(made)
    assert kid_of(new) != kid_of(old)
    assert passes(made, new)
    assert not passes(made, old)


def test_an_interval_that_is_too_short() -> None:
    """An interval in which a key would not become known everywhere is refused, and so is an unknown algorithm."""
    with pytest.raises(ConfigurationError, match="600"):
        bench(session.init(access_token_signing_key_update_interval_s=599))
    with pytest.raises(ConfigurationError, match="'RS256', 'ES256'"):
        bench(session.init(access_token_signing_algorithm="none"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  it is the test


def test_the_secret_of_the_keys() -> None:
    """A key that was stored by this application opens in the next one with the same secret."""
    secret = ServerSecret(b"a secret of its own, 32 bytes it is")
    made = bench(setup(), secret=secret)
    held = signed_in(made)
    assert passes(bench(setup(), storage=made.storage, secret=secret, clock=made.clock), held)


def test_two_algorithms_at_once() -> None:
    """While processes of two settings run side by side, keys follow upon each other no faster than they can sign."""
    storage, clock = MemoryStorage(), HandClock()
    old = bench(with_algorithm("RS256"), storage=storage, clock=clock)
    first = kid_of(signed_in(old))
    new = bench(setup(), storage=storage, clock=clock)
    held = signed_in(new)
    for _ in range(AHEAD_MS // REFRESH_MS):
        clock.now_ms += REFRESH_MS
        for each in (new, old):
            signed_in(each)
            assert passes(each, held)
    assert first in published(new)
    assert len(storage.signing_keys()) <= 3


def test_a_clock_that_was_years_ahead_for_a_while() -> None:
    """A key that was made by a wrong clock does not stop the rotation: others follow, and the former one goes."""
    made = fresh()
    first = kid_of(signed_in(made))
    right_ms = made.clock.now_ms
    made.clock.now_ms += 3650 * DAY_MS
    signed_in(made)
    made.clock.now_ms = right_ms + INTERVAL_MS
    assert kid_of(signed_in(made)) == first
    made.clock.now_ms += AHEAD_MS
    assert kid_of(signed_in(made)) not in {first, f"d-{right_ms + 3650 * DAY_MS}"}
    made.clock.now_ms += VALIDITY_MS + 2 * STALE_MS
    signed_in(made)
    assert [key.slot for key in made.storage.signing_keys()] == ["dynamic-2"]


def test_a_change_of_algorithm_after_a_wrong_clock() -> None:
    """A key that was dated years ahead does not hold up a change of the algorithm."""
    made = bench(with_algorithm("RS256"), storage=MemoryStorage())
    old = signed_in(made)
    made.clock.now_ms += 3650 * DAY_MS
    signed_in(made)
    made.clock.now_ms -= 3649 * DAY_MS
    after = bench(setup(), storage=made.storage, clock=made.clock)
    after.later.run()
    after.clock.now_ms += AHEAD_MS
    new = parse_access_token(signed_in(after).get_access_token())
    assert new is not None
    assert new.algorithm == "ES256"
    assert kid_of(old) in published(after)


def algorithms(made: Bench) -> list[str]:
    """Return the algorithms of the keys that are stored, in the order of their slots."""
    return [key.algorithm for key in sorted(made.storage.signing_keys(), key=lambda key: key.slot)]


@pytest.mark.parametrize("dynamic", [True, False])
def test_the_first_key_of_rsa_is_made_beside_the_requests(*, dynamic: bool) -> None:
    """It takes long, so it is made as soon as the application is built; one of ES256 when it is needed."""
    made = bench(with_algorithm("RS256", dynamic=dynamic), storage=MemoryStorage())
    assert made.storage.signing_keys() == ()
    assert made.later.run() == 1
    assert algorithms(made) == ["RS256"]
    assert kid_of(signed_in(made)) == made.storage.signing_keys()[0].kid
    quick = bench(with_algorithm(None, dynamic=dynamic), storage=MemoryStorage())
    assert (quick.later.run(), quick.storage.signing_keys()) == (0, ())


def test_a_static_key_of_rsa_is_made_beside_the_requests() -> None:
    """After a change, too: whoever comes first gets a token of the former key, and does not wait."""
    storage, clock = MemoryStorage(), HandClock()
    first = kid_of(signed_in(static("ES256", storage, clock)))
    after = static("RS256", storage, clock)
    held = run(after.functions.create_new_session("u", RecipeUserId("u"), None, None, True, "public", {}))
    assert (kid_of(held), algorithms(after)) == (first, ["ES256"])
    after.later.run()
    assert algorithms(after) == ["RS256", "ES256"]


def test_a_key_of_another_kind_has_the_algorithm_that_there_is() -> None:
    """Where nothing is said, a kind of which there is no key yet follows the other."""
    storage, clock = MemoryStorage(), HandClock()
    signed_in(bench(with_algorithm("RS256"), storage=storage, clock=clock))
    unsaid = static(None, storage, clock)
    signed_in(unsaid)
    assert algorithms(unsaid) == ["RS256", "RS256"]
    clock.now_ms += REFRESH_MS
    signed_in(bench(setup(), storage=storage, clock=clock))  # who says something says it for both kinds
    clock.now_ms += AHEAD_MS
    assert kid_of(signed_in(unsaid)) == next(key.kid for key in storage.signing_keys() if key.slot == "static-ES256")
    assert algorithms(unsaid) == ["RS256", "ES256", "RS256", "ES256"]


def test_a_store_without_keys_is_new() -> None:
    """After all keys were deleted, the next one is of the default."""
    made = bench(with_algorithm("RS256"), storage=MemoryStorage())
    kid = kid_of(signed_in(made))
    made.storage.remove_signing_key(kid)
    unsaid = bench(with_algorithm(None), storage=made.storage, clock=made.clock)
    signed_in(unsaid)
    assert algorithms(unsaid) == ["ES256"]
