"""Addresses, as all recipes compare them."""

from __future__ import annotations

import re
from typing import Final

from ._limits import MAX_ADDRESS_CHARACTERS

FAKE_EMAIL_DOMAIN: Final = "stfakeemail.supertokens.com"
"""Of addresses that stand in for none: nobody gets mail there (docs/reference/http.md, Coming back from a provider)."""

MAX_DECOMPOSED: Final = 4
"""How many characters one takes at most that is written as a base with its marks (Unicode Standard Annex 15)."""

# Default_Ignorable_Code_Point (DerivedCoreProperties.txt of Unicode 17.0), which Python's unicodedata does not have:
# what is not drawn. After it, what is drawn as an empty place: a Khitan filler, Braille's blank, the null notehead.
INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\U00016fe4\u2800\U0001d159]"
)

# The frontends check addresses by this very rule before they send them. email-validator follows the standards instead:
# it refuses what the rule takes (addresses at .test and .local, long local parts) and takes what it refuses (IDN).
RUN: Final = r"[^<>()\[\]\\.,;:\s@\"]+"
EMAIL_SYNTAX: Final = re.compile(
    rf'(?:{RUN}(?:\.{RUN})*|"(?:\\.|[^"\\])+")'
    r"@(?:\[\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\]|(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})"
)


def has_email_syntax(text: str) -> bool:
    """Return whether a text looks like an address, as the frontends see it."""
    return EMAIL_SYNTAX.fullmatch(text) is not None


def normal_email(email: str) -> str:
    """
    Return an address as it is stored and compared: trimmed, in lower case, in Unicode's form NFC.

    So a letter with an accent is one address, whether a keyboard writes it as one character or as two.
    """
    typed = typed_email(email)
    # What is too long for an address is none: to sort its marks would take the square of its length.
    if typed.isascii() or len(typed) > MAX_DECOMPOSED * MAX_ADDRESS_CHARACTERS:
        return typed
    import unicodedata

    return unicodedata.normalize("NFC", typed)


def typed_email(email: str) -> str:
    """Return an address trimmed and in lower case, its accents as they were typed: so addresses were stored once."""
    return email.strip().lower()


def is_visible(email: str) -> bool:
    """Return whether an address has no character that nobody can see: two would look alike."""
    return email.isascii() or INVISIBLE.search(email) is None
