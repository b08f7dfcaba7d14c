"""What a store answers when login methods are linked to one user, and when they are made members of tenants."""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs

from authweave.types import User

Contact: TypeAlias = Literal["email", "phone_number", "identity"]
"""What is taken in a tenant: an address, a phone number, or a user's id with a provider."""


@attrs.frozen
class PrimaryUser:
    """
    The user is a primary one.

    Attributes:
        is_new: whether that is new; with ``only_check``, whether it would be.
    """

    user: User
    is_new: bool


@attrs.frozen
class LinkedAccounts:
    """
    The login method is one of the primary user's.

    Attributes:
        user: with all login methods; with ``only_check`` as the primary user is now.
        is_new: whether that is new; with ``only_check``, whether it would be.
    """

    user: User
    is_new: bool


@attrs.frozen
class LinkedElsewhere:
    """The login method is one of another primary user's, or is itself that of a primary user. Nothing was written."""

    user: User


@attrs.frozen
class AccountTaken:
    """Another primary user has the address or phone number, in one of the tenants. Nothing was written."""

    user: User


@attrs.frozen
class NotPrimary:
    """The user that is to be linked to is not a primary one. Nothing was written."""

    user: User


@attrs.frozen
class Unlinked:
    """
    A login method is not one of a primary user's any more.

    Attributes:
        user: who had it, as he is now.
        was_linked: whether it was one of a primary user's.
        was_deleted: whether the login method is gone, since the others go on under its id.
    """

    user: User
    was_linked: bool
    was_deleted: bool


@attrs.frozen
class Member:
    """
    The login method is in the tenant.

    Attributes:
        is_new: whether that is new.
    """

    user: User
    is_new: bool


@attrs.frozen
class ContactTaken:
    """Another login method of the recipe has, in the tenant, what has to be unique there. Nothing was written."""

    contact: Contact


MadePrimary: TypeAlias = PrimaryUser | LinkedElsewhere | AccountTaken | None
"""None: there is no such user."""
Linking: TypeAlias = LinkedAccounts | LinkedElsewhere | AccountTaken | NotPrimary | None
"""None: there is no such user, or no such login method."""
Membership: TypeAlias = Member | ContactTaken | AccountTaken | None
"""None: there is no such login method."""
