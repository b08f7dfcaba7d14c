"""Threads with a bounded and fair queue in front of them."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, Final, Generic, TypeVar

import attrs

from authweave._per_process import PerProcess

from ._fair_queue import FairQueue
from ._pace import Pace

R = TypeVar("R")

REQUEST_BYTES: Final = 32 * 1024
"""What a request holds while it waits, beside its body: a connection, tasks and frames; measured with Uvicorn."""

COPIES_OF_A_BODY: Final = 3
"""A body is held as it came, as text and as what was read from it."""


@attrs.frozen
class Turn:
    """
    Whose turn it is: clients take turns, and those of one client by account.

    Args:
        client: the address that asks; all that are not known are as one.
        account: the account that it asks for; None where there is none.
        body_bytes: how long the body is that is held while it waits.
    """

    client: str | None = None
    account: str | None = attrs.field(default=None, repr=False)
    body_bytes: int = 0

    @property
    def held_bytes(self) -> int:
        """What is held while it waits."""
        return REQUEST_BYTES + COPIES_OF_A_BODY * self.body_bytes


NOBODY_KNOWN: Final = Turn()


@attrs.frozen
class Bounds:
    """
    How much may wait.

    Args:
        queue: how much work, beyond what is under way.
        wait_s: for how long, in seconds, as work is done at the moment.
        held_bytes: what the requests hold that wait.
    """

    queue: float = math.inf
    wait_s: float = math.inf
    held_bytes: float = math.inf


class FairThreads:
    """
    Have work done in threads, a bounded amount of it, and let those who ask take turns (`FairQueue`).

    What would have to wait for too long is turned away at once. What was overtaken for too long by others, who took
    turns, is turned away then: so nothing waits for longer, and how long that is goes by the work that is done, not by
    a clock, which may leap.

    Any thread may hand in work. After a fork the child has threads and a queue of its own.

    Args:
        at_once: how many threads there are. They start when they are first needed.
        queue: how much work may wait beyond what is under way; None for as much as the other bounds let.
        name: of the threads.
        refusal: returns the error for what finds no place, or has to give up its own.
        wait_s: how long work may have to wait, in seconds.
        held_bytes: what requests that wait may hold together.
        each_s: how long a piece of work takes, as far as is known; it is measured from then on.
        at_rest: is called by a thread that has nothing to do for the moment.
        monotonic: tells seconds since some moment.
    """

    def __init__(
        self,
        at_once: int,
        queue: int | None,
        name: str,
        refusal: Callable[[], Exception],
        *,
        wait_s: float = math.inf,
        held_bytes: float = math.inf,
        each_s: float = 0.0,
        at_rest: Callable[[], None] = lambda: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        bounds = Bounds(math.inf if queue is None else queue, wait_s, held_bytes)
        self._refusal = refusal
        self._crowd: PerProcess[Crowd] = PerProcess(  # which starts no thread yet
            lambda: Crowd(at_once, name, bounds, Pace(each_s), at_rest, monotonic, self._refuse)
        )

    def submit(self, work: Callable[[], R], turn: Turn = NOBODY_KNOWN) -> Future[R]:
        """
        Have a thread call ``work`` when it is its turn. Where the future is cancelled, its place is free at once.

        Args:
            work: what to call.
            turn: whose it is.

        Returns:
            Its future, which fails with the refusal where the place is needed for others.

        Raises:
            Exception: the refusal; there is no room, and nobody has taken more of it.
            RuntimeError: the threads were closed.
        """
        crowd = self._crowd.get()
        request = Request(work, turn)
        with crowd.lock:
            dropped = crowd.admit(request)
        self._refuse([each for each in dropped if each is not request])  # also where there is no room for it even so
        if request in dropped:
            raise self._refusal()
        request.future.add_done_callback(lambda _done: crowd.leave(request))
        return request.future

    def wait_s(self) -> float:
        """Return how long it takes until all that waits has been begun."""
        crowd = self._crowd.get()
        with crowd.lock:
            return crowd.wait_s()

    def close(self) -> None:
        """Let the work under way end, and drop what waits. Closing twice does nothing."""
        self._crowd.get().close()

    def _refuse(self, dropped: Iterable[Request[Any]]) -> None:  # Any: as below
        """Tell those who have to give up their places."""
        for request in dropped:
            if request.future.set_running_or_notify_cancel():
                request.future.set_exception(self._refusal())


@attrs.frozen(eq=False)
class Request(Generic[R]):
    """Work that waits."""

    work: Callable[[], R]
    turn: Turn
    future: Future[R] = attrs.field(factory=Future[R])

    def do(self) -> Callable[[], None]:
        """Do the work, unless nobody wants it any more. Returns what tells the result."""
        if not self.future.set_running_or_notify_cancel():
            return lambda: None
        try:
            return partial(self.future.set_result, self.work())
        except BaseException as error:  # noqa: BLE001  it is raised where the work was handed in
            return partial(self.future.set_exception, error)


class Crowd:
    """
    The threads of one process, and who waits in front of them.

    Attributes:
        taken: how many places are, with those of work that is under way.
    """

    def __init__(
        self,
        at_once: int,
        name: str,
        bounds: Bounds,
        pace: Pace,
        at_rest: Callable[[], None],
        monotonic: Callable[[], float],
        refuse: Callable[[Iterable[Request[Any]]], None],  # Any: each request is for what it likes
    ) -> None:
        self.threads: ThreadPoolExecutor = ThreadPoolExecutor(at_once, thread_name_prefix=name)
        self.lock: threading.Lock = threading.Lock()
        self.queue: FairQueue[Request[Any]] = FairQueue(lambda request: request.turn.held_bytes)  # Any: as above
        self.taken: int = 0
        self._bounds = bounds
        self._pace = pace
        self._at_rest = at_rest
        self._monotonic = monotonic
        self._refuse = refuse
        self._at_once = at_once
        self._begun = 0
        self._served: Counter[str | None] = Counter()
        self._done_s = 0.0  # how long it took to do what was done, all threads together: time, as work tells it
        self._since_s: dict[Request[Any], float] = {}  # when each came that waits, by that time; Any: as above
        self._is_closed = False

    def admit(self, request: Request[Any]) -> list[Request[Any]]:  # Any: as above
        """
        Let a request wait, or another one no more. With the lock.

        Returns:
            Those that have to go, which may be the one that comes.

        Raises:
            RuntimeError: the threads were closed.
        """
        turn, bounds = request.turn, self._bounds
        self.begin_thread(turn.client)
        self.queue.add(request, turn.client, turn.account)
        self.taken += 1
        dropped: list[Request[Any]] = []  # Any: as above
        while self.queue.weight > bounds.held_bytes:
            dropped.append(self.queue.drop(turn.client, turn.account, heaviest=True))
        if self.taken - self._at_once > bounds.queue + len(dropped) or (not dropped and self.wait_s() > bounds.wait_s):
            dropped.append(self.queue.drop(turn.client, turn.account))
        self._since_s[request] = self._done_s
        for each in dropped:
            del self._since_s[each]
        if request in dropped:
            self.taken -= 1
        return dropped

    def wait_s(self) -> float:
        """Return how long it takes until all that waits has been begun. With the lock."""
        return max(self.taken - self._begun, 0) * self._pace.each_s / max(self._begun, 1)

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
            start_s = self._monotonic()
            answer = request.do()
            taken_s = self._monotonic() - start_s
            with self.lock:
                self._served[request.turn.client] -= 1
                self._served += Counter()  # which leaves out those of nought
                self._done_s += self._pace.note(taken_s) / max(self._begun, 1)
                late = self._overdue()
            answer()  # not before: who hears it may ask again at once, and was not overtaken by what he asked before
            self._refuse(late)
        self._at_rest()

    def _take(self) -> Request[Any] | None:  # Any: as above
        """Return what is next; None where the thread has nothing to do."""
        with self.lock:
            request = self.queue.next(self.may_be_served)
            if request is None:
                self._begun -= 1
            else:
                self._since_s.pop(request, None)
                self._served[request.turn.client] += 1
            return request

    def _overdue(self) -> list[Request[Any]]:  # Any: as above
        """Take out who has waited for too long while others took turns, if no thread is free. With the lock."""
        if len(self._since_s) <= self._begun - self._served.total():
            return []
        late: list[Request[Any]] = []  # Any: as above
        for request, since_s in self._since_s.items():
            if self._done_s - since_s <= self._bounds.wait_s:
                break
            late.append(request)
        for request in late:
            del self._since_s[request]
            self.queue.discard(request, request.turn.client, request.turn.account)
        return late

    def leave(self, request: Request[Any]) -> None:  # Any: as above
        """Free a place."""
        with self.lock:
            self._since_s.pop(request, None)
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
