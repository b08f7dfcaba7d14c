"""What becomes of the errors that a database raises."""

from __future__ import annotations

from authweave.storage._errors import ConstraintError, StorageError

from ._backend import Backend, cause_of


class translate_errors:  # noqa: N801  read as a function: ``with translate_errors(backend)``
    """Turn what a database raises into errors of this room. Written out, as `contextlib` takes four times as long."""

    __slots__ = ("_backend",)

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def __enter__(self) -> None:
        """Begin the block."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, *_: object) -> None:
        """
        End it.

        Raises:
            StorageError: the database raised something.
        """
        if error is not None and isinstance(error, self._backend.errors):
            raise to_storage_error(error, self._backend) from None


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
