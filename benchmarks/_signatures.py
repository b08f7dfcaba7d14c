"""What a token costs at least: signatures that `cryptography` makes and checks, and nothing else. By CPU time."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Mapping

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256


def bare_verify(jwk: Mapping[str, object], token: str) -> Callable[[], object]:
    """Return what does nothing but check the signature of a token, with the key that signed it."""
    signed, _, signature = token.rpartition(".")
    content, proof = signed.encode(), decoded(signature)
    if jwk["kty"] == "RSA":
        rsa = RSAPublicNumbers(number(jwk["e"]), number(jwk["n"])).public_key()
        padding, digest = PKCS1v15(), SHA256()
        return lambda: rsa.verify(proof, content, padding, digest)
    curve = EllipticCurvePublicNumbers(number(jwk["x"]), number(jwk["y"]), SECP256R1()).public_key()
    der = encode_dss_signature(int.from_bytes(proof[:32], "big"), int.from_bytes(proof[32:], "big"))
    ecdsa = ECDSA(SHA256())
    return lambda: curve.verify(der, content, ecdsa)


def cpu(call: Callable[[], object], times: int) -> Callable[[], int]:
    """Make a case of a synchronous call, by CPU time. Returns nanoseconds for all its calls."""

    def case() -> int:
        numbers = range(times)
        start = time.process_time_ns()
        for _ in numbers:
            call()
        return time.process_time_ns() - start

    return case


def number(text: object) -> int:
    """Return a number of a JSON Web Key."""
    return int.from_bytes(decoded(str(text)), "big")


def decoded(text: str) -> bytes:
    """Decode base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
