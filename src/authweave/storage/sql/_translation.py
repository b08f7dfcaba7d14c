"""What becomes of the errors that a database raises."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from authweave.storage._errors import ConstraintError, StorageError

from ._backend import Backend, cause_of


@contextmanager
def translate_errors(backend: Backend) -> Generator[None]:
    """Turn what a database raises into errors of this room."""
    try:
        yield
    except backend.errors as error:
        raise to_storage_error(error, backend) from None


def to_storage_error(
    error: BaseException, backend: Backend, *, is_written: str = "nothing was written"
) -> StorageError:
    """
    Return what stands for an error in this room. Raise it ``from None``: PostgreSQL's own errors quote rows.

    Args:
        error: what was raised.
        backend: describes it.
        is_written: says what has become of the transaction.
    """
    notes: list[str] = getattr(error, "__notes__", [])  # of this library: who was at work
    message = " ".join((f"The database refused ({backend.describe_error(cause_of(error))}), and {is_written}.", *notes))
    translated = (ConstraintError if isinstance(error, backend.violations) else StorageError)(message)
    translated.is_passing = backend.is_passing(error)
    return translated
