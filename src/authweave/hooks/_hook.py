"""A function of an application's that is called when a user is created, changed or deleted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, Generic, Literal, TypeAlias

import attrs
from typing_extensions import TypeVar

from authweave.kernel import UserContext, place_of
from authweave.types import User

if TYPE_CHECKING:
    from sqlalchemy import Connection

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)
ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)

HookKind: TypeAlias = Literal["created", "changed", "deleted"]
"""What happens to the user."""


@attrs.frozen(eq=False)
class Hook(Generic[ContextT_contra]):
    """
    A function of an application's, for ``init(hooks=[...])``: called in the transaction. `on_user_created` makes one.

    Attributes:
        kind: what it is called for.
        function: as it was written.

    .. versionadded:: 0.1.0
    """

    kind: HookKind
    function: Callable[[User, ContextT_contra, Connection], None]

    @property
    def name(self) -> str:
        """The function's name, with its module's."""
        return name_of(self.function)


@attrs.frozen(eq=False)
class AfterCommit(Generic[ContextT_contra]):
    """
    One that is called after the commit. ``on_user_created.after_commit`` makes one.

    Attributes:
        kind: what it is called for.
        function: as it was written.

    .. versionadded:: 0.1.0
    """

    kind: HookKind
    function: Callable[[User, ContextT_contra], Awaitable[None]]

    @property
    def name(self) -> str:
        """The function's name, with its module's: what waits for it in the outbox is kept under it."""
        return name_of(self.function)


AnyHook: TypeAlias = Hook[ContextT] | AfterCommit[ContextT]
"""A hook of either form."""


@attrs.frozen
class HookDecorator:
    """
    Makes hooks of functions: ``@on_user_created`` and its like.

    .. versionadded:: 0.1.0
    """

    kind: HookKind

    def __call__(self, function: Callable[[User, ContextT, Connection], None], /) -> Hook[ContextT]:
        """
        Make a hook that is called in the transaction, on its thread, with its connection.

        What it writes stands or falls with the user. If it raises, nothing has happened, and the exception arrives
        unchanged at who asked. It is called again where another transaction was in the way, so what it does beside its
        statements has to bear that; what is to reach the outside goes by `after_commit`.

        Args:
            function: a ``def``, which is handed the user, the context of the call, and the `sqlalchemy.Connection`,
                which it must not commit, roll back or close.
        """
        return Hook(self.kind, function)

    def after_commit(self, function: Callable[[User, ContextT], Awaitable[None]], /) -> AfterCommit[ContextT]:
        """
        Make a hook that is called once what happened to the user is committed: at least once, also after a crash.

        That it is to be called is kept in the same transaction, in the outbox, sealed. If it raises, or its process is
        killed, it is called again later, so it has to bear being called twice. After 20 attempts, some six hours,
        it waits for ``authweave outbox retry``, for a week.

        Args:
            function: an ``async def``, which is handed the user as it was in the transaction, and a context of its own,
                which is empty: the request is over.
        """
        return AfterCommit(self.kind, function)


on_user_created: Final = HookDecorator("created")
"""
Have a function called when a user is created, by whatever recipe.

.. versionadded:: 0.1.0
"""

on_user_changed: Final = HookDecorator("changed")
"""
Have a function called when a user was changed: an address, whether it is verified, whether the user is disabled.

It is handed the user as it is then.

.. versionadded:: 0.1.0
"""

on_user_deleted: Final = HookDecorator("deleted")
"""
Have a function called when a user is deleted, before its rows go: so rows that refer to the user can go first.

.. versionadded:: 0.1.0
"""


def name_of(function: object) -> str:
    """Return the name of a function, or of the class of an object that is one, with its module's."""
    named = function if hasattr(function, "__qualname__") else type(function)
    return f"{named.__module__}.{getattr(named, '__qualname__', '')}"


def describe_hook(hook: AnyHook) -> str:
    """Name a hook, with the place of its function."""
    file, line = place_of(hook.function)
    return f"{hook.name!r} for users {hook.kind}, {file}:{line}"
