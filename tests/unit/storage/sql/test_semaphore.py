import signal
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from authweave.storage.sql._semaphore import FairSemaphore
from tests.patience import PATIENCE_S


def test_places_are_given_out_in_the_order_in_which_they_are_asked_for() -> None:
    """Who gives a place back and asks again at once comes after those who waited."""
    semaphore = FairSemaphore(1)
    assert semaphore.acquire(0)
    order: list[int] = []

    def take(number: int) -> None:
        assert semaphore.acquire(PATIENCE_S)
        order.append(number)
        semaphore.release()

    with ThreadPoolExecutor(3) as threads:
        waiting: list[Future[None]] = []
        for number in range(3):
            waiting.append(threads.submit(take, number))
            while semaphore.waiting <= number:  # until it waits: nobody else can tell
                pass
        semaphore.release()
        assert semaphore.acquire(PATIENCE_S)
        order.append(3)
    assert order == [0, 1, 2, 3]


def test_who_waited_too_long_takes_no_place_away() -> None:
    """After a timeout the place goes to the next who asks."""
    semaphore = FairSemaphore(2)
    assert semaphore.acquire(0)
    assert semaphore.acquire(0)
    assert not semaphore.acquire(0.001)
    semaphore.release()
    assert semaphore.acquire(0)
    assert not semaphore.acquire(0)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="alarms are POSIX")
def test_who_is_interrupted_while_waiting_takes_no_place_away() -> None:
    """An exception that a signal's handler raises in the main thread, as time limits of task queues do, costs none."""
    semaphore = FairSemaphore(1)
    assert semaphore.acquire(0)

    def interrupt(*_: object) -> None:
        raise InterruptedError

    def wait() -> None:
        signal.setitimer(signal.ITIMER_REAL, 0.01)  # maybe before it waits: it has taken none then
        semaphore.acquire(PATIENCE_S)

    former = signal.signal(signal.SIGALRM, interrupt)
    try:
        with pytest.raises(InterruptedError):
            wait()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)
    semaphore.release()
    assert semaphore.acquire(0)
