"""
Signatures of requests and answers, as Standard Webhooks has them: HMAC-SHA256 over id, time and body.

Source: https://github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Sequence
from typing import Final

import attrs

PREFIX: Final = "whsec_"
VERSION: Final = b"v1,"
SECRET_BYTES: Final = range(24, 65)
MAX_SIGNATURES: Final = 16


@attrs.frozen
class Signer:
    """
    Signs with every secret, and takes what was signed with any of them: so that one can take the place of another.

    Attributes:
        keys: the secrets, decoded.
    """

    keys: tuple[bytes, ...] = attrs.field(repr=False)

    def request_signature(self, webhook_id: str, timestamp_s: int, body: bytes) -> bytes:
        """Return the header ``webhook-signature`` of a request."""
        signed = b"%b.%d.%b" % (webhook_id.encode(), timestamp_s, body)
        return b" ".join(VERSION + signature for signature in self._signatures(signed))

    def accepts_answer(self, header: bytes, webhook_id: str, timestamp_s: int, request: bytes, answer: bytes) -> bool:
        """
        Return whether an answer is signed, and belongs to a request.

        It is signed like a request, with the id and time of the request it answers; what stands for the body is that
        of the request, a full stop, and that of the answer. So neither an older answer nor the request itself passes.
        """
        signed = b"%b.%d.%b.%b" % (webhook_id.encode(), timestamp_s, request, answer)
        given = [each.removeprefix(VERSION) for each in header.split() if each.startswith(VERSION)]
        pairs = [(one, other) for one in self._signatures(signed) for other in given[:MAX_SIGNATURES]]
        return sum(hmac.compare_digest(one, other) for one, other in pairs) > 0  # each is compared

    def _signatures(self, signed: bytes) -> Sequence[bytes]:
        return [base64.b64encode(hmac.digest(key, signed, "sha256")) for key in self.keys]


def decoded_secret(secret: str) -> bytes | None:
    """Return the key of a secret, ``whsec_`` and 24 to 64 bytes in Base64; None where it is none."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if secret.startswith(PREFIX) and len(key) in SECRET_BYTES else None
