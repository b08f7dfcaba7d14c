"""Who waits takes turns, by client and by account, and who has most makes room."""

from __future__ import annotations

import sys
import threading
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authweave.security._fair_queue import FairQueue
from authweave.security._fair_threads import FairThreads, Turn
from tests.patience import PATIENCE_S

Place = tuple[str | None, str | None]

names = st.none() | st.sampled_from(["a", "b", "c"])
places = st.tuples(names, names)


def filled(*waiting: Place) -> FairQueue[tuple[int, Place]]:
    """Return a queue in which these wait, in this order."""
    queue = FairQueue[tuple[int, Place]]()
    for number, place in enumerate(waiting):
        queue.add((number, place), *place)
    return queue


def all_of(queue: FairQueue[tuple[int, Place]]) -> list[tuple[int, Place]]:
    """Take everything out, in turn."""
    return [item for _ in range(len(queue)) if (item := queue.next()) is not None]


def test_another_client_is_next_after_one_of_many() -> None:
    """Whoever asks a hundred times is asked for one, then the others have their turns."""
    queue = filled(*[("many", "x")] * 100, ("few", "x"), (None, None))
    assert [place[0] for _, place in all_of(queue)[:4]] == ["many", "few", None, "many"]


def test_whose_turn_it_may_not_be_keeps_the_place() -> None:
    """Others are next meanwhile; with nobody else nothing is."""
    queue = filled(("a", "x"), ("a", "x"), ("b", "x"))
    assert queue.next(lambda client: client != "a") == (2, ("b", "x"))
    assert queue.next(lambda client: client != "a") is None
    assert [number for number, _ in all_of(queue)] == [0, 1]
    assert queue.next() is None


def test_accounts_of_one_client_take_turns_too() -> None:
    """Behind one address, one account that is guessed holds up no other; together they have the address's turns."""
    queue = filled(*[("office", "guessed")] * 3, ("office", "ada"), ("office", "bob"), ("home", "ada"))
    assert [place for _, place in all_of(queue)] == [
        ("office", "guessed"),
        ("home", "ada"),
        ("office", "ada"),
        ("office", "bob"),
        ("office", "guessed"),
        ("office", "guessed"),
    ]


@pytest.mark.parametrize(
    ("waiting", "last", "dropped"),
    [
        ([("a", "x"), ("a", "y"), ("b", "x")], ("b", "x"), 1),  # of the client with most
        ([("a", "x"), ("a", "x"), ("a", "y"), ("b", "x")], ("b", "x"), 1),  # and of its longest line
        ([("a", "x"), ("b", "x"), ("c", "x")], ("c", "x"), 2),  # of lines as long, that of who came last
        ([("a", "x"), ("a", "y"), ("a", "z")], ("a", "y"), 1),  # likewise of accounts
        ([(None, None), (None, None), ("a", None)], ("a", None), 1),
    ],
)
def test_the_last_of_the_longest_line_makes_room(waiting: list[Place], last: Place, dropped: int) -> None:
    """It is never somebody who has less than another."""
    queue = filled(*waiting)
    assert queue.drop(*last)[0] == dropped
    assert [number for number, _ in sorted(all_of(queue))] == [
        number for number in range(len(waiting)) if number != dropped
    ]


@pytest.mark.parametrize("heaviest", [False, True])
@pytest.mark.parametrize("of_one", [False, True])
def test_room_is_made_without_looking_at_all_that_wait(heaviest: bool, of_one: bool) -> None:
    """However many clients and accounts there are: a crowd that comes does not hold up the loop."""
    queue = FairQueue[int](lambda _item: 1)
    calls = 0

    def count(_frame: object, _event: str, _argument: object) -> None:
        nonlocal calls
        calls += 1

    for number in range(1000):
        queue.add(number, "one" if of_one else str(number), str(number))
    sys.setprofile(count)
    for number in range(20):
        queue.add(number, "one" if of_one else f"new {number}", f"new {number}")
        queue.drop("one" if of_one else f"new {number}", f"new {number}", heaviest=heaviest)
    sys.setprofile(None)
    assert calls < 20 * 200


@given(st.lists(places, max_size=40))
def test_turns_are_fair_and_lines_keep_their_order(waiting: list[Place]) -> None:
    """While two clients both wait, neither has two turns more than the other; of one place the first goes first."""
    taken = all_of(filled(*waiting))
    assert sorted(number for number, _ in taken) == list(range(len(waiting)))
    left, turns = Counter(client for client, _ in waiting), Counter[str | None]()
    for _, (client, _) in taken:
        turns[client] += 1
        left[client] -= 1
        still = [turns[each] for each, count in left.items() if count]
        assert not still or max(still) - min(still) <= 1
    for place in set(waiting):
        numbers = [number for number, each in taken if each == place]
        assert numbers == sorted(numbers)


@given(st.lists(st.tuples(places, st.sampled_from(["add", "next", "discard", "drop"])), max_size=60))
def test_what_goes_in_comes_out_once(steps: list[tuple[Place, str]]) -> None:
    """Whatever is done with it, it knows how many wait, and keeps nothing of whom it has served."""
    queue = filled()
    inside: dict[int, Place] = {}
    for number, (place, step) in enumerate(steps):
        if step == "add":
            queue.add((number, place), *place)
            inside[number] = place
        elif step == "discard":
            for item in list(inside.items())[:1]:
                assert queue.discard(item, *item[1])
                assert not queue.discard(item, *item[1])
                del inside[item[0]]
        elif inside:
            taken = queue.next() if step == "next" else queue.drop(*place)
            assert taken is not None
            del inside[taken[0]]
        assert len(queue) == len(inside)
    assert sorted(number for number, _ in queue.clear()) == sorted(inside)
    assert len(queue) == 0


def test_a_crowd_that_comes_and_goes_leaves_nothing_behind() -> None:
    """After any number of refusals and cancellations all places are free, and threads are called for what waits."""
    threads = FairThreads(1, 3, "test", lambda: RuntimeError("busy"))
    first = threads.submit(lambda: None)
    first.result()
    for number in range(300):
        asked = [threads.submit(lambda: None, Turn(str(number % 7))) for _ in range(3)]
        asked[number % 3].cancel()
        assert all(each.cancelled() or each.result() is None for each in asked)
    assert [threads.submit(lambda: None, Turn("last")).result() for _ in range(5)] == [None] * 5
    threads.close()


def test_one_client_never_has_all_threads() -> None:
    """However much he asks, the next client finds a thread free; those that are not known are no one client."""
    opened, begun = threading.Event(), threading.Semaphore(0)
    threads = FairThreads(3, 100, "test", lambda: RuntimeError("busy"))

    def held() -> None:
        begun.release()
        opened.wait()

    many = [threads.submit(held, Turn("many")) for _ in range(9)]
    assert all(begun.acquire(timeout=PATIENCE_S) for _ in range(2))
    threads.submit(lambda: None, Turn("few")).result(PATIENCE_S)
    assert sum(each.running() for each in many) == 2
    unknown = threads.submit(held)
    assert begun.acquire(timeout=PATIENCE_S)
    opened.set()
    assert [each.result(PATIENCE_S) for each in (*many, unknown)] == [None] * 10
    opened.clear()
    unknown_ones = [threads.submit(held) for _ in range(3)]
    assert all(begun.acquire(timeout=PATIENCE_S) for _ in range(10))  # also the seven of before
    opened.set()
    assert [each.result(PATIENCE_S) for each in unknown_ones] == [None] * 3
    threads.close()
