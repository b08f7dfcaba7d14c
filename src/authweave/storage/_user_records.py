"""What the core of a store is asked about users, and how it answers."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import attrs

from authweave.types import User

UserIdType: TypeAlias = Literal["SUPERTOKENS", "EXTERNAL", "ANY"]
"""Which id is meant: the one that the store made, the application's own, or whichever is known."""

REMEMBERED_MS: Final = 400 * 86_400_000
"""
How long the id of a deleted user gets no session: 400 days, what browsers keep a cookie at most (RFC 6265bis, 5.5).

So long, something of the user may be found in a browser, or in a table of the application's, that knows the id still.
"""


@attrs.frozen(order=True)
class Place:
    """
    A place in the list of a tenant's users, which is sorted by it.

    Attributes:
        time_joined_ms: that of the oldest login method.
        user_id: that of the store, also where APIs show another.
    """

    time_joined_ms: int
    user_id: str


@attrs.frozen(kw_only=True)
class UserSearch:
    """
    What a login method has to begin with; of several texts one is enough, and nothing asks for nothing.

    Attributes:
        emails: of the address, or of its domain.
        phone_numbers: of the phone number.
        providers: of the id of the provider that vouches.
    """

    emails: tuple[str, ...] = ()
    phone_numbers: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class UserListing:
    """
    Which users to list.

    Attributes:
        tenant_id: the tenant that they have a login method in.
        limit: how many at most.
        newest_first: in which order.
        start: the place to begin at; None at the beginning.
        recipe_ids: of whose login methods they have one; None of any.
        search: what one login method has to begin with.
    """

    tenant_id: str
    limit: int
    newest_first: bool = False
    start: Place | None = None
    recipe_ids: frozenset[str] | None = None
    search: UserSearch = UserSearch()


@attrs.frozen
class UserPage:
    """
    Users, and where the next ones begin.

    Attributes:
        next: the place of the user that follows; None after the last one.
    """

    users: tuple[User, ...]
    next: Place | None


@attrs.frozen(kw_only=True)
class AccountInfo:
    """
    What users are found by; None asks for nothing.

    Attributes:
        email: as login methods have it: trimmed, in lower case.
        phone_number: in E.164.
        identity: the id of the provider that vouches, and the user's there (`LoginRecord.subject`).
        credential_id: of a passkey.
    """

    email: str | None = None
    phone_number: str | None = None
    identity: tuple[str, str] | None = None
    credential_id: str | None = None


@attrs.frozen(kw_only=True)
class UserIdMapping:
    """
    Which id APIs show instead of another.

    Attributes:
        user_id: that of the store: a user's or a login method's.
        external_user_id: the one that is shown.
        external_user_info: what the application notes beside it.
    """

    user_id: str
    external_user_id: str
    external_user_info: str | None = None


@attrs.frozen(kw_only=True)
class MappingTaken:
    """
    A mapping was not made, since there is one already.

    Attributes:
        of_user_id: of the store's id.
        of_external_user_id: of the application's.
    """

    of_user_id: bool
    of_external_user_id: bool
