"""The keys that sign access tokens."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Never, ParamSpec, TypeVar

import pytest
from typing_extensions import override

from authweave.recipe import session
from authweave.recipe.session.exceptions import TryRefreshTokenError
from authweave.recipe.session.keys.meeting import EVERY_MS, Meeting
from authweave.recipe.session.keys.schedule import REFRESH_MS
from authweave.recipe.session.keys.signing_keys import RELOAD_MS, SigningKeys
from authweave.recipe.session.tokens.verification import UnknownKey, Verifier
from authweave.security import KeyDecryptionError, ServerSecret
from authweave.storage import KeyRecord, StorageBusyError, StorageError
from authweave.storage.memory import MemoryStorage
from tests.unit.recipe.session.serving import Bench, CountingLoop, HandClock, bench, dynamic_key, payload_of, run

P = ParamSpec("P")
R = TypeVar("R")

OTHER_SECRET = ServerSecret(b"another secret of 32 bytes, also")


def test_the_first_key_is_made_when_it_is_needed() -> None:
    """An application without keys makes one, stores it encrypted, and publishes its public half."""
    made = bench(secret=OTHER_SECRET)
    assert made.storage.signing_keys() == ()
    (public,) = run(made.recipe.public_keys())
    (stored,) = made.storage.signing_keys()
    assert public["kid"] == stored.kid == f"d-{made.clock.now_ms}"
    assert set(public) == {"kty", "kid", "crv", "x", "y", "alg", "use"}
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


def test_a_wrong_secret_shows_when_the_application_is_built() -> None:
    """The keys are read once at the start, so a secret that is not theirs is not found out by the first request."""
    made = bench()
    with pytest.raises(KeyDecryptionError):
        bench(storage=made.storage, secret=OTHER_SECRET)
    assert bench(secret=OTHER_SECRET).storage.signing_keys() == ()


def test_two_processes_share_their_keys() -> None:
    """What one process signed another verifies at once, though it started before there was a key."""
    storage, clock = MemoryStorage(), HandClock()
    one, other = (bench(storage=storage, clock=clock) for _ in range(2))
    client = run(one.sign_in())
    assert run(other.recipe.requests.get_session(client.request())) is not None
    assert other.loop.hops == 1
    assert run(other.recipe.requests.get_session(client.request())) is not None
    assert other.loop.hops == 1
    assert len(storage.signing_keys()) == 1


def test_many_threads_make_one_key() -> None:
    """Of many threads that need the first key at once, all get the same, and one is stored."""
    storage = MemoryStorage()
    keys = [bench(storage=storage).recipe.keys for _ in range(2)]
    with ThreadPoolExecutor(4) as pool:
        got = [pool.submit(keys[number % 2].current) for number in range(8)]
    assert {each.result().kid for each in got} == {storage.signing_keys()[0].kid}
    assert len(storage.signing_keys()) == 1


def asked(made: Bench, token: str) -> int:
    """Verify a token with an unknown key, and return how often the store was asked before the answer."""
    before = made.loop.hops
    with pytest.raises(TryRefreshTokenError):
        run(made.functions.get_session(token, None, False, True, False, None, {}))
    return made.loop.hops - before


def test_unknown_keys_do_not_flood_the_store() -> None:
    """Tokens with unknown keys make the store be asked 10 times in a row, and then every 500 ms."""
    token = run(bench(secret=OTHER_SECRET, clock=HandClock(1_000)).sign_in()).access_token
    made = bench()
    assert [asked(made, token) for _ in range(12)] == [1] * 10 + [0] * 2
    made.clock.now_ms += EVERY_MS - 1
    assert asked(made, token) == 0
    made.clock.now_ms += 1
    assert [asked(made, token) for _ in range(2)] == [1, 0]
    made.clock.now_ms -= 100 * EVERY_MS  # turned back
    assert asked(made, token) == 1


def test_many_meet_a_key_at_once() -> None:
    """Whoever comes while the keys are being read waits for that; the store is asked once for all."""

    async def scenario() -> None:
        storage, clock = MemoryStorage(), HandClock()
        one, other = (bench(storage=storage, clock=clock) for _ in range(2))
        client = await one.sign_in()
        read = other.recipe.keys.try_to_load
        begun, go_on = threading.Event(), threading.Event()

        def slow() -> None:
            begun.set()
            go_on.wait()
            read()

        met = Meeting(slow, asyncio.to_thread)
        waiting = [asyncio.create_task(met.read_once(clock())) for _ in range(50)]
        await asyncio.to_thread(begun.wait)
        waiting[0].cancel()  # whose reading it is; the others have it all the same
        go_on.set()
        ended = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(each) for each in ended] == [asyncio.CancelledError] + [bool] * 49
        assert await other.recipe.requests.get_session(client.request()) is not None
        assert other.loop.hops == 0

    asyncio.run(scenario())


def test_a_store_that_is_away() -> None:
    """Where the keys cannot be read, whoever waits goes on, and later ones try again: the token is refused."""
    tried: list[object] = []

    def busy(function: Callable[P, R], /, *_args: P.args, **_kwargs: P.kwargs) -> Awaitable[R]:
        tried.append(function)
        raise StorageBusyError("no room")

    met = Meeting(lambda: None, busy)
    for _ in range(3):
        asyncio.run(met.read_once(HandClock().now_ms))
    assert len(tried) == 3


def test_nobody_waits_for_a_store_that_hangs() -> None:
    """When its time is over all who wait go on, also where the first of them has left; nobody waits for it then."""

    async def scenario() -> None:
        begun, go_on, ended, late = threading.Event(), threading.Event(), threading.Event(), asyncio.Event()
        readings: list[None] = []

        def hanging() -> None:
            readings.append(None)
            begun.set()
            go_on.wait()

        def work(function: Callable[[], object]) -> None:
            function()
            ended.set()

        async def limited(function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
            threading.Thread(target=work, args=(partial(function, *args, **kwargs),)).start()
            await late.wait()
            raise StorageError("The store did not answer within 5 s")

        met = Meeting(hanging, limited)
        waiting = [asyncio.create_task(met.read_once(1_000)) for _ in range(3)]
        await asyncio.to_thread(begun.wait)
        waiting[0].cancel()
        late.set()
        found = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(each) for each in found] == [asyncio.CancelledError, bool, bool]
        await met.read_once(100_000)
        assert len(readings) == 1
        go_on.set()
        await asyncio.to_thread(ended.wait)
        ended.clear()
        await met.read_once(100_000)
        await asyncio.to_thread(ended.wait)
        assert len(readings) == 2

    asyncio.run(scenario())


def test_a_key_that_is_gone_when_it_has_been_met() -> None:
    """A key whose time was over, and that another thread deletes in this moment, refuses its tokens."""

    class Vanishing(SigningKeys):
        @override
        async def meet(self, kid: str) -> bool:
            return True

    made = bench()
    token = run(bench(secret=OTHER_SECRET, clock=HandClock(1_000)).sign_in()).access_token
    verifier = Verifier(Vanishing(made.recipe.keys.services, made.recipe.keys.config), made.clock)
    with pytest.raises(UnknownKey) as unknown:
        verifier.verify(token)
    with pytest.raises(TryRefreshTokenError):
        run(verifier.verify_newly_signed(token, unknown.value))


def test_a_store_that_hangs_is_asked_once() -> None:
    """While the keys are being read in the background, however long that takes, no further worker is sent there."""
    made = bench()
    for _ in range(5):
        made.clock.now_ms += RELOAD_MS
        assert made.recipe.keys.find("d-1000", made.clock.now_ms) is None
    assert made.later.run() == 1
    made.clock.now_ms += RELOAD_MS
    assert made.recipe.keys.find("d-1000", made.clock.now_ms) is None
    assert made.later.run() == 1


def test_keys_are_read_again_while_they_are_used() -> None:
    """Every 30 s of use the keys are read again, beside the requests; what an operator deleted verifies no more."""
    made = bench()
    client = run(made.sign_in())
    made.clock.now_ms += REFRESH_MS - 1
    assert run(made.recipe.requests.get_session(client.request())) is not None
    assert made.later.run() == 0
    assert made.storage.remove_signing_key(dynamic_key().kid)
    made.clock.now_ms += 1
    assert run(made.recipe.requests.get_session(client.request())) is not None
    assert made.later.run() == 1
    with pytest.raises(TryRefreshTokenError):
        run(made.recipe.requests.get_session(client.request()))


class FailingStorage(MemoryStorage):
    """A store whose keys cannot be read at times."""

    fails = False

    @override
    def signing_keys(self) -> tuple[KeyRecord, ...]:
        if self.fails:
            raise StorageError("away")
        return super().signing_keys()


def test_verifying_goes_on_without_the_store(caplog: pytest.LogCaptureFixture) -> None:
    """Where the store cannot be read, the keys that are known are used and published, and it is tried again."""
    storage = FailingStorage()
    storage.add_signing_key(dynamic_key())
    made = bench(storage=storage)
    client = run(made.sign_in())
    storage.fails = True
    for _ in range(3):
        made.clock.now_ms += REFRESH_MS
        assert run(made.recipe.requests.get_session(client.request())) is not None
        assert made.later.run() == 1
    assert len(run(made.recipe.public_keys())) == 1
    assert "StorageError" in caplog.text
    with pytest.raises(StorageError):
        run(made.sign_in())
    storage.fails = False
    assert run(made.sign_in()) is not None


def turned_away(*_: object) -> Never:
    """Stand for worker threads that are all taken."""
    raise StorageBusyError("too many wait")


def test_publishing_goes_on_where_the_store_is_overrun(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the store cannot even be asked, the keys that are known are published."""
    made = bench()
    published = run(made.recipe.public_keys())
    made.clock.now_ms += REFRESH_MS
    monkeypatch.setattr(CountingLoop, "__call__", turned_away)
    assert run(made.recipe.public_keys()) == published


def test_nothing_is_published_without_the_store() -> None:
    """Where there is no key yet and the store fails, the answer is its error, and not an empty list."""
    storage = FailingStorage()
    made = bench(storage=storage)
    storage.fails = True
    with pytest.raises(StorageError):
        run(made.recipe.public_keys())


def test_nothing_of_a_key_is_shown() -> None:
    """Printing the keys, or a stored one, shows nothing of them."""
    made = bench()
    run(made.sign_in())
    record: KeyRecord = made.storage.signing_keys()[0]
    assert "private_key" not in repr(record)
    assert not any(kind in repr(made.recipe.keys) for kind in ("RSA", "ECKey"))


def test_the_key_of_a_token() -> None:
    """A token names the key that signed it."""
    made = bench()
    client = run(made.sign_in())
    assert payload_of(f"x.{client.access_token.split('.')[0]}.x") == {
        "alg": "ES256",
        "typ": "JWT",
        "kid": made.storage.signing_keys()[0].kid,
        "version": "5",
    }
