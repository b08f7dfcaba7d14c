"""
What browsers send of a passkey that was made or used (Web Authentication Level 3, section 5.1, ``toJSON``).

What is binary is base64url. The names are those of the standard, as in SuperTokens.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias, cast, get_args

import attrs

from authweave.types import JSON, FrozenValue, JSONObject

Base64URLString: TypeAlias = str
"""Bytes in base64url, unpadded."""

Transport: TypeAlias = Literal["ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"]
Attachment: TypeAlias = Literal["platform", "cross-platform"]

TRANSPORTS: Final = frozenset(get_args(Transport))
ATTACHMENTS: Final = frozenset(get_args(Attachment))

BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]*={0,2}")

LENGTHS: Final[Mapping[str, int]] = {
    "id": 1364,
    "rawId": 1364,
    "clientDataJSON": 8192,
    "attestationObject": 65_536,
    "authenticatorData": 8192,
    "signature": 2048,
    "userHandle": 88,
}
"""
How many characters each may have, so that nobody has much decoded: an id has at most 1023 bytes, a user handle 64, and
an attestation with all certificates of a chain some thousands.
"""


@attrs.frozen(kw_only=True)
class AuthenticatorAttestationResponseJSON(FrozenValue):
    """What an authenticator says of a passkey that it has made."""

    clientDataJSON: Base64URLString = attrs.field(repr=False)  # noqa: N815  the name of the standard
    attestationObject: Base64URLString = attrs.field(repr=False)  # noqa: N815  the name of the standard
    authenticatorData: Base64URLString | None = attrs.field(default=None, repr=False)  # noqa: N815  the name of the standard
    transports: Sequence[Transport] | None = None
    publicKeyAlgorithm: int | None = None  # noqa: N815  the name of the standard
    publicKey: Base64URLString | None = attrs.field(default=None, repr=False)  # noqa: N815  the name of the standard


@attrs.frozen(kw_only=True)
class AuthenticatorAssertionResponseJSON(FrozenValue):
    """What an authenticator says who uses a passkey."""

    clientDataJSON: Base64URLString = attrs.field(repr=False)  # noqa: N815  the name of the standard
    authenticatorData: Base64URLString = attrs.field(repr=False)  # noqa: N815  the name of the standard
    signature: Base64URLString = attrs.field(repr=False)
    userHandle: Base64URLString | None = attrs.field(default=None, repr=False)  # noqa: N815  the name of the standard


@attrs.frozen(kw_only=True)
class CredentialPayloadBase(FrozenValue):
    """What both have in common."""

    id: str
    rawId: str  # noqa: N815  the name of the standard
    authenticatorAttachment: Attachment | None = None  # noqa: N815  the name of the standard
    clientExtensionResults: Mapping[str, Any] = attrs.field(factory=dict[str, Any], repr=False)  # noqa: N815  the name of the standard; Any: JSON
    type: Literal["public-key"] = "public-key"


@attrs.frozen(kw_only=True)
class RegistrationPayload(CredentialPayloadBase):
    """A passkey that was made (``RegistrationResponseJSON``)."""

    response: AuthenticatorAttestationResponseJSON

    @classmethod
    def read(cls, sent: JSON) -> RegistrationPayload | None:
        """Read what a client sent; None where that is no such thing. Unknown keys are left out."""
        found = texts_of(sent, ("clientDataJSON", "attestationObject"), optional="authenticatorData")
        if found is None:
            return None
        common, said, response = found
        transports = response.get("transports")
        known = [each for each in transports if is_one_of(TRANSPORTS, each)] if isinstance(transports, list) else None
        algorithm = response.get("publicKeyAlgorithm")
        return cls(
            **common,
            response=AuthenticatorAttestationResponseJSON(
                **said,
                transports=cast("list[Transport] | None", known),  # those that are of the type
                publicKeyAlgorithm=algorithm if isinstance(algorithm, int) else None,
            ),
        )


@attrs.frozen(kw_only=True)
class AuthenticationPayload(CredentialPayloadBase):
    """A passkey that was used (``AuthenticationResponseJSON``)."""

    response: AuthenticatorAssertionResponseJSON

    @classmethod
    def read(cls, sent: JSON) -> AuthenticationPayload | None:
        """Read what a client sent; None where that is no such thing. Unknown keys are left out."""
        found = texts_of(sent, ("clientDataJSON", "authenticatorData", "signature"), optional="userHandle")
        if found is None:
            return None
        common, said, _ = found
        return cls(**common, response=AuthenticatorAssertionResponseJSON(**said))


def texts_of(
    sent: JSON, names: Sequence[str], *, optional: str
) -> tuple[dict[str, Any], dict[str, Any], JSONObject] | None:  # Any: what the constructors take
    """Return what both kinds have in common, the texts of the response, and it whole; None where something is wrong."""
    if not isinstance(sent, dict) or sent.get("type") != "public-key":
        return None
    response = sent.get("response")
    if not isinstance(response, dict):
        return None
    said = {name: response.get(name) for name in names}
    if response.get(optional) is not None:
        said[optional] = response[optional]
    common = {name: sent.get(name) for name in ("id", "rawId")}
    if not all(is_binary(name, value) for name, value in (*common.items(), *said.items())):
        return None
    attachment = sent.get("authenticatorAttachment")
    common["authenticatorAttachment"] = attachment if is_one_of(ATTACHMENTS, attachment) else None
    extensions = sent.get("clientExtensionResults")
    common["clientExtensionResults"] = extensions if isinstance(extensions, dict) else {}
    return common, said, response


def is_binary(name: str, value: object) -> bool:
    """Return whether a value is base64url, and no longer than that of this name may be."""
    return isinstance(value, str) and len(value) <= LENGTHS[name] and BASE64URL.fullmatch(value) is not None


def is_one_of(names: frozenset[str], value: object) -> bool:
    """Return whether a value is one of some names."""
    return isinstance(value, str) and value in names
