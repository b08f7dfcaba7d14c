"""What a store raises."""

from __future__ import annotations

from authweave.kernel import AuthweaveError


class StorageError(AuthweaveError):
    """
    The store could not do what it was asked: gone, locked, full or corrupt. Answered 503.

    Nothing was written, unless the message says that this is not known: a connection was lost during the commit.
    """

    code = "storage"


class StorageBusyError(StorageError):
    """The store has more to do than it can: it was not asked, and nothing was written. Later it may work."""

    code = "storage_busy"

    def __init__(self, what_happened: str) -> None:
        super().__init__(f"{what_happened}: try again, or give the application more threads and connections.")


class EmailTakenError(StorageError):
    """Another user of the tenant has the address already. Nothing was written."""

    code = "email_taken"

    def __init__(self, tenant_id: str) -> None:
        self.tenant_id = tenant_id
        super().__init__(f"A user of tenant {tenant_id!r} has this address already.")


class BarredUserError(StorageError):
    """There are no sessions for this id: its user was disabled, or deleted. Nothing was written."""

    code = "barred_user"

    def __init__(self, user_id: str) -> None:
        self.user_id = user_id
        super().__init__(f"User {user_id!r} was disabled or deleted, and gets no session.")


class ConstraintError(StorageError):
    """A constraint was violated: something that has to be new was not, or something has to be there and is not."""
