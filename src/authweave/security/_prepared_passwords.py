"""Passwords as they are hashed, however a keyboard writes them."""

from __future__ import annotations

from ._limits import MAX_PASSWORD_BYTES


def prepared_password(password: str) -> str:
    """
    Return a password as the profile OpaqueString has it (RFC 8265, section 4.2.2): it is this that is hashed.

    Every space is U+0020, and letters are in Unicode's form NFC. Nothing else changes: case and full-width digits tell
    passwords apart. Other than in section 4.2.1, control characters and others that are hard to type stay allowed, for
    the sake of passwords that have them already.
    """
    # What is too long is never hashed: to sort its marks would take the square of its length.
    if password.isascii() or len(password) > MAX_PASSWORD_BYTES:
        return password
    import unicodedata

    spaced = "".join(" " if unicodedata.category(each) == "Zs" else each for each in password)
    return unicodedata.normalize("NFC", spaced)
