"""Where recipes tell what happened, and who hears of it."""

from __future__ import annotations

import asyncio
import inspect
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeAlias

import attrs

from authweave._per_process import PerProcess
from authweave.http import get_request_from_user_context
from authweave.kernel import UserContext
from authweave.storage import Transaction
from authweave.types import Clock, system_clock

from ._event import EventKind, SecurityEvent
from ._keeping import Keeper

OnEvent: TypeAlias = Callable[[SecurityEvent], Awaitable[object] | None]
"""A hook: is handed each event as it happens. Async or not."""

HOOKS_AT_ONCE: Final = 1000
"""How many calls of async hooks may be under way in a process. What comes then is not handed to them."""

SEQUENCE_BYTES: Final = 8

logger: Final = logging.getLogger("authweave.events")
security_log: Final = logging.getLogger("authweave.events")


@attrs.define(eq=False)
class Events:
    """
    Takes the security events of an application, writes them to the log, and hands them to its hooks.

    A plain hook is called where the event happens, so it has to be quick. An async one runs in a task of its own on
    the same loop: no request waits for it. What a hook raises is logged.

    Attributes:
        hooks: in the order in which they are called.
        clock: tells the time.
        keeper: keeps them in the store; None where they are not kept.
        transaction: returns the store's that is under way, if any: what happened in it is told once it is committed.
    """

    hooks: Sequence[OnEvent] = ()
    clock: Clock = system_clock
    keeper: Keeper | None = None
    transaction: Callable[[], Transaction | None] = lambda: None
    _tasks: PerProcess[set[asyncio.Future[object]]] = attrs.field(
        init=False, factory=lambda: PerProcess(set[asyncio.Future[object]]), repr=False
    )
    _is_behind: bool = attrs.field(init=False, default=False)

    def emit(
        self,
        kind: EventKind,
        recipe_id: str,
        user_context: UserContext,
        *,
        user_id: str | None = None,
        tenant_id: str | None = None,
        session_handle: str | None = None,
        **details: str,
    ) -> None:
        """
        Tell that something happened. Call it from the function that did it, on the loop; it neither waits nor raises.

        Args:
            kind: what.
            recipe_id: the recipe that tells it.
            user_context: the function's; the client's address is that of its request.
            user_id: whom it is about.
            tenant_id: in which tenant.
            session_handle: which session it is about.
            details: what else is worth telling; nothing secret, and no personal data.
        """
        request = get_request_from_user_context(user_context)
        now_ms = self.clock()
        event = SecurityEvent(
            id=f"{now_ms:012x}{os.urandom(SEQUENCE_BYTES).hex()}",
            kind=kind,
            time_ms=now_ms,
            recipe_id=recipe_id,
            user_id=user_id,
            tenant_id=tenant_id,
            client=None if request is None else request.client,
            session_handle=session_handle,
            details=details,
        )
        running = self.transaction()
        if running is None:
            self._tell(event)
            return
        loop = asyncio.get_running_loop()  # where hooks are called

        def tell() -> None:
            loop.call_soon_threadsafe(self._tell, event)

        running.after_commit(tell)

    def _tell(self, event: SecurityEvent) -> None:
        """Write an event to the log, have it kept, and hand it to the hooks."""
        if security_log.isEnabledFor(event.level):
            security_log.log(
                event.level,
                "%s: user %r, tenant %r, session %r, client %s",
                event.kind,
                event.user_id,
                event.tenant_id,
                event.session_handle,
                event.client,
                extra=event.fields(),
            )
        if self.keeper is not None:
            self.keeper.note(event)
        for hook in self.hooks:
            self._call(hook, event)

    def close(self) -> None:
        """Write what waits to be kept. Blocks. Closing twice does nothing."""
        if self.keeper is not None:
            self.keeper.close()

    def _call(self, hook: OnEvent, event: SecurityEvent) -> None:
        """Call a hook, or have it run."""
        try:
            result = hook(event)
            if inspect.isawaitable(result):
                self._run(result)
        except Exception as error:  # noqa: BLE001  whatever it is, the request goes on
            tell_failure(error)

    def _run(self, called: Awaitable[object]) -> None:
        """Have a task run what an async hook returned."""
        tasks = self._tasks.get()
        if len(tasks) >= HOOKS_AT_ONCE:
            if inspect.iscoroutine(called):
                called.close()
            if not self._is_behind:
                self._is_behind = True
                logger.error(
                    "Hooks for security events take too long: %d are under way, and what happens is not told to them.",
                    len(tasks),
                    extra={"event": "event_hooks_behind"},
                )
            return
        self._is_behind = False
        task = asyncio.ensure_future(called)
        tasks.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Future[object]) -> None:
        """Let go of a task, and tell if it failed."""
        self._tasks.get().discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            tell_failure(error)


def tell_failure(error: BaseException) -> None:
    """Log that a hook failed."""
    logger.error(
        "A hook for security events failed.",
        exc_info=error,
        extra={"event": "event_hook_failed", "error": type(error).__name__},
    )
