"""What a store raises."""

from __future__ import annotations

from authweave.kernel import AuthweaveError


class StorageError(AuthweaveError):
    """
    The store could not do what it was asked: gone, locked, full or corrupt. Answered 503.

    Nothing was written, unless the message says that this is not known: a connection was lost during the commit.

    Attributes:
        is_passing: whether another transaction was in the way, and the same may succeed when it is tried again.
    """

    code = "storage"
    is_passing: bool = False


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


class LinkedUserError(StorageError):
    """
    A login method is one of another user's by now, so its sessions are that user's. Nothing was written.

    It was linked (`LinkStore.link_accounts`), or unlinked, since whoever asks has looked.

    Attributes:
        recipe_user_id: the login method's id.
        user_id: that of the user whose it is now.
    """

    code = "linked_user"

    def __init__(self, recipe_user_id: str, user_id: str) -> None:
        self.recipe_user_id = recipe_user_id
        self.user_id = user_id
        super().__init__(f"Login method {recipe_user_id!r} is one of user {user_id!r} by now: sign in again.")


class DisabledUserError(StorageError):
    """A disabled user is not linked, nor anybody to him. Nothing was written."""

    code = "disabled_user"

    def __init__(self, user_id: str) -> None:
        self.user_id = user_id
        super().__init__(f"User {user_id!r} is disabled, and not linked: enable the user first (enable_user).")


class ContactTakenError(StorageError):
    """Another primary user of one of the tenants has the address or phone number already. Nothing was written."""

    code = "contact_taken"

    def __init__(self, user_id: str) -> None:
        self.user_id = user_id
        super().__init__(f"What user {user_id!r} was to get belongs to another primary user in one of the tenants.")


class MappedUserError(StorageError):
    """APIs show another id than this one (`UserStore.create_user_id_mapping`), so sessions do too."""

    code = "mapped_user"

    def __init__(self, user_id: str, external_user_id: str) -> None:
        self.user_id = user_id
        self.external_user_id = external_user_id
        super().__init__(f"User {user_id!r} is shown as {external_user_id!r}: that is the id of the sessions.")


class ConstraintError(StorageError):
    """A constraint was violated: something that has to be new was not, or something has to be there and is not."""


class UserReferredToError(ConstraintError):
    """
    A user cannot be deleted: a row of another table refers to it, by a foreign key that does not give way.

    Everything is as before.

    Attributes:
        user_id: the user's.
        table: the other table's name; None where the database does not say.
    """

    code = "user_referred_to"

    def __init__(self, user_id: str, table: str | None) -> None:
        self.user_id = user_id
        self.table = table
        named = "another table" if table is None else f"the table {table!r}"
        super().__init__(
            f"The user {user_id!r} was not deleted: {named} has a row that refers to it. Delete that first, in "
            "@on_user_deleted say, or declare its foreign key with ON DELETE CASCADE or SET NULL."
        )


class TransactionError(AuthweaveError):
    """
    A transaction is used as it cannot be: by who does not own it, on another thread, or after its end.

    It is a mistake in the program.
    """

    code = "transaction"
