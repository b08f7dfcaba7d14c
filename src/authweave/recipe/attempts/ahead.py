"""What an attempt reads first, in the same visit to a worker thread as its counts."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Final, Generic, TypeVar

from authweave.extending import OffLoop
from authweave.types import BadInputError

R_co = TypeVar("R_co", covariant=True)


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


_current: Final[ContextVar[Ahead[object] | None]] = ContextVar("authweave_read_ahead", default=None)


@contextmanager
def reading_ahead(ahead: Ahead[object] | None) -> Generator[None]:
    """Let `current_ahead` return a read, for the block in which it is decided whether an attempt may be made."""
    before = _current.set(ahead)
    try:
        yield
    finally:
        _current.reset(before)


def current_ahead() -> Ahead[object] | None:
    """Return what the attempt that is being decided reads first; None outside of one."""
    return _current.get()
