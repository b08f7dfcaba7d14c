"""Addresses and phone numbers, as people write them and as they are stored."""

from __future__ import annotations

import string
from typing import Final

from authweave.ingredients.emaildelivery import address_fault
from authweave.types import (
    MAX_EMAIL_CHARACTERS,
    BadInputError,
    has_email_syntax,
    is_visible,
    missing_extra,
    normal_email,
)

from .store import Contact, check_contact

MAX_TYPED_CHARACTERS: Final = 64
"""Of a phone number as it is typed. E.164 allows 15 digits."""

LOWER: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)

EMAIL_INVALID: Final = "Email is invalid"
PHONE_NUMBER_INVALID: Final = "Phone number is invalid"


def is_storable_email(email: str) -> bool:
    """Return whether an address can be kept, and mail sent to it: of no line breaks, and nothing that nobody sees."""
    normal = normal_email(email)
    return 0 < len(normal) <= MAX_EMAIL_CHARACTERS and email.strip().isprintable() and is_visible(normal)


def is_storable_phone_number(number: str) -> bool:
    """Return whether a text is short enough for a phone number, and can be kept."""
    return 0 < len(number.strip()) <= MAX_TYPED_CHARACTERS and number.strip().isprintable()


def as_sent(email: str) -> str:
    """
    Return where a mail goes to an address: as it was typed, if that differs from the stored one by A to Z alone.

    Some letters become others in lower case (the sign of the kelvin a k) or in NFC: mail to what was typed could reach
    somebody else, and the code in it signs in to the account of the address that is stored.
    """
    typed, normal = email.strip(), normal_email(email)
    return typed if typed.translate(LOWER) == normal else normal


async def default_validate_email(value: str, _tenant_id: str) -> str | None:
    """Return what is wrong with an address; None where it looks like one, and mail can be sent there."""
    return None if has_email_syntax(value) and address_fault(value) is None else EMAIL_INVALID


async def default_validate_phone_number(value: str, _tenant_id: str) -> str | None:
    """
    Return what is wrong with a phone number; None where a text message may be sent there.

    It is written with its country (``+49 151 ...``) and can be one there. Those of premium services, which would have
    the application pay somebody for each code, are none, nor is one with an extension, which no message reaches.
    """
    try:
        import phonenumbers  # noqa: PLC0415  its tables are loaded when the first number is read
    except ImportError as error:
        raise missing_extra("A phone number", "passwordless", error) from error

    try:
        parsed = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        return PHONE_NUMBER_INVALID
    kinds = phonenumbers.PhoneNumberType
    costly = {kinds.PREMIUM_RATE, kinds.SHARED_COST}
    if (
        parsed.extension is not None
        or not phonenumbers.is_valid_number(parsed)
        or phonenumbers.number_type(parsed) in costly
    ):
        return PHONE_NUMBER_INVALID
    return None


def normal_number(number: str) -> str:
    """
    Return a phone number in E.164 (``+4915112345678``); what is none, to phonenumbers at least, as it was typed.

    A number with an extension stays as it is too: without it, it would be somebody else's.
    """
    try:
        import phonenumbers  # noqa: PLC0415  an extra, loaded at first use
    except ImportError as error:
        raise missing_extra("A phone number", "passwordless", error) from error

    typed = number.strip()
    try:
        parsed = phonenumbers.parse(typed, None)
    except phonenumbers.NumberParseException:
        return typed
    if parsed.extension is not None:
        return typed
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def contact_of(email: str | None, phone_number: str | None) -> Contact:
    """
    Return where codes are sent to.

    Raises:
        authweave.types.BadInputError: it is not exactly one of the two, or one that cannot be kept.
    """
    if (email is None) == (phone_number is None):
        raise BadInputError("Please provide exactly one of email or phoneNumber")
    if email is not None:
        contact = Contact("email", normal_email(email))
        if not is_storable_email(email):
            raise BadInputError(f"{EMAIL_INVALID}: it is empty, too long, or holds characters that cannot be seen.")
    else:
        contact = Contact("phone_number", normal_number(phone_number or ""))
        if not is_storable_phone_number(phone_number or ""):
            raise BadInputError(f"{PHONE_NUMBER_INVALID}: it is empty, too long, or holds characters of no number.")
    check_contact(contact)
    return contact
