"""Runs several processes that serve on one socket: they start together, are replaced, and end in good order."""

from __future__ import annotations

import logging
import math
import signal
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import connection
from multiprocessing.context import SpawnContext, SpawnProcess
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

import attrs

from ._errors import WorkerError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

TICK_S: Final = 0.2
"""How long a signal or a message waits at most until it is seen."""

MINUTE_S: Final = 60.0
REPLACED_A_MINUTE: Final = 3
"""How many of each worker's successors are started in a minute, of all together: a request may be what kills them."""

KILL_AFTER_S: Final = 10.0
"""For how long a worker may close its store after the last request, before it is killed."""

logger: Final = logging.getLogger("authweave.serving")


class Teller:
    """
    What a worker tells its parent by: that it serves, or why it cannot.

    Attributes:
        pipe: the end that is written to.
    """

    def __init__(self, pipe: Connection[str, Any]) -> None:  # Any: nothing is read here
        self.pipe = pipe

    def serving(self) -> None:
        """Tell that requests are taken."""
        self.tell("")

    def failed(self, reason: str) -> None:
        """Tell why it cannot serve. The reason is shown: it has to have no secret."""
        self.tell(reason)

    def tell(self, said: str) -> None:
        """Write; a parent that has gone need not know."""
        with suppress(OSError):
            self.pipe.send(said)


@attrs.define(eq=False)
class Worker:
    """
    A process that serves, or is about to.

    Attributes:
        process: the process.
        pipe: what it tells comes here; see `Teller`.
        serves: whether it takes requests.
        reason: why it could not, as it told; empty where it did not.
        ends_by_s: when it is killed, by the monotonic clock, where it was told to end.
    """

    process: SpawnProcess
    pipe: Connection[Any, str]  # Any: nothing is written here
    serves: bool = False
    reason: str = ""
    ends_by_s: float = math.inf

    @classmethod
    def start(cls, target: Callable[[Teller], None]) -> Worker:
        """Start one, which calls a function that can be pickled."""
        spawning = SpawnContext()
        pipe, of_worker = spawning.Pipe(duplex=False)
        process = spawning.Process(target=target, args=(Teller(of_worker),))
        process.start()
        of_worker.close()
        return cls(process, pipe)

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self.process.is_alive()

    def hear(self) -> None:
        """Note what it told since the last time."""
        try:
            while self.pipe.poll():
                self.reason = self.pipe.recv()
                self.serves = not self.reason
        except (EOFError, OSError):
            return  # it has ended: the process says so

    def terminate(self) -> None:
        """Have it answer what it has begun, and end."""
        self.process.terminate()

    def wait(self, deadline_s: float) -> None:
        """Wait until it has ended; kill it at a time of the monotonic clock."""
        self.process.join(max(0.0, deadline_s - time.monotonic()))
        if self.is_alive:
            logger.error("Worker %s did not end, and is killed.", self.process.pid, extra={"event": "worker_killed"})
            self.process.kill()
            self.process.join()
        self.pipe.close()

    def ending(self) -> str:
        """Say how it ended: by which signal, or with which status."""
        code = self.process.exitcode
        if code is not None and code < 0:
            return f"was ended by {signal.Signals(-code).name}"
        return f"ended with status {code}"


@attrs.define
class Workers:
    """
    The processes that serve. `run` starts them, and replaces those that die until a signal ends all.

    Attributes:
        start: starts one.
        count: how many there are.
        graceful_stop_s: for how long requests that run may go on when they are told to end.
        clock: the monotonic one, in seconds.
        running: those that serve or are about to.
        leaving: those whose successor serves already; they answer what they have begun.
        replaced: when successors were started, in the last minute.
        asked: signals that have come and have not been looked at.
        has_started: whether all have served at once.
        is_waiting: whether too many have died, so that the next has to wait.
    """

    start: Callable[[], Worker]
    count: int
    graceful_stop_s: float
    clock: Callable[[], float] = time.monotonic
    running: list[Worker] = attrs.field(factory=list[Worker])
    leaving: list[Worker] = attrs.field(factory=list[Worker])
    replaced: deque[float] = attrs.field(factory=deque[float])
    asked: set[int] = attrs.field(factory=set[int])
    is_waiting: bool = False
    has_started: bool = False

    def run(self) -> None:
        """
        Serve until SIGTERM or SIGINT. SIGHUP replaces all, one after the other, by such that read the configuration.

        Raises:
            WorkerError: one of the first could not start, or later one while no other served; all were ended.
        """
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self.note)
        try:
            for _ in range(self.count):
                self.running.append(self.start())  # one by one: those that started are ended where the next cannot
            while not self.ends:
                self.look()
                if signal.SIGHUP in self.asked:
                    self.asked.discard(signal.SIGHUP)
                    self.reload()
                pause(*self.running)
        finally:
            self.end()

    def note(self, number: int, frame: FrameType | None) -> None:
        """Note a signal; handlers do no more than that."""
        del frame
        self.asked.add(number)

    @property
    def ends(self) -> bool:
        """Whether a signal said to end."""
        return bool({signal.SIGTERM, signal.SIGINT} & self.asked)

    def look(self) -> None:
        """
        Replace who has died, and kill who was told to end and does not.

        Raises:
            WorkerError: it died before it served, at the start or while no other serves.
        """
        for each in [*self.leaving]:
            if not each.is_alive or self.clock() >= each.ends_by_s:
                each.wait(each.ends_by_s)
                self.leaving.remove(each)
        for each in [*self.running]:
            if each.is_alive:
                each.hear()
                continue
            each.hear()  # what it told last
            self.running.remove(each)
            pid = each.process.pid
            if each.serves:
                logger.error("Worker %s %s.", pid, each.ending(), extra={"event": "worker_died", "worker": pid})
                continue
            self.tell_failure(each.reason or f"It {each.ending()}; the log says more.", pid)
        self.has_started = self.has_started or all(each.serves for each in self.running)
        while len(self.running) < self.count and self.may_replace():
            self.replaced.append(self.clock())
            try:
                self.running.append(self.start())
            except OSError as error:  # there is no memory, or no process more, for now
                self.tell_failure(str(error), None)

    def tell_failure(self, reason: str, pid: int | None) -> None:
        """
        Tell that a worker cannot start.

        Raises:
            WorkerError: it is one of the first, or no other serves.
        """
        if not self.has_started or not any(each.serves and each.is_alive for each in self.running):
            raise WorkerError(f"A worker cannot start. {reason}")
        said = "A worker cannot start: the others go on. %s"
        logger.error(said, reason, extra={"event": "successor_failed", "worker": pid})

    def may_replace(self) -> bool:
        """Return whether another successor may start now; say once where it has to wait."""
        while self.replaced and self.clock() - self.replaced[0] >= MINUTE_S:
            self.replaced.popleft()
        has_to_wait = len(self.replaced) >= REPLACED_A_MINUTE * self.count
        if has_to_wait and not self.is_waiting:
            said = "Workers die again and again: the next starts when %d have not been replaced within a minute."
            logger.critical(said, REPLACED_A_MINUTE * self.count, extra={"event": "workers_die"})
        self.is_waiting = has_to_wait
        return not has_to_wait

    def reload(self) -> None:
        """Replace all, each when its successor serves. Where one cannot start, those that are left go on."""
        for place, former in enumerate(self.running):
            try:
                successor = self.start()
            except OSError as error:
                self.tell_not_read(str(error))
                return
            while successor.is_alive and not successor.serves and not self.ends:
                pause(successor)
                successor.hear()
            successor.hear()
            if not successor.serves:
                successor.process.kill()
                successor.wait(time.monotonic())
                if not self.ends:
                    self.tell_not_read(successor.reason or successor.ending())
                return
            self.running[place] = successor
            self.leaving.append(former)
            former.ends_by_s = self.clock() + self.graceful_stop_s + KILL_AFTER_S
            former.terminate()
        logger.info("The configuration was read again.", extra={"event": "reloaded"})

    def tell_not_read(self, reason: str) -> None:
        """Tell that a successor could not take a place."""
        said = "The configuration was not read again: who served goes on. %s"
        logger.error(said, reason, extra={"event": "reload_failed"})

    def end(self) -> None:
        """End all, and wait for them."""
        everybody = [*self.running, *self.leaving]
        for each in everybody:
            each.terminate()
        deadline_s = time.monotonic() + self.graceful_stop_s + KILL_AFTER_S
        for each in everybody:
            each.wait(deadline_s)


def pause(*workers: Worker) -> None:
    """Wait until a worker dies or begins to serve, or a short time has passed."""
    until: list[int | Connection[Any, str]] = [each.process.sentinel for each in workers]  # Any: as above
    until += [each.pipe for each in workers if not each.serves and each.is_alive]
    connection.wait(until, TICK_S)
