"""Passkeys of a login, in a line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

import attrs

from authweave.security import base64url_bytes
from authweave.storage import MAX_CREDENTIAL_ID_CHARACTERS

from ._fields import Line, check_fields, object_of, optional, required, text_of, time_of, whole_of, without_nothing
from ._user import LineFaultError, MovedPasskey

MAX_PASSKEYS: Final = 1000
"""Of one login. The recipe has no bound: whoever made many comes along too."""
MAX_SIGN_COUNT: Final = 2**32 - 1
"""Authenticators have 32 bits for it (Web Authentication Level 3, section 6.1)."""
MAX_HANDLE_CHARACTERS: Final = 86
"""Of 64 bytes (section 5.4.3)."""

PASSKEY_FIELDS: Final = frozenset(each.name for each in attrs.fields(MovedPasskey))


def passkeys_of(value: object, where: str, joined_ms: int) -> tuple[MovedPasskey, ...]:
    """
    Return the passkeys of a login.

    Args:
        value: a list of objects; None where there are none.
        where: the login in its line, for messages.
        joined_ms: when those were made that say nothing else.

    Raises:
        LineFaultError: it is no such list, or one of them is of no use.
    """
    if value is None:
        return ()
    if not isinstance(value, list) or len(cast("list[object]", value)) > MAX_PASSKEYS:  # checked one by one below
        raise LineFaultError(f"{where}'passkeys' has to be a list of at most {MAX_PASSKEYS} objects")
    items = cast("list[object]", value)  # nothing is known of what is in it
    return tuple(passkey_of(each, f"{where}passkeys[{number}]: ", joined_ms) for number, each in enumerate(items))


def passkey_of(value: object, where: str, joined_ms: int) -> MovedPasskey:
    """Return one of them."""
    line = object_of(value, f"{where}it is no JSON object")
    check_fields(line, PASSKEY_FIELDS, where)
    public_key = public_key_of(line.get("public_key"), where)
    sign_count = whole_of(line, "sign_count", 0)
    if not 0 <= sign_count <= MAX_SIGN_COUNT:
        raise LineFaultError(f"{where}'sign_count' has to be from 0 to {MAX_SIGN_COUNT}")
    created_at_ms = optional(line, "created_at_ms", time_of)
    return MovedPasskey(
        credential_id=required(line, "credential_id", base64url_of(MAX_CREDENTIAL_ID_CHARACTERS)),
        relying_party_id=required(line, "relying_party_id", text_of),
        public_key=public_key,
        sign_count=sign_count,
        user_handle=optional(line, "user_handle", base64url_of(MAX_HANDLE_CHARACTERS)),
        created_at_ms=joined_ms if created_at_ms is None else created_at_ms,
    )


def base64url_of(most: int) -> Callable[[str, object], str]:
    """Return what reads a field of bytes in base64url, of at most so many characters."""

    def read(name: str, value: object) -> str:
        if not isinstance(value, str) or not 1 <= len(value) <= most or base64url_bytes(value) is None:
            raise LineFaultError(f"{name!r} has to be base64url without padding, of at most {most} characters")
        return value

    return read


def public_key_of(value: object, where: str) -> str:
    """Return a public key with which signatures can be checked: else its user would learn it at the next sign-in."""
    try:
        from authweave.recipe.webauthn.ceremonies import is_public_key  # noqa: PLC0415  an extra, for the first passkey
    except ImportError:
        message = "passkeys are checked by the extra 'webauthn', which has to be installed"
        raise LineFaultError(f"{where}{message}") from None
    if not isinstance(value, str) or not is_public_key(value):
        raise LineFaultError(f"{where}'public_key' has to be the COSE key of a passkey, in base64url")
    return value


def passkey_line(passkey: MovedPasskey) -> Line:
    """Return a passkey as it stands in a line, where the fields are named as its attributes."""
    return without_nothing(attrs.asdict(passkey))
