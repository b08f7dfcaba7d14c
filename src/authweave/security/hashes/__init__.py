"""
Password hashes of other libraries: read within bounds, and verified by their libraries or Python's own primitives.

A hash comes from outside, and its costs are run with every sign-in of whoever has it. So each is bounded, where it is
imported and again where it is verified.
"""

from __future__ import annotations

from ._bounds import HashFaultError
from ._parsed import ForeignHash

__all__ = ["UNUSABLE_HASH", "ForeignHash", "HashFaultError", "parse_hash"]

UNUSABLE_HASH = "!"
"""Of who has no password, and may set one by a reset: it matches none."""

MAX_CHARACTERS = 1024


def parse_hash(text: str, *, firebase_signer_key: bytes | None = None) -> ForeignHash:
    """
    Read a password hash of another library.

    Args:
        text: of Argon2, bcrypt, scrypt, PBKDF2 or Firebase, as their libraries write it.
        firebase_signer_key: that of the Firebase project, for its hashes.

    Raises:
        HashFaultError: it is of no kind that is known, damaged, or out of bounds.
    """
    if len(text) > MAX_CHARACTERS:
        raise HashFaultError(f"it is longer than {MAX_CHARACTERS} characters")
    if not text.isprintable():  # NUL, half of a surrogate pair: no store keeps them, and no encoding writes them
        raise HashFaultError("it has characters that no hash has")
    text = text.removeprefix("argon2" if text.startswith("argon2$argon2") else "")  # as Django writes these two
    text = text.removeprefix("bcrypt$" if text.startswith("bcrypt$$2") else "")
    if text.startswith("$argon2"):
        from ._argon2 import parse_argon2  # noqa: PLC0415  each where it is needed

        return parse_argon2(text)
    if text.startswith(("$2", "bcrypt_sha256$")):
        from ._bcrypt import parse_bcrypt  # noqa: PLC0415  loaded where such hashes are verified

        return parse_bcrypt(text)
    if text.startswith(("pbkdf2", "$pbkdf2")):
        from ._pbkdf2 import parse_pbkdf2  # noqa: PLC0415  loaded where such hashes are verified

        return parse_pbkdf2(text)
    if text.startswith("$f_scrypt$"):
        from ._firebase import parse_firebase  # noqa: PLC0415  loaded where such hashes are verified

        return parse_firebase(text, firebase_signer_key)
    from ._scrypt import parse_better_auth, parse_scrypt  # noqa: PLC0415  loaded where such hashes are verified

    if text.startswith("scrypt"):
        return parse_scrypt(text)
    if (found := parse_better_auth(text)) is not None:
        return found
    raise HashFaultError("it is none of Argon2, bcrypt, scrypt, PBKDF2 or Firebase that is known here")
