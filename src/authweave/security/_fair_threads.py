"""Threads with a bounded and fair queue in front of them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, Generic, TypeVar

import attrs

from authweave._per_process import PerProcess

from ._fair_queue import FairQueue

R = TypeVar("R")


@attrs.frozen
class Turn:
    """
    Whose turn it is: clients take turns, and those of one client by account.

    Args:
        client: the address that asks; all that are not known are as one.
        account: the account that it asks for; None where there is none.
    """

    client: str | None = None
    account: str | None = attrs.field(default=None, repr=False)


NOBODY_KNOWN: Final = Turn()


class FairThreads:
    """
    Have work done in threads, a bounded amount of it, and let those who ask take turns (`FairQueue`).

    Any thread may hand in work. After a fork the child has threads and a queue of its own.

    Args:
        at_once: how many threads there are. They start when they are first needed.
        queue: how much work may wait beyond what is under way.
        name: of the threads.
        refusal: returns the error for what finds no place, or has to give up its own.
    """

    def __init__(self, at_once: int, queue: int, name: str, refusal: Callable[[], Exception]) -> None:
        self.at_once = at_once
        self.places: int = at_once + queue
        self._refusal = refusal
        self._crowd: PerProcess[Crowd] = PerProcess(lambda: Crowd(at_once, name))  # which starts no thread yet

    def submit(self, work: Callable[[], R], turn: Turn = NOBODY_KNOWN) -> Future[R]:
        """
        Have a thread call ``work`` when it is its turn. Where the future is cancelled, its place is free at once.

        Args:
            work: what to call.
            turn: whose it is.

        Returns:
            Its future, which fails with the refusal where the place is needed for others.

        Raises:
            Exception: the refusal; all places are taken, and none by somebody who has more of them.
            RuntimeError: the threads were closed.
        """
        crowd = self._crowd.get()
        request = Request(work, turn)
        with crowd.lock:
            crowd.begin_thread(turn.client)
            crowd.queue.add(request, turn.client, turn.account)
            dropped = crowd.queue.drop(turn.client, turn.account) if crowd.taken == self.places else None
            if dropped is not request:
                crowd.taken += 1
        if dropped is request:
            raise self._refusal()
        request.future.add_done_callback(lambda _done: crowd.leave(request))
        if dropped is not None and dropped.future.set_running_or_notify_cancel():
            dropped.future.set_exception(self._refusal())
        return request.future

    def close(self) -> None:
        """Let the work under way end, and drop what waits. Closing twice does nothing."""
        self._crowd.get().close()


@attrs.frozen(eq=False)
class Request(Generic[R]):
    """Work that waits."""

    work: Callable[[], R]
    turn: Turn
    future: Future[R] = attrs.field(factory=Future[R])

    def answer(self) -> None:
        """Do the work, unless nobody wants it any more."""
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            result = self.work()
        except BaseException as error:  # noqa: BLE001  it is raised where the work was handed in
            self.future.set_exception(error)
        else:
            self.future.set_result(result)


class Crowd:
    """
    The threads of one process, and who waits in front of them.

    Attributes:
        taken: how many places are.
    """

    def __init__(self, at_once: int, name: str) -> None:
        self.threads: ThreadPoolExecutor = ThreadPoolExecutor(at_once, thread_name_prefix=name)
        self.lock: threading.Lock = threading.Lock()
        self.queue: FairQueue[Request[Any]] = FairQueue()  # Any: each request is for what it likes
        self.taken: int = 0
        self._at_once = at_once
        self._begun = 0
        self._served: Counter[str | None] = Counter()
        self._is_closed = False

    def may_be_served(self, client: str | None) -> bool:
        """Return whether a client may have one thread more: none has all of them, so that the next finds one free."""
        return client is None or self._served[client] < max(self._at_once - 1, 1)

    def begin_thread(self, client: str | None) -> None:
        """
        Have another thread work, if a client who comes may have it. With the lock.

        Raises:
            RuntimeError: the threads were closed.
        """
        if self._is_closed:
            message = "The threads were closed."
            raise RuntimeError(message)
        if self._begun < self._at_once and self.may_be_served(client):
            self.threads.submit(self.work_off)
            self._begun += 1

    def work_off(self) -> None:
        """Answer what waits, until there is nothing that may be."""
        while request := self._take():
            request.answer()
            with self.lock:
                self._served[request.turn.client] -= 1
                self._served += Counter()  # which leaves out those of nought

    def _take(self) -> Request[Any] | None:  # Any: as above
        """Return what is next; None where the thread has nothing to do."""
        with self.lock:
            request = self.queue.next(self.may_be_served)
            if request is None:
                self._begun -= 1
            else:
                self._served[request.turn.client] += 1
            return request

    def leave(self, request: Request[Any]) -> None:  # Any: as above
        """Free a place."""
        with self.lock:
            self.queue.discard(request, request.turn.client, request.turn.account)
            self.taken -= 1

    def close(self) -> None:
        """Let the work under way end, and drop what waits."""
        with self.lock:
            self._is_closed = True
            waiting = self.queue.clear()
        for request in waiting:
            request.future.cancel()
        self.threads.shutdown(wait=True)
