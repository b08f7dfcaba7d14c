"""How much may wait: by the time that it takes, by memory and by number; and nobody waits for longer."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import Future

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authweave.security import BusyError, PasswordHasher
from authweave.security._fair_threads import REQUEST_BYTES, FairThreads, Turn
from tests.patience import PATIENCE_S


class RefusedError(Exception):
    """Stands for the refusal."""


@attrs.define
class Clock:
    """A clock that work turns."""

    now_s: float = 0.0

    def __call__(self) -> float:
        return self.now_s


@attrs.define
class Desk:
    """One thread, whose work takes a second by its clock, and ends when it is let."""

    wait_s: float = 10.0
    queue: int | None = None
    held_bytes: float = 1e9
    takes_s: float = 1.0
    clock: Clock = attrs.field(factory=Clock)
    begun: list[int] = attrs.field(factory=list[int])
    _arrived: threading.Semaphore = attrs.field(factory=lambda: threading.Semaphore(0))
    _let: threading.Semaphore = attrs.field(factory=lambda: threading.Semaphore(0))
    _asked: int = 0
    threads: FairThreads = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.threads = FairThreads(
            1,
            self.queue,
            "test",
            RefusedError,
            wait_s=self.wait_s,
            held_bytes=self.held_bytes,
            each_s=self.takes_s,
            monotonic=self.clock,
        )

    def ask(self, client: str | None = None, body_bytes: int = 0) -> Future[None] | None:
        """Hand in work; None where it is refused at once. Its number is how many were asked for before."""
        number, self._asked = self._asked, self._asked + 1

        def work() -> None:
            self.begun.append(number)
            self._arrived.release()
            assert self._let.acquire(timeout=PATIENCE_S)
            self.clock.now_s += self.takes_s

        try:
            return self.threads.submit(work, Turn(client, None, body_bytes))
        except RefusedError:
            return None

    def begins(self) -> None:
        """Wait until the next work has begun."""
        assert self._arrived.acquire(timeout=PATIENCE_S)

    def end_one(self) -> None:
        """Let the work end that is under way."""
        self._let.release()

    def close(self, left: int) -> None:
        """Let all that is left end."""
        for _ in range(left):
            self._let.release()
        self.threads.close()


def occupied(desk: Desk, client: str | None = None) -> Future[None]:
    """Have something under way."""
    first = desk.ask(client)
    assert first is not None
    desk.begins()
    return first


def test_so_much_waits_as_is_done_in_the_time() -> None:
    """Ten seconds of work, and not a piece more; when one is done there is room for one."""
    desk = Desk()
    first = occupied(desk)
    waiting = [desk.ask() for _ in range(12)]
    assert [each is not None for each in waiting] == [True] * 10 + [False] * 2
    assert desk.threads.wait_s() == 10
    desk.end_one()
    first.result(PATIENCE_S)
    desk.begins()
    assert desk.ask() is not None
    assert desk.ask() is None
    desk.close(20)


def test_a_slower_machine_lets_fewer_wait() -> None:
    """What is measured decides, and who was let in when it was faster keeps his place."""
    desk = Desk(wait_s=100.0)
    first = occupied(desk)
    waiting = [desk.ask() for _ in range(60)]
    assert None not in waiting
    desk.takes_s = 8.0
    for _ in range(8):
        desk.end_one()
        desk.begins()
    assert desk.ask() is None
    assert desk.threads.wait_s() > 100
    assert first.done()
    desk.close(100)


def test_nothing_may_wait_where_there_is_no_time_for_it() -> None:
    """A thread that is free serves all the same."""
    desk = Desk(wait_s=0.0)
    occupied(desk)
    assert desk.ask() is None
    desk.close(1)


def test_who_asks_again_at_the_answer_is_not_late() -> None:
    """What he asked before is done by then: it has not overtaken him, and no time is needed."""
    desk = Desk(wait_s=0.0)
    first, asked = occupied(desk, "lone"), list[Future[None] | None]()
    first.add_done_callback(lambda _done: asked.append(desk.ask("lone")))
    desk.end_one()
    desk.begins()
    desk.close(1)
    (second,) = asked
    assert second is not None
    assert second.result(PATIENCE_S) is None


def test_who_comes_to_a_free_thread_is_not_late() -> None:
    """Also where another's work ends before the thread has begun his."""
    clock, opened = Clock(), threading.Event()
    resting, rested = threading.Semaphore(0), threading.Event()

    def at_rest() -> None:
        resting.release()
        assert rested.wait(PATIENCE_S)

    threads = FairThreads(2, None, "test", RefusedError, wait_s=0.0, each_s=1.0, at_rest=at_rest, monotonic=clock)
    threads.submit(lambda: None, Turn("a")).result(PATIENCE_S)
    assert resting.acquire(timeout=PATIENCE_S)

    def work() -> None:
        assert opened.wait(PATIENCE_S)
        clock.now_s += 1.0

    other = threads.submit(work, Turn("a"))
    mine = threads.submit(lambda: None, Turn("b"))  # for the thread that rests
    opened.set()
    assert other.result(PATIENCE_S) is None
    assert mine.result(PATIENCE_S) is None
    rested.set()
    threads.close()


def test_a_number_holds_whatever_the_time() -> None:
    """For who sets it."""
    desk = Desk(queue=2)
    occupied(desk)
    assert [desk.ask() is not None for _ in range(3)] == [True, True, False]
    desk.close(3)


def test_who_holds_most_memory_goes_first() -> None:
    """Long bodies of one client are not what many short ones of others have to go for."""
    desk = Desk(wait_s=1e9, held_bytes=20 * REQUEST_BYTES)
    occupied(desk)
    long = [desk.ask("long", 2 * REQUEST_BYTES) for _ in range(2)]  # 7 each: itself, and three of its body
    short = [desk.ask(f"short {number}") for number in range(6)]
    assert None not in (*long, *short)
    other = desk.ask("other")
    assert other is not None
    assert isinstance(long[1].exception(0), RefusedError) if long[1] is not None else False
    assert not any(each is None or each.done() for each in (*short, long[0]))
    assert desk.ask("larger than all", 100 * REQUEST_BYTES) is None
    desk.close(20)


def test_all_who_have_to_go_are_told_so() -> None:
    """Also where the one they would make room for finds none even then: nobody is forgotten, and places are free."""
    desk = Desk(wait_s=1e9, held_bytes=20 * REQUEST_BYTES)
    occupied(desk)
    heavy = [desk.ask("heavy", 3 * REQUEST_BYTES) for _ in range(2)]  # 10 each
    assert desk.ask("not as heavy", 5 * REQUEST_BYTES) is None  # 16, which has no room beside one of them either
    first, second = heavy
    desk.close(20)
    assert first is not None
    assert second is not None
    assert second.done()
    assert isinstance(second.exception(0), RefusedError)
    assert desk.threads.wait_s() == 0


def test_who_is_overtaken_for_too_long_is_told_so() -> None:
    """Others who come take their turns before the last of many, who hears of it after ten seconds of work."""
    desk = Desk()
    occupied(desk, "many")
    many = [desk.ask("many") for _ in range(4)]
    refused_after: int | None = None
    for number in range(1, 30):
        assert desk.ask(f"other {number}") is not None
        assert desk.ask(f"another {number}") is not None or number > 5
        desk.end_one()
        desk.begins()
        if refused_after is None and many[-1] is not None and many[-1].done():
            refused_after = number
            assert isinstance(many[-1].exception(0), RefusedError)
            break
    assert refused_after is not None
    assert refused_after <= 11
    desk.close(100)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.sampled_from(["a", "b", "c", "d", None, "end"]), min_size=1, max_size=60),
    st.sampled_from([0.0, 2.0, 5.0]),
)
def test_nobody_waits_for_longer_and_nobody_has_to_go_for_who_has_more(steps: list[str | None], wait_s: float) -> None:
    """Whoever comes is begun or refused within the time; who has fewer waiting than another is let in."""
    desk = Desk(wait_s=wait_s)
    occupied(desk)
    ended = 0
    came: dict[int, tuple[str | None, Future[None], int]] = {}
    number = 0

    def waiting() -> Counter[str | None]:
        return Counter(
            client for key, (client, future, _) in came.items() if key not in desk.begun and not future.done()
        )

    for step in steps:
        if step == "end":
            if waiting():
                desk.end_one()
                desk.begins()
                ended += 1
        else:
            number += 1
            most = max(waiting().values(), default=0)
            future = desk.ask(step)
            if future is None:
                assert waiting()[step] + 1 >= most
                assert waiting().total() >= wait_s
            else:
                came[number] = (step, future, ended)
        for key, (_, future, since) in came.items():
            if key not in desk.begun and not future.done():
                assert ended - since <= wait_s
        assert waiting().total() <= wait_s
    desk.close(100)


class Ticking:
    """A clock that goes on by so many seconds whenever it is looked at."""

    def __init__(self, by_s: float) -> None:
        self.now_s = 0.0
        self.by_s = by_s

    def __call__(self) -> float:
        self.now_s += self.by_s
        return self.now_s


def test_a_refusal_says_when_there_is_room() -> None:
    """A hash takes two seconds by this clock, so five may wait; in ten seconds all of them are done."""
    hasher = PasswordHasher(memory_kib=8, time_cost=1, at_once=1, monotonic=Ticking(2.0))
    held, opened = threading.Event(), threading.Event()

    def work() -> None:
        held.set()
        assert opened.wait(PATIENCE_S)

    threads = hasher._threads  # pyright: ignore[reportPrivateUsage]  no event loop is needed
    futures = [threads.submit(work) for _ in range(6)]
    assert held.wait(PATIENCE_S)
    with pytest.raises(BusyError) as caught:
        threads.submit(work)
    assert caught.value.retry_after_s == 10
    opened.set()
    assert [each.result(PATIENCE_S) for each in futures] == [None] * 6
    assert threads.submit(lambda: None).result(PATIENCE_S) is None
    hasher.close()


@pytest.mark.parametrize("leap_s", [3_600.0, -3_600.0])
def test_a_clock_that_leaps_in_the_first_hash_is_not_believed(leap_s: float) -> None:
    """It is measured again, and as many are let in as are served in ten seconds."""
    readings = [0.0, leap_s]
    clock = Ticking(0.02)
    hasher = PasswordHasher(
        memory_kib=8, time_cost=1, at_once=1, monotonic=lambda: readings.pop(0) if readings else clock()
    )
    opened = threading.Event()
    threads = hasher._threads  # pyright: ignore[reportPrivateUsage]  no event loop is needed
    futures = [threads.submit(lambda: opened.wait(PATIENCE_S)) for _ in range(300)]
    assert 5.9 < threads.wait_s() < 6.1
    opened.set()
    assert [each.result(PATIENCE_S) for each in futures] == [True] * 300
    hasher.close()


def test_three_hundred_at_once_are_let_in() -> None:
    """As many as are served in ten seconds, where a hash takes 20 ms."""
    hasher = PasswordHasher(memory_kib=8, time_cost=1, at_once=1, monotonic=Ticking(0.02))
    opened = threading.Event()
    threads = hasher._threads  # pyright: ignore[reportPrivateUsage]  no event loop is needed
    futures = [threads.submit(lambda: opened.wait(PATIENCE_S)) for _ in range(300)]
    opened.set()
    assert [each.result(PATIENCE_S) for each in futures] == [True] * 300
    hasher.close()
