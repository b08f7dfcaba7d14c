"""Processes of the schedules that are processes: forked from a server that has imported everything, and killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Final, Literal, Never, TypeAlias

import attrs
from typing_extensions import override

from authweave.recipe.session.exceptions import TokenTheftError, TryRefreshTokenError, UnauthorisedError
from authweave.types import Clock, RecipeUserId
from tests.property.session_processes import Crash, CrashError, Issued, OwnProcess, Process, Processes
from tests.stores import open_whole
from tests.unit.recipe.session.serving import HandClock

Function: TypeAlias = Literal["start", "store_noted", "sign_in", "refresh", "verify"]

Question: TypeAlias = tuple[Function, int, tuple[str | int | bool, ...]]
"""What is asked, at what time, and with which arguments."""

Answer: TypeAlias = tuple[str, ...]
"""What became of it, and what there is to say about it."""

ANSWER_WITHIN_S: Final = 60

servers = multiprocessing.get_context("forkserver")
servers.set_forkserver_preload(["tests.property.session_fork_server"])


def kill_oneself() -> Never:
    """Die at once, as from ``kill -9``: nothing is undone, nothing is let go of."""
    os.kill(os.getpid(), signal.SIGKILL)
    message = "SIGKILL does not return"
    raise AssertionError(message)


def work(url: str, questions: Connection) -> None:
    """Be such a process: answer until nobody asks."""
    clock, storage = HandClock(), open_whole(url)
    process = OwnProcess(storage, clock, kill_oneself)
    while True:
        try:
            question: Question = questions.recv()
        except EOFError:
            storage.close()
            return
        function, clock.now_ms, arguments = question
        questions.send(answer_to(process, function, arguments))


def answer_to(process: OwnProcess, function: Function, arguments: tuple[str | int | bool, ...]) -> Answer:
    """Call a function, and say what became of it."""
    try:
        return result_of(process, function, arguments)
    except TokenTheftError as error:
        return "theft", error.session_handle, error.user_id
    except UnauthorisedError as error:
        return "unauthorised", str(error)
    except TryRefreshTokenError as error:
        return "try refresh token", str(error)


def result_of(process: OwnProcess, function: Function, arguments: tuple[str | int | bool, ...]) -> Answer:
    """Call a function, and return what it returns."""
    match function, arguments:
        case "start", (int(grace_s),):
            process.start(grace_s)
        case "store_noted", ():
            process.store_noted()
        case "sign_in", (str(user_id),):
            return attrs.astuple(process.sign_in(user_id))
        case "refresh", (str(token), "never" | "before" | "write" | "after" as crash):
            return attrs.astuple(process.refresh(token, crash)())
        case "verify", (str(token), bool(check_database)):
            return (process.verify(token, check_database=check_database),)
        case _:
            raise AssertionError((function, arguments))
    return ()


@attrs.define
class Worker(Process):
    """A process. It is started when it is first asked, and again after it has died."""

    url: str
    clock: Clock = attrs.field(factory=HandClock)
    _grace_s: int = attrs.field(init=False, default=0)
    _process: BaseProcess | None = attrs.field(init=False, default=None)
    _questions: Connection = attrs.field(init=False)

    @override
    def start(self, grace_s: int) -> None:
        self._grace_s = grace_s
        if self._process is None:
            ours, theirs = servers.Pipe()
            process = servers.Process(target=work, args=(self.url, theirs), daemon=True)
            process.start()
            theirs.close()
            self._process, self._questions = process, ours
        self._call("start", grace_s)

    @override
    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._buried()

    @override
    def store_noted(self) -> None:
        self._call("store_noted")

    @override
    def sign_in(self, user_id: str) -> Issued:
        return Issued(*self._call("sign_in", user_id))

    @override
    def refresh(self, refresh_token: str, crash: Crash = "never") -> Callable[[], Issued]:
        self._ask("refresh", refresh_token, crash)
        return lambda: Issued(*self._answer())

    @override
    def verify(self, access_token: str, *, check_database: bool) -> str:
        return self._call("verify", access_token, check_database)[0]

    def _call(self, function: Function, *arguments: str | int | bool) -> Answer:
        self._ask(function, *arguments)
        return self._answer()

    def _ask(self, function: Function, *arguments: str | int | bool) -> None:
        question: Question = (function, self.clock(), arguments)
        self._questions.send(question)

    def _answer(self) -> Answer:
        try:
            assert self._questions.poll(ANSWER_WITHIN_S), "the worker hangs"
            answer: Answer = self._questions.recv()
        except (EOFError, ConnectionResetError):
            self._buried()
            raise CrashError from None
        match answer:
            case "theft", handle, user_id:
                raise TokenTheftError(user_id, RecipeUserId(user_id), handle)
            case "unauthorised", message:
                raise UnauthorisedError(message)
            case "try refresh token", message:
                raise TryRefreshTokenError(message)
            case _:
                return answer

    def _buried(self) -> None:
        """See to it that it is dead, and by our hand."""
        assert self._process is not None
        self._process.join()
        assert self._process.exitcode == -signal.SIGKILL, "the worker failed: see its traceback"
        self._process = None
        self._questions.close()


@attrs.frozen
class Workers(Processes):
    """Such processes, which live on from schedule to schedule until they are killed."""

    lent: Sequence[Worker]

    @override
    def at(self, clock: HandClock) -> Sequence[Process]:
        for worker in self.lent:
            worker.clock = clock
        return self.lent


@contextmanager
def workers(url: str, count: int = 2) -> Generator[Workers]:
    """Lend processes over one store, for any number of schedules."""
    lent = [Worker(url) for _ in range(count)]
    try:
        yield Workers(lent)
    finally:
        for worker in lent:
            worker.kill()
