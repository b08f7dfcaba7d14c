import asyncio
import os
import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import cast

import pytest

from authweave.security import (
    MAX_PASSWORD_BYTES,
    BusyError,
    ClosedError,
    PasswordHasher,
    PasswordTooLongError,
    Turn,
)
from authweave.security._argon2 import Argon2
from authweave.security.passwords import MEMORY_KIB, PARALLELISM, TIME_COST
from tests.patience import PATIENCE_S


def cheap(*, at_once: int = 1, queue: int = 100, time_cost: int = 1) -> PasswordHasher:
    """Return a hasher that costs next to nothing."""
    return PasswordHasher(memory_kib=8, time_cost=time_cost, at_once=at_once, queue=queue)


@pytest.fixture
def hasher() -> Iterator[PasswordHasher]:
    """Return a hasher of one thread."""
    hasher = cheap()
    yield hasher
    hasher.close()


class Gate(threading.Event):
    """An event for which every thread that hashes "held" waits, and which counts those that do."""

    def __init__(self) -> None:
        super().__init__()
        self.arrivals = threading.Semaphore(0)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    """Return a gate."""
    gate = Gate()
    hash_at_once = Argon2.hash

    def hash_at_the_gate(self: Argon2, password: bytes) -> str:
        if password == b"held":
            gate.arrivals.release()
            gate.wait()
        return hash_at_once(self, password)

    monkeypatch.setattr(Argon2, "hash", hash_at_the_gate)
    return gate


async def started(
    hasher: PasswordHasher, gate: Gate, *passwords: str, client: str | None = None
) -> list[asyncio.Task[str]]:
    """Start hashing, and return when each that is held has its thread, and the others their places in the queue."""
    tasks = [asyncio.create_task(hasher.hash(password, turn=Turn(client))) for password in passwords]
    await asyncio.sleep(0)
    for _ in range(passwords.count("held")):
        await asyncio.to_thread(gate.arrivals.acquire)
    return tasks


def test_the_defaults_are_what_owasp_asks_for() -> None:
    """A hash says in its own text that it is Argon2id with 19 MiB, 2 passes and 1 lane."""
    hasher = PasswordHasher(at_once=1)
    assert asyncio.run(hasher.hash("x")).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert (MEMORY_KIB, TIME_COST, PARALLELISM) == (19 * 1024, 2, 1)
    hasher.close()


@pytest.mark.parametrize(
    "password", ["correct horse", "", "pässwörd\0with nul", "half \ud800", "x" * MAX_PASSWORD_BYTES]
)
def test_the_password_that_was_hashed_is_right_and_no_other_is(hasher: PasswordHasher, password: str) -> None:
    """Any text can be a password; another one, also one that only begins the same, is wrong."""

    async def check() -> None:
        hashed = await hasher.hash(password)
        assert hashed != await hasher.hash(password)
        assert await hasher.verify(hashed, password)
        assert not await hasher.verify(hashed, f"{password}x")
        assert not await hasher.verify(hashed, password[:-1] or "y")

    asyncio.run(check())


@pytest.mark.parametrize("stored", [None, "", "not a hash", "$2b$12$bcrypt", "$argon2id$v=19$m=8,t=1,p=1$broken"])
def test_without_a_hash_nothing_is_right(hasher: PasswordHasher, stored: str | None) -> None:
    """No user, or a hash of another kind, answers no, not with an error."""
    assert not asyncio.run(hasher.verify(stored, "x"))


def test_the_same_work_is_done_without_a_user(hasher: PasswordHasher, monkeypatch: pytest.MonkeyPatch) -> None:
    """No user, a hash of another kind and a password too long each cost one Argon2 of the same parameters."""
    verified: list[str] = []
    verify = Argon2.verify

    def recorded(self: Argon2, password_hash: str, password: bytes) -> bool:
        verified.append(password_hash)
        return verify(self, password_hash, password)

    monkeypatch.setattr(Argon2, "verify", recorded)
    hashed = asyncio.run(hasher.hash("x"))
    for stored, password in [(None, "x"), ("not a hash", "x"), (hashed, "x" * 5_000), (None, "x" * 5_000)]:
        verified.clear()
        assert not asyncio.run(hasher.verify(stored, password))
        assert sum(each.startswith("$argon2id$v=19$m=8,t=1,p=1$") for each in verified) == 1


def test_a_password_without_end_is_not_hashed(hasher: PasswordHasher) -> None:
    """More than 4096 bytes, not characters, are refused before any work."""
    with pytest.raises(PasswordTooLongError):
        asyncio.run(hasher.hash("ü" * (MAX_PASSWORD_BYTES // 2 + 1)))


def test_a_hash_of_other_parameters_needs_rehashing(hasher: PasswordHasher) -> None:
    """A hash made now does not; one made with other parameters, or by something else, does."""
    other = cheap(time_cost=2)
    assert not hasher.needs_rehash(asyncio.run(hasher.hash("x")))
    assert hasher.needs_rehash(asyncio.run(other.hash("x")))
    assert hasher.needs_rehash("$2b$12$bcrypt")
    other.close()


def test_beyond_the_queue_it_is_busy_at_once(gate: Gate) -> None:
    """With every thread and every place taken the next is turned away, and told when to come again."""
    hasher = cheap(at_once=2, queue=1)

    async def check() -> None:
        tasks = await started(hasher, gate, "held", "held", "x")
        with pytest.raises(BusyError) as caught:
            await hasher.hash("y")
        assert caught.value.retry_after_s >= 1
        assert caught.value.code == "busy"
        gate.set()
        assert all(await asyncio.gather(*tasks))
        assert await hasher.hash("y")

    asyncio.run(check())
    hasher.close()


def test_a_cancelled_waiter_gives_its_place_to_another(gate: Gate) -> None:
    """Who gives up while waiting frees the place at once; what is running frees it when it ends."""
    hasher = cheap(queue=1)

    async def check() -> None:
        running, waiting = await started(hasher, gate, "held", "x")
        for task in (running, waiting):
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        (other,) = await started(hasher, gate, "y")
        with pytest.raises(BusyError):
            await hasher.hash("z")
        gate.set()
        assert await other

    asyncio.run(check())
    hasher.close()


def test_the_event_loop_goes_on_meanwhile(gate: Gate) -> None:
    """While a hash is under way other tasks of the loop run."""
    hasher = cheap()

    async def check() -> None:
        (task,) = await started(hasher, gate, "held")
        for _ in range(10):
            await asyncio.sleep(0)
        assert not task.done()
        gate.set()
        assert await task

    asyncio.run(check())
    hasher.close()


def test_several_loops_share_a_hasher(hasher: PasswordHasher) -> None:
    """Loops of different threads get their own answers."""
    hashed = asyncio.run(hasher.hash("x"))
    answers: list[bool] = []
    threads = [
        threading.Thread(target=lambda: answers.append(asyncio.run(hasher.verify(hashed, "x")))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * 4


def test_who_fills_the_queue_is_turned_away_and_others_are_served(gate: Gate) -> None:
    """One client's many make room for another's few, which are next; it is the last of the many that go."""
    hasher = cheap(queue=4)
    served: list[str] = []

    def note(name: str, _done: object) -> None:
        served.append(name)

    async def check() -> None:
        (running,) = await started(hasher, gate, "held", client="many")
        many = await started(hasher, gate, "1", "2", "3", "4", client="many")
        (few,) = await started(hasher, gate, "5", client="few")
        (unknown,) = await started(hasher, gate, "6")
        for name, task in (("1", many[0]), ("2", many[1]), ("few", few), ("unknown", unknown)):
            task.add_done_callback(partial(note, name))
        for dropped in (many[3], many[2]):
            with pytest.raises(BusyError):
                await dropped
        with pytest.raises(BusyError):
            await hasher.hash("7", turn=Turn("many"))
        gate.set()
        assert all(await asyncio.gather(running, *many[:2], few, unknown))

    asyncio.run(check())
    hasher.close()
    assert served == ["1", "few", "unknown", "2"]


def test_closing_drops_who_waits_and_may_happen_twice(gate: Gate) -> None:
    """After closing nobody waits forever: the waiting are cancelled, and new ones are refused, again and again."""
    hasher = cheap(queue=1)

    async def check() -> None:
        running, waiting = await started(hasher, gate, "held", "x")
        closing = asyncio.create_task(asyncio.to_thread(hasher.close))
        with pytest.raises(asyncio.CancelledError):
            await waiting
        gate.set()
        assert await running
        await closing
        hasher.close()
        for _ in range(3):
            with pytest.raises(ClosedError):
                await hasher.hash("x")

    asyncio.run(check())


@pytest.mark.parametrize(("at_once", "queue"), [(0, 1), (1, -1)])
def test_bounds_that_make_no_sense_are_refused(at_once: int, queue: int) -> None:
    """No thread at all, or a queue shorter than nothing, is a mistake to report at once."""
    with pytest.raises(ValueError, match=f"at_once={at_once}.*queue={queue}"):
        cheap(at_once=at_once, queue=queue)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *[("at_once", value) for value in ("2", 1.5, True)],
        *[("wait_s", value) for value in ("2", True, None, float("inf"), float("nan"))],
        *[("queue", 1.5), ("memory_kib", "8"), ("time_cost", None), ("parallelism", 1.0)],
    ],
)
def test_an_option_of_the_wrong_type_is_named(option: str, value: object) -> None:
    """A program that no type checker has read hands over a text for a number, say."""
    make = cast("Callable[..., PasswordHasher]", PasswordHasher)  # checkers are not to read what it is handed
    with pytest.raises(ValueError, match=f"PasswordHasher: {option} has to be a"):
        make(**{option: value})


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forking is POSIX")
@pytest.mark.filterwarnings(
    "ignore:.*multi-threaded.*fork:DeprecationWarning"
)  # from Python 3.12 on; that is the point
def test_a_forked_child_hashes_too(hasher: PasswordHasher) -> None:
    """A server that forks after hashing goes on hashing in the child, where the parent's threads are not."""
    hashed = asyncio.run(hasher.hash("x"))
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if asyncio.run(asyncio.wait_for(hasher.verify(hashed, "x"), PATIENCE_S)) else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
