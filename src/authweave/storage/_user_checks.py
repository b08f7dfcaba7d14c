"""What questions about users may hold."""

from __future__ import annotations

from authweave.types import BadInputError

from ._limits import MAX_CREDENTIAL_ID_CHARACTERS, MAX_PHONE_NUMBER_CHARACTERS, check_email, check_text
from ._user_records import AccountInfo, UserIdMapping, UserListing

MAX_SEARCHED = 20
"""How many beginnings are searched for at once, of each kind."""

MAX_INFO_CHARACTERS = 65_536
"""Of what an application notes beside a mapping of ids."""


def check_listing(listing: UserListing) -> None:
    """
    Check all texts of a listing.

    Raises:
        authweave.types.BadInputError: see `check_text`; or too much is searched for.
    """
    check_text(listing.tenant_id, "tenant_id")
    if listing.start is not None:
        check_text(listing.start.user_id, "user_id")
    search = listing.search
    for text in search.emails:
        check_email(text)
    for text in search.phone_numbers:
        check_text(text, "phone_number", MAX_PHONE_NUMBER_CHARACTERS)
    for text in search.providers:
        check_text(text, "provider_id")
    for name, texts in (("email", search.emails), ("phone", search.phone_numbers), ("provider", search.providers)):
        if len(texts) > MAX_SEARCHED:
            message = f"{name} has more than the {MAX_SEARCHED} beginnings that are searched for at once."
            raise BadInputError(message)


def check_account(tenant_id: str, account: AccountInfo) -> None:
    """
    Check what users are found by.

    Raises:
        authweave.types.BadInputError: see `check_text`.
    """
    check_text(tenant_id, "tenant_id")
    check_email(account.email or "")
    check_text(account.phone_number or "", "phone_number")
    for text in account.identity or ():
        check_text(text, "identity")
    check_text(account.credential_id or "", "credential_id", MAX_CREDENTIAL_ID_CHARACTERS)


def check_mapping(mapping: UserIdMapping) -> None:
    """
    Check both ids of a mapping, and what is noted beside it.

    Raises:
        authweave.types.BadInputError: see `check_text`; or the external id is empty.
    """
    check_text(mapping.user_id, "user_id")
    check_text(mapping.external_user_id, "external_user_id")
    check_info(mapping.external_user_info)
    if not mapping.external_user_id:
        message = "external_user_id is empty."
        raise BadInputError(message)


def check_info(info: str | None) -> None:
    """
    Check what is noted beside a mapping.

    Raises:
        authweave.types.BadInputError: see `check_text`.
    """
    check_text(info or "", "external_user_info", MAX_INFO_CHARACTERS)
