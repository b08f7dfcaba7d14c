"""The keys that sign access tokens."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from authweave.recipe import session
from authweave.recipe.session.exceptions import TryRefreshTokenError
from authweave.recipe.session.signing_keys import DYNAMIC, SigningKeys
from authweave.security import KeyDecryptionError, ServerSecret
from authweave.storage import KeyRecord
from authweave.storage.memory import MemoryStorage
from tests.unit.recipe.session.serving import Bench, CountingLoop, HandClock, bench, payload_of, run, services

OTHER_SECRET = ServerSecret(b"another secret of 32 bytes, also")


def test_the_first_key_is_made_when_it_is_needed() -> None:
    """An application without keys makes one, stores it encrypted, and publishes its public half."""
    made = bench(secret=OTHER_SECRET)
    assert made.storage.signing_keys() == ()
    (public,) = run(made.recipe.public_keys())
    (stored,) = made.storage.signing_keys()
    assert public["kid"] == stored.kid == f"d-{made.clock.now_ms}"
    assert set(public) == {"kty", "kid", "n", "e", "alg", "use"}
    assert b"PRIVATE" not in stored.private_key
    client = run(made.sign_in())
    assert run(made.recipe.requests.get_session(client.request())) is not None
    assert len(made.storage.signing_keys()) == 1


def test_a_static_key() -> None:
    """Where dynamic keys are switched off, a static one signs, and both kinds are published."""
    made = bench(session.init(use_dynamic_access_token_signing_key=False))
    kids = [str(key["kid"])[:2] for key in run(made.recipe.public_keys())]
    assert sorted(kids) == ["d-", "s-"]
    client = run(made.sign_in())
    assert run(made.recipe.requests.get_session(client.request())) is not None


def test_keys_of_another_secret() -> None:
    """Keys that were stored with another secret are an error that says so."""
    made = bench()
    with pytest.raises(KeyDecryptionError, match="secret"):
        run(bench(storage=made.storage, secret=OTHER_SECRET).recipe.public_keys())


def test_two_processes_share_their_keys() -> None:
    """What one process signed another verifies, though it started before there was a key."""
    storage, clock = MemoryStorage(), HandClock()
    one, other = (bench(storage=storage, clock=clock) for _ in range(2))
    client = run(one.sign_in())
    assert run(other.recipe.requests.get_session(client.request())) is not None
    assert len(storage.signing_keys()) == 1


def test_many_threads_make_one_key() -> None:
    """Of many threads that need the first key at once, all get the same, and one is stored."""
    storage = MemoryStorage()
    keys = [SigningKeys(services(storage, HandClock(), CountingLoop()), DYNAMIC) for _ in range(2)]
    with ThreadPoolExecutor(4) as pool:
        got = [pool.submit(keys[number % 2].ensure) for number in range(8)]
    assert {each.result().kid for each in got} == {storage.signing_keys()[0].kid}
    assert len(storage.signing_keys()) == 1


def asked(made: Bench, token: str) -> int:
    """Verify a token with an unknown key, and return how often the store was asked."""
    before = made.loop.hops
    with pytest.raises(TryRefreshTokenError):
        run(made.functions.get_session(token, None, False, True, False, None, {}))
    return made.loop.hops - before


def test_unknown_keys_do_not_flood_the_store() -> None:
    """Tokens with unknown keys make the store be asked every 500 ms at most."""
    token = run(bench(secret=OTHER_SECRET, clock=HandClock(1_000)).sign_in()).access_token
    made = bench()
    run(made.recipe.public_keys())
    made.clock.now_ms += 500
    assert [asked(made, token) for _ in range(3)] == [1, 0, 0]
    made.clock.now_ms += 499
    assert asked(made, token) == 0
    made.clock.now_ms += 1
    assert asked(made, token) == 1


def test_a_key_that_another_process_made_later() -> None:
    """A key that is stored while the application runs is found by the first token that names it."""
    made = bench()
    run(made.recipe.public_keys())
    source = bench(session.init(use_dynamic_access_token_signing_key=False))
    key = run(source.recipe.keys.current())
    stored = source.storage.signing_keys()
    made.clock.now_ms += 500
    assert run(made.recipe.keys.find(key.kid)) is None
    for record in stored:
        if record.kid == key.kid:
            made.storage.add_signing_key(record)
    assert run(made.recipe.keys.find(key.kid)) is None
    made.clock.now_ms += 500
    found = run(made.recipe.keys.find(key.kid))
    assert found is not None
    assert found.kid == key.kid


def test_nothing_of_a_key_is_shown() -> None:
    """Printing the keys, or a stored one, shows nothing of them."""
    made = bench()
    run(made.sign_in())
    record: KeyRecord = made.storage.signing_keys()[0]
    assert "private_key" not in repr(record)
    assert "RSA" not in repr(made.recipe.keys)


def test_the_key_of_a_token() -> None:
    """A token names the key that signed it."""
    made = bench()
    client = run(made.sign_in())
    assert payload_of(f"x.{client.access_token.split('.')[0]}.x") == {
        "alg": "RS256",
        "typ": "JWT",
        "kid": made.storage.signing_keys()[0].kid,
        "version": "5",
    }
