"""A function of an application's that is called when a user is created, changed or deleted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypeAlias

import attrs
from typing_extensions import TypeVar

from authweave.kernel import Place, UserContext, called_from, place_of
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
    A function of an application's, for ``init(hooks=[...])``. Made by `on_user_created` and its like.

    Attributes:
        kind: what it is called for.
        function: as it was written.
        is_after_commit: whether it is called after the commit, and not in the transaction.
        called: where it was made.

    .. versionadded:: 0.1.0
    """

    kind: HookKind
    function: Callable[..., object]  # checked where it was decorated; its parameters differ by form
    is_after_commit: bool
    called: Place

    @property
    def name(self) -> str:
        """The function's name, with its module's: a message that waits for it is found by it after a restart."""
        function: Any = self.function  # any callable
        module = getattr(function, "__module__", None) or type(function).__module__
        return f"{module}.{getattr(function, '__qualname__', type(function).__qualname__)}"

    @property
    def place(self) -> Place:
        """File and line of the function."""
        return place_of(self.function, self.called)

    def for_context(self, user_context: ContextT_contra) -> None:
        """Show the type checkers for which contexts the hook is."""

    def __str__(self) -> str:
        """Name it, with its place."""
        file, line = self.place
        return f"hook {self.name!r} for users {self.kind}, {file}:{line}"


@attrs.frozen
class HookDecorator:
    """
    Makes hooks of functions.

    Called on a function, ``@on_user_created``, it makes one that is called in the transaction. See `after_commit`.
    """

    kind: HookKind

    def __call__(self, function: Callable[[User, ContextT, Connection], None], /) -> Hook[ContextT]:
        """
        Make a hook that is called in the transaction, on its thread, with its connection.

        What it writes stands or falls with the user. If it raises, nothing has happened, and the exception arrives
        unchanged at who asked. It may be called again, where another transaction was in the way, so what it does beside
        its statements has to bear that; messages to the outside go by `after_commit`.

        Args:
            function: a ``def``, which is handed the user, the context of the call, and the `sqlalchemy.Connection`,
                which it must not commit, roll back or close.
        """
        return Hook(self.kind, function, False, called_from())  # noqa: FBT003  an attrs class

    def after_commit(self, function: Callable[[User, ContextT], Awaitable[None]], /) -> Hook[ContextT]:
        """
        Make a hook that is called once what happened to the user is committed: at least once, also after a crash.

        That it is to be called is kept in the same transaction, in the outbox, sealed. If it raises, or its process is
        killed, it is called again later, so it has to bear being called twice.

        Args:
            function: an ``async def``, which is handed the user as it was in the transaction, and a context of its own,
                which is empty: the request is over.
        """
        return Hook(self.kind, function, True, called_from())  # noqa: FBT003  as above


on_user_created: Final = HookDecorator("created")
"""
Have a function called when a user is created, by whatever recipe.

.. versionadded:: 0.1.0
"""

on_user_changed: Final = HookDecorator("changed")
"""
Have a function called when a user has been changed: an address, whether it is verified, whether the user is disabled.

It is handed the user as it is then.

.. versionadded:: 0.1.0
"""

on_user_deleted: Final = HookDecorator("deleted")
"""
Have a function called when a user is deleted, just before the rows go: so rows that refer to the user can go first.

.. versionadded:: 0.1.0
"""
