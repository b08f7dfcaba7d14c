"""Group commit: transactions of several threads in one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, TypeVar

from authweave.storage._errors import StorageError
from authweave.storage._terms import remaining_s

from ._connections import PooledConnection

R = TypeVar("R")

MAX_GROUP: Final = 64
"""How many transactions one commit takes: the others of this process, and those of other processes, wait as long."""


class Job(Generic[R]):
    """
    One thread's transaction.

    Attributes:
        function: executes its statements.
        one_statement: whether it executes one statement, which is a transaction by itself.
        error: what it failed with.
        leads: whether its thread has to run the next group.
    """

    def __init__(self, function: Callable[[PooledConnection], R], *, one_statement: bool) -> None:
        self.function: Final = function
        self.one_statement: Final = one_statement
        self.error: Exception | None = None
        self.leads = False
        self._results: list[R] = []
        self._sleeping: threading.Lock | None = None  # of a job that waits; most lead at once

    def begin_waiting(self) -> None:
        """Have `wait` wait until somebody wakes it."""
        self._sleeping = threading.Lock()
        self._sleeping.acquire()

    def set_result(self, result: R) -> None:
        """Keep what the function returned."""
        self._results[:] = [result]

    def reset(self) -> None:
        """Forget what came of the job: it was undone."""
        self._results.clear()
        self.error = None

    @property
    def is_done(self) -> bool:
        """Whether it is known what came of the job."""
        return self.error is not None or bool(self._results)

    def wait(self, timeout_s: float) -> bool:
        """Wait until the job is done or leads. Returns whether that came in time; a negative time has no end."""
        return self._sleeping is None or self._sleeping.acquire(timeout=timeout_s)

    def wake(self) -> None:
        """End the waiting."""
        if self._sleeping is not None:
            self._sleeping.release()

    def result(self) -> R:
        """Return what the function returned, or raise what it failed with."""
        if self.error is not None:
            raise self.error
        return self._results[0]


class GroupCommit:  # Any below: the jobs of a group return what they like
    """
    Run transactions of several threads in one commit, where the database has one writer at a time.

    Whoever comes while nobody writes does so at once, and alone. Whoever comes meanwhile waits; the first of those that
    wait then leads: it runs the functions of all of them, commits once, and wakes them. So nobody is answered before
    the commit, and under load a commit, which waits for the disk, is shared by many.

    Args:
        commit: runs jobs as one commit; notes in each what it failed with, and does not raise.
        timeout_s: how long a thread waits for those before it.
    """

    def __init__(self, commit: Callable[[Sequence[Job[Any]]], None], timeout_s: float) -> None:
        self._commit = commit
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._waiting: list[Job[Any]] = []
        self._is_led = False

    @property
    def waiting(self) -> int:
        """How many jobs wait for the next commit."""
        return len(self._waiting)

    def run(self, job: Job[Any]) -> None:
        """
        See to it that a job is done.

        Raises:
            StorageError: the others took too long. It was not run.
        """
        with self._lock:
            if self._is_led:
                job.begin_waiting()
            else:
                job.leads = self._is_led = True
            self._waiting.append(job)
        if not job.leads:
            wait_s = remaining_s(self._timeout_s)
            if not self._await_turn(job, wait_s):
                raise StorageError(f"The database stayed locked for {wait_s:.3g} s by other writers: try again.")
        if job.leads:
            self._lead()

    def _await_turn(self, job: Job[Any], wait_s: float) -> bool:
        """Wait until a job is done or leads. Returns whether that came in time; if not, it is not run."""
        try:
            if job.wait(wait_s):
                return True
            with self._lock:
                if job in self._waiting and not job.leads:
                    self._waiting.remove(job)
                    return False
            return job.wait(-1)  # it is being run, or leads since just now
        except BaseException:  # a signal's handler may raise here, in the main thread
            with self._lock:
                if job in self._waiting:
                    self._waiting.remove(job)
                    if job.leads:
                        self._pass_lead()
            raise

    def _lead(self) -> None:
        """Run the jobs that wait, one's own among them; the first that comes meanwhile leads afterwards."""
        group: list[Job[Any]] = []
        try:
            with self._lock:
                group, self._waiting = self._waiting[:MAX_GROUP], self._waiting[MAX_GROUP:]
            self._commit(group)
        finally:
            with self._lock:
                self._pass_lead()
            for job in group:
                if not job.leads:
                    job.wake()

    def _pass_lead(self) -> None:
        """Let the first that waits lead."""
        if self._waiting:
            self._waiting[0].leads = True
            self._waiting[0].wake()
        else:
            self._is_led = False
