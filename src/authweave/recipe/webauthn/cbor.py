"""
CBOR of authenticators, looked at before it is read.

CBOR has more than authenticators write: tags, for one, which whoever reads them acts upon. None is read that they have
no use for (Web Authentication Level 3, section 2.4; Client to Authenticator Protocol 2.2, section 8).
"""

from __future__ import annotations

from typing import Final

MAX_KEYS: Final = 64
"""How many keys a map may have: those of authenticators have some, and many that collide take long."""

HEAD_BYTES: Final = 37
"""Of the authenticator's data: the hash of the domain, the flags, the counter."""

HAS_PASSKEY: Final = 0x40
"""The flag of data in which the id of a passkey and its public key follow."""

BYTES, TEXT, MAP, TAG, SIMPLE = 2, 3, 5, 6, 7
INDEFINITE: Final = 31


class NotCanonicalError(ValueError):
    """No authenticator writes that."""


def check_attestation(data: bytes) -> None:
    """
    Look at an attestation object.

    Raises:
        NotCanonicalError: it holds what is not to be read.
    """
    check_items(data, 0, is_short=False)


def check_authenticator_data(data: bytes) -> None:
    """
    Look at the public key and the extensions in an authenticator's data.

    Where the extensions begin is found by writing the key anew: what could be written shorter would be read elsewhere.

    Raises:
        NotCanonicalError: they hold what is not to be read.
    """
    start = HEAD_BYTES
    if len(data) > HEAD_BYTES and data[32] & HAS_PASSKEY:
        start += 18 + int.from_bytes(data[53:55], "big")
    check_items(data, start, is_short=True)


def check_items(data: bytes, at: int, *, is_short: bool) -> None:
    """
    Look at each item from a place on, and at those in it, one after the other.

    Args:
        data: bytes that may be CBOR. What is none is let through.
        at: where the first item begins.
        is_short: whether each has to be written as short as it can be.

    Raises:
        NotCanonicalError: there is a tag, a length that is not said, or a map with many keys.
    """
    while at < len(data):
        kind, said = data[at] >> 5, data[at] & 31
        at += 1
        number = said
        if 24 <= said <= 27:  # noqa: PLR2004  RFC 8949, section 3: the number follows, in 1, 2, 4 or 8 bytes
            size = 1 << said - 24
            number = int.from_bytes(data[at : at + size], "big")
            at += size
            shortest = 24 if size == 1 else 1 << 4 * size
            if is_short and (kind == SIMPLE or number < shortest):
                raise NotCanonicalError
        if kind == TAG or said == INDEFINITE or (kind == MAP and number > MAX_KEYS):
            raise NotCanonicalError
        if kind in {BYTES, TEXT}:
            at += number
