"""What an attempt reads first, in the same visit to a worker thread as its counts."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import Final, Generic, TypeVar, cast

from authweave.extending import OffLoop
from authweave.kernel import UserContext
from authweave.types import BadInputError

R_co = TypeVar("R_co", covariant=True)

KEY: Final = "read_ahead"
"""Where it travels, in the default content of the user context."""


class Ahead(Generic[R_co]):
    """
    A read that may be made before it is asked for. `Attempts.attempt` takes it.

    A hop to a thread costs more than a read on SQLite does; so whoever decides in a thread that an attempt may be
    made makes this read there too. Where nobody did, as in an override that decides by itself, it is made when
    it is asked for.

    Args:
        read: blocks, and only reads.
    """

    def __init__(self, read: Callable[[], R_co]) -> None:
        self._read = read
        self._found: tuple[R_co] | None = None

    def make(self) -> None:
        """
        Read. Blocks.

        Raises:
            authweave.errors.StorageError: the store failed.
        """
        with suppress(BadInputError):  # the block that reads it raises it
            self._found = (self._read(),)

    async def result(self, off_loop: OffLoop) -> R_co:
        """
        Return what was read.

        Args:
            off_loop: where it is made if it was not.

        Raises:
            authweave.types.BadInputError: no store could hold what it asks for.
            authweave.errors.StorageError: the store failed.
        """
        found, self._found = self._found, None
        return await off_loop(self._read) if found is None else found[0]


@contextmanager
def reading_ahead(ahead: Ahead[object] | None, user_context: UserContext) -> Generator[None]:
    """Let `current_ahead` return a read, for the block in which it is decided whether an attempt may be made."""
    content = content_of(user_context)
    if ahead is None or content is None:
        yield
        return
    content[KEY] = ahead
    try:
        yield
    finally:
        content.pop(KEY, None)


def current_ahead(user_context: UserContext) -> Ahead[object] | None:
    """
    Return what the attempt that is being decided reads first; None outside of one.

    Of two attempts of one context at a time it may be the other's: then one makes both reads, or each its own later.
    """
    content = content_of(user_context)
    ahead = None if content is None else content.get(KEY)
    return cast("Ahead[object]", ahead) if isinstance(ahead, Ahead) else None  # of what, isinstance does not tell


def content_of(user_context: UserContext) -> dict[str, object] | None:
    """Return the default content of a context, to which the library may add."""
    content = user_context.get("_default")
    return content if isinstance(content, dict) else None
