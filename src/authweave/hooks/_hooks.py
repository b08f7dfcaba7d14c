"""Calls the hooks of an application."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import attrs

from authweave.kernel import FaultReport, UserContext, root_context, use_context
from authweave.outbox import Handler, Outbox, OutboxMessage, RefusedError
from authweave.storage import HasConnection, Storage, TransactionError
from authweave.types import Clock, ConfigurationError, User, kept_user, user_of_kept

from ._faults import note_faults
from ._hook import AfterCommit, AnyHook, Hook, HookKind, describe_hook

R = TypeVar("R")

KEPT_MS: Final = 7 * 24 * 3600 * 1000
"""For how long what happened waits for a hook: also one that has failed for good, for `authweave outbox retry`."""


@attrs.define(eq=False)
class Hooks:
    """
    The hooks of an application: ``services.hooks``. Recipes tell it what happens to a user, where they make it happen.

    `user_created` and its like are called in the transaction (`authweave.storage.Storage.transact`), on its thread. So
    a recipe does both in one function, which it hands to ``services.off_loop``.
    """

    storage: Storage
    outbox: Outbox
    clock: Clock
    _in_transaction: Sequence[Hook] = ()
    _after_commit: Sequence[AfterCommit] = ()

    def add(self, hooks: Sequence[object], report: FaultReport) -> None:
        """Take the hooks that an application lists, and note their faults."""
        if hooks:
            report.subject = "overrides and hooks"
        found = note_faults(
            hooks,
            report,
            has_connection=isinstance(self.storage, HasConnection),
            has_outbox=self._has_outbox(),
        )
        self._in_transaction = [each for each in found if isinstance(each, Hook)]
        self._after_commit = [each for each in found if isinstance(each, AfterCommit)]
        if not report.faults:
            for each in self._after_commit:
                self.outbox.handle(outbox_kind(each), deliverer(each))

    def _has_outbox(self) -> bool:
        try:
            _ = self.outbox.store
        except ConfigurationError:
            return False
        return True

    def hears(self, kind: HookKind) -> bool:
        """Return whether there are hooks for what happens to users."""
        hooks: list[AnyHook] = [*self._in_transaction, *self._after_commit]
        return any(each.kind == kind for each in hooks)

    def transact(self, work: Callable[[], R]) -> R:
        """
        Do work that tells of a user: as one transaction if there are any hooks, else as it is.

        It is for work that is one operation of the store beside: without hooks that shares its commit with others.

        Raises:
            authweave.storage.StorageError: as `authweave.storage.Storage.transact`.
            Exception: what the work raises, unchanged.
        """
        return self.storage.transact(work) if self._in_transaction or self._after_commit else work()

    def user_created(self, user: User, user_context: UserContext) -> None:
        """
        Tell that a user was created, in the transaction that did.

        Raises:
            authweave.storage.TransactionError: there is no transaction.
            Exception: what a hook raises, with a note that names it. The transaction is to be undone.
        """
        self._tell("created", user, user_context)

    def user_changed(self, user: User, user_context: UserContext) -> None:
        """Tell that a user was changed: hand over what the user is now. Raises as `user_created`."""
        self._tell("changed", user, user_context)

    def user_deleted(self, user: User, user_context: UserContext) -> None:
        """Tell that a user is going to be deleted, while the rows are still there. Raises as `user_created`."""
        self._tell("deleted", user, user_context)

    def _tell(self, kind: HookKind, user: User, user_context: UserContext) -> None:
        called = [each for each in self._in_transaction if each.kind == kind]
        kept = [each for each in self._after_commit if each.kind == kind]
        if not called and not kept:
            return
        if self.storage.running_transaction() is None:
            message = "Hooks are called in a transaction: do the work in `services.hooks.transact(...)`."
            raise TransactionError(message)
        for hook in called:
            self._call(hook, user, user_context)
        for each in kept:
            self.outbox.add(outbox_kind(each), kept_user(user), expires_at_ms=self.clock() + KEPT_MS)

    def _call(self, hook: Hook, user: User, user_context: UserContext) -> None:
        """Call a hook, with its user's context the current one: functions of the library without one get it."""
        if not isinstance(self.storage, HasConnection):  # which `init` refuses
            return
        try:
            with use_context(user_context):
                require_none(hook, hook.function(user, user_context, self.storage.connection()))  # type: ignore[func-returns-value]  # programs that were not type-checked
        except Exception as error:
            error.add_note(f"in the hook {describe_hook(hook)}")
            raise


def require_none(hook: Hook, returned: object) -> None:
    """
    Check that a hook has done what it was to do, and not put it off.

    Raises:
        TypeError: it returned a coroutine.
    """
    if inspect.iscoroutine(returned):
        returned.close()
        message = f"The hook {hook.name!r} returned a coroutine, which nobody awaits: write it as def."
        raise TypeError(message)


def outbox_kind(hook: AfterCommit) -> str:
    """Return the kind of a hook's messages."""
    return f"hook.{hook.kind}.{hook.name}"


def deliverer(hook: AfterCommit) -> Handler:
    """Return what calls a hook after the commit."""

    async def deliver(message: OutboxMessage) -> None:
        try:
            user = user_of_kept(message.payload)
        except ValueError as error:
            raise RefusedError("it was written by another release") from error
        try:
            with root_context() as user_context:
                await hook.function(user, user_context)
        except Exception as error:
            error.add_note(f"in the hook {describe_hook(hook)}")
            raise

    return deliver
