"""Firebase's own scrypt: the key that scrypt derives encrypts a key of the project, and that is the hash."""

from __future__ import annotations

import base64
import hmac
import re
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

from ._bounds import HashFaultError, bounded, checked_key, checked_salt, from_base64
from ._parsed import ForeignHash
from ._scrypt import check_costs, derive

FORM: Final = re.compile(
    r"\$f_scrypt\$(?P<key>[A-Za-z0-9+/=_-]+)\$(?P<salt>[A-Za-z0-9+/=_-]*)"
    r"\$m=(?P<memory>\d+)\$r=(?P<rounds>\d+)\$s=(?P<separator>[A-Za-z0-9+/=_-]*)"
)
MAX_MEMORY_COST: Final = 17
MAX_ROUNDS: Final = 32
AES_KEY_BYTES: Final = 32


def parse_firebase(text: str, signer_key: bytes | None) -> ForeignHash:
    """
    Read a hash of Firebase, ``$f_scrypt$HASH$SALT$m=14$r=8$s=SEPARATOR``, as a SuperTokens core writes it.

    Args:
        text: the hash.
        signer_key: that of the project. Without it every password is wrong, after the same work.

    Raises:
        HashFaultError: it is damaged, or out of bounds.
    """
    found = FORM.fullmatch(text)
    if found is None:
        raise HashFaultError("it begins like Firebase's scrypt ($f_scrypt$), and does not go on so")
    memory_cost = bounded("memory cost", found["memory"], 1, MAX_MEMORY_COST)
    rounds = bounded("number of rounds", found["rounds"], 1, MAX_ROUNDS)
    check_costs(2**memory_cost, rounds, 1)
    hashed = checked_key(from_either_base64("hash", found["key"]))
    salt = checked_salt(
        from_either_base64("salt", found["salt"]) + from_either_base64("salt separator", found["separator"])
    )

    def matches(password: bytes) -> bool:
        derived = derive(password, salt, (2**memory_cost, rounds, 1), AES_KEY_BYTES)
        encryptor = Cipher(AES(derived), CTR(bytes(16))).encryptor()
        signed = encryptor.update(bytes(len(hashed)) if signer_key is None else signer_key)
        return hmac.compare_digest(signed, hashed) and signer_key is not None

    zeros = base64.b64encode(bytes(len(hashed))).decode()
    return ForeignHash(f"$f_scrypt${zeros}$AAAAAAAAAAA=$m={memory_cost}$r={rounds}$s=Bw==", matches)


def from_either_base64(name: str, text: str) -> bytes:
    """Decode base64 in either alphabet: exports are written in that for URLs."""
    return from_base64(name, text.replace("-", "+").replace("_", "/"))
