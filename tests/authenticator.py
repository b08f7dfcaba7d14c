"""
An authenticator in software, and the browser that it is in: what they make is real, down to the signatures.

Every part of it can be made wrong. The keys are those of ES256; one is generated in 30 microseconds.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any, Final, cast

import attrs
import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from authweave.types import JSON

UP: Final = 0x01
UV: Final = 0x04
AT: Final = 0x40

Options = Mapping[str, Any]
"""What the server says, as JSON."""


def base64url(data: bytes) -> str:
    """Write bytes as browsers do."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Read what browsers write."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@attrs.define
class Passkey:
    """A passkey that the authenticator has."""

    credential_id: str
    rp_id: str
    user_handle: str
    key: ec.EllipticCurvePrivateKey = attrs.field(repr=False)
    sign_count: int


@attrs.define
class Authenticator:
    """
    An authenticator, and the browser that it is in.

    Attributes:
        origin: the page that the browser shows.
        counts: whether it has a signature counter; passkeys that are synchronised have none.
        verifies: whether it knows who uses it.
        passkeys: those that it has made, the oldest first.
    """

    origin: str = "http://localhost:3000"
    counts: bool = True
    verifies: bool = True
    passkeys: list[Passkey] = attrs.field(factory=list[Passkey])

    def client_data(self, kind: str, options: Options, others: Mapping[str, JSON]) -> bytes:
        """Return what the browser says."""
        challenge: str = options["challenge"]
        said: dict[str, JSON] = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps({**said, **others}).encode()

    def flags(self) -> int:
        """Return what the authenticator says of the user."""
        return UP | (UV if self.verifies else 0)

    def make(
        self,
        options: Options,
        *,
        rp_id: str | None = None,
        credential_id: bytes | None = None,
        algorithm: int = -7,
        flags: int | None = None,
        statement: Mapping[str, object] | None = None,
        **client_data: JSON,
    ) -> dict[str, Any]:  # Any: JSON that tests change
        """Make a passkey, and return ``RegistrationResponseJSON``; ``client_data`` is said by the browser instead."""
        key = ec.generate_private_key(ec.SECP256R1())
        raw_id, domain = credential_id or secrets.token_bytes(16), rp_id or options["rp"]["id"]
        sign_count = 1 if self.counts else 0
        authenticator_data = (
            self.head(domain, (self.flags() if flags is None else flags) | AT, sign_count)
            + bytes(16)
            + len(raw_id).to_bytes(2, "big")
            + raw_id
            + cose_key(key, algorithm)
        )
        attestation = cbor2.dumps({"fmt": "none", "attStmt": statement or {}, "authData": authenticator_data})
        made = Passkey(base64url(raw_id), domain, options["user"]["id"], key, sign_count)
        self.passkeys.append(made)
        said = self.client_data("webauthn.create", options, client_data)
        return {
            "id": made.credential_id,
            "rawId": made.credential_id,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64url(said),
                "attestationObject": base64url(attestation),
                "transports": ["internal", "hybrid"],
            },
        }

    def use(
        self,
        options: Options,
        passkey: Passkey | None = None,
        *,
        rp_id: str | None = None,
        sign_count: int | None = None,
        user_handle: str | None = None,
        **client_data: JSON,
    ) -> dict[str, Any]:  # Any: JSON that tests change
        """Use a passkey, the newest by default, and return ``AuthenticationResponseJSON``."""
        used = passkey or self.passkeys[-1]
        if self.counts:
            used.sign_count += 1
        counted = used.sign_count if sign_count is None else sign_count
        authenticator_data = self.head(rp_id or options["rpId"], self.flags(), counted)
        said = self.client_data("webauthn.get", options, client_data)
        signature = used.key.sign(authenticator_data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return {
            "id": used.credential_id,
            "rawId": used.credential_id,
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64url(said),
                "authenticatorData": base64url(authenticator_data),
                "signature": base64url(signature),
                "userHandle": used.user_handle if user_handle is None else user_handle,
            },
        }

    @staticmethod
    def head(rp_id: str, flags: int, sign_count: int) -> bytes:
        """Return the first 37 bytes of the authenticator's data."""
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + sign_count.to_bytes(4, "big")


def cose_key(key: ec.EllipticCurvePrivateKey, algorithm: int = -7) -> bytes:
    """Return the public key of a passkey, as authenticators say it (RFC 9053, section 7.1.1)."""
    numbers = key.public_key().public_numbers()
    return cbor2.dumps(
        {1: 2, 3: algorithm, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
    )


def changed(sent: dict[str, Any], **response: JSON) -> dict[str, Any]:  # Any: JSON that tests change
    """Return what a browser sent with parts of its response changed."""
    former = cast("dict[str, Any]", sent["response"])  # as it was made above
    return {**sent, "response": {**former, **response}}
