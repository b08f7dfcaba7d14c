"""What recipes whose users have addresses, and the one that verifies these, know of each other."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Literal, TypeAlias

import attrs

from authweave.kernel import UserContext
from authweave.types import User

from ._services import Services

EmailChanged: TypeAlias = Literal["changed", "taken", "unknown"]
"""What became of a change: the login method has the address; another one of the tenant has it; there is none."""


class EmailOwner(ABC):
    """
    A recipe whose login methods have an address that their user may change. All methods block.

    .. versionadded:: 0.1.0
    """

    __slots__ = ()

    @abstractmethod
    def owns(self, services: Services, recipe_user_id: str) -> bool:
        """Return whether a login method is one of this recipe's."""

    @abstractmethod
    def is_free(self, services: Services, recipe_user_id: str, email: str) -> bool:
        """Return whether the login method could have the address: no other one of its tenant has it."""

    @abstractmethod
    def change_email(self, services: Services, recipe_user_id: str, email: str) -> EmailChanged:
        """Give the login method the address, in the transaction of its thread if it has one open."""


class EmailVerifier(ABC):
    """
    The recipe that verifies addresses, as others meet it: by way of `VerifiedEmails`.

    .. versionadded:: 0.1.0
    """

    __slots__ = ()

    @abstractmethod
    def mark_verified(self, services: Services, recipe_user_id: str, email: str) -> bool:
        """Do what `VerifiedEmails.mark_verified` says."""

    @abstractmethod
    def is_verified(self, services: Services, recipe_user_id: str, email: str) -> bool:
        """Do what `VerifiedEmails.is_verified` says."""

    @abstractmethod
    def settle(self, services: Services, recipe_user_id: str) -> User | None:
        """Do what `VerifiedEmails.settle` says."""

    @abstractmethod
    def tell_verified(self, services: Services, user: User, tenant_id: str, user_context: UserContext) -> None:
        """Do what `VerifiedEmails.tell` says."""

    @abstractmethod
    def void_changes(self, services: Services, recipe_user_id: str) -> int:
        """Do what `VerifiedEmails.void_changes` says."""

    @abstractmethod
    async def put_off_change(
        self, services: Services, recipe_user_id: str, email: str, user_context: UserContext
    ) -> bool:
        """Do what `VerifiedEmails.put_off_change` says."""


@attrs.frozen(kw_only=True)
class EmailContribution:
    """
    What a recipe adds to the addresses of users: it returns one from its `RecipeEntry.contributions`.

    Args:
        owner: it has addresses that change.
        verifier: it verifies them.

    .. versionadded:: 0.1.0
    """

    owner: EmailOwner | None = None
    verifier: EmailVerifier | None = None


@attrs.frozen
class VerifiedEmails:
    """
    What recipes tell of the addresses of their users. Without a recipe that verifies addresses nothing comes of it.

    Whether the address that a login method has now is verified stands with the login method
    (`authweave.types.LoginMethod.verified`). The recipe also remembers the addresses that it had before.

    Args:
        services: those of the application.

    .. versionadded:: 0.1.0
    """

    services: Services = attrs.field(repr=False)

    @property
    def verifier(self) -> EmailVerifier | None:
        """The recipe that verifies addresses; None where the application has none."""
        contributed = (each.verifier for each in self.services.contributions(EmailContribution))
        return next((each for each in contributed if each is not None), None)

    def mark_verified(self, recipe_user_id: str, email: str) -> bool:
        """
        Note that an address is its user's: he has read mail there, or a provider vouches for him.

        Blocks. It is part of the transaction that its thread has open. Whoever calls it tells of it afterwards
        (`tell`), when that has been committed.

        Args:
            recipe_user_id: the login method.
            email: the address, as the login method has it; another one is remembered.

        Returns:
            Whether that was not known before.

        Raises:
            authweave.storage.StorageError: the store failed.
        """
        return self.verifier is not None and self.verifier.mark_verified(self.services, recipe_user_id, email)

    def is_verified(self, recipe_user_id: str, email: str) -> bool:
        """Return whether an address is known to be a login method's user's; also one that he had before. Blocks."""
        return self.verifier is not None and self.verifier.is_verified(self.services, recipe_user_id, email)

    def settle(self, recipe_user_id: str) -> User | None:
        """
        Remember that the address of a login method is verified, or that one that it has again was once.

        Call it before an address is changed and again afterwards, in the same transaction. Blocks.

        Returns:
            The user, where an address turned out to be verified; None where nothing changed.

        Raises:
            authweave.storage.StorageError: the store failed.
        """
        return None if self.verifier is None else self.verifier.settle(self.services, recipe_user_id)

    def tell(self, user: User, tenant_id: str, user_context: UserContext) -> None:
        """Tell, as a security event, that an address of a user was verified. Call it on the loop."""
        if self.verifier is not None:
            self.verifier.tell_verified(self.services, user, tenant_id, user_context)

    def void_changes(self, recipe_user_id: str) -> int:
        """
        Void the changes of a login method's address that were put off, and wait for their mail to be read.

        Call it when the password is set, or the address: who asked for them may be why (Sudhodanan and Paverd,
        "Pre-hijacked accounts", USENIX Security 2022, "unexpired email change"). Blocks, and joins the transaction of
        its thread.

        Returns:
            How many links are void.

        Raises:
            authweave.storage.StorageError: the store failed.
        """
        return 0 if self.verifier is None else self.verifier.void_changes(self.services, recipe_user_id)

    async def put_off_change(self, recipe_user_id: str, email: str, user_context: UserContext) -> bool:
        """
        Put off the change of an address until somebody has read the mail that is sent to the new one.

        Args:
            recipe_user_id: the login method.
            email: the new address, in normal form.
            user_context: that of the call.

        Returns:
            Whether it was put off: not where the address is verified already, where the application does not want
            it, or has no recipe that verifies addresses. Then the caller changes it at once.

        Raises:
            authweave.errors.TooManyAttemptsError: too many mails were asked for.
            authweave.storage.StorageError: the store failed.
        """
        verifier = self.verifier
        return verifier is not None and await verifier.put_off_change(
            self.services, recipe_user_id, email, user_context
        )
