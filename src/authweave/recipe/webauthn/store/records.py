"""What a store keeps of passkeys, as plain values. What is binary is base64url (RFC 4648, section 5), unpadded."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import attrs

from authweave.storage import MAX_CREDENTIAL_ID_CHARACTERS, check_email, check_text

RECIPE_ID: Final = "webauthn"

MAX_PUBLIC_KEY_CHARACTERS: Final = 2048
"""A COSE key of RSA with 8192 bits has 1,040 bytes."""

MAX_ORIGIN_CHARACTERS: Final = 512
MAX_NAME_CHARACTERS: Final = 255

Ceremony: TypeAlias = Literal["registration", "authentication"]
"""What options are for: to make a passkey, or to use one."""


@attrs.frozen(kw_only=True)
class Passkey:
    """
    A passkey: a public key, and what is known of the authenticator that has the private one.

    Attributes:
        credential_id: its id, as the authenticator made it. Unique.
        recipe_user_id: the login method whose it is.
        relying_party_id: the domain for which it was made. It is good for no other.
        public_key: as the authenticator gave it (COSE, RFC 9052).
        sign_count: the signature counter, as it was last seen; 0 where the authenticator has none.
        user_handle: what the authenticator says whose it is; None where that is not known.
        created_at_ms: milliseconds since the epoch.
    """

    credential_id: str
    recipe_user_id: str
    relying_party_id: str
    public_key: str = attrs.field(repr=False)
    sign_count: int
    user_handle: str | None = attrs.field(default=None, repr=False)
    created_at_ms: int


@attrs.frozen(kw_only=True)
class CeremonyOptions:
    """
    What a browser was told to make or use a passkey with, until it has done so.

    Attributes:
        options_id: what it is found by. Unique.
        ceremony: what it is for.
        tenant_id: where it is good.
        client: by what the client who asked is counted; None where that is not known.
        relying_party_id: the domain that the passkey is for.
        relying_party_name: as people are shown it.
        origin: the page on which it happens, and no other.
        email: the address that the passkey is to be registered for; None to use one.
        user_handle: what the authenticator is to keep of the user; None to use one.
        user_verification: whether the authenticator has to know who uses it.
        user_presence: whether somebody has to be there.
        attestation: whether the authenticator was asked by whom it was made; None to use one.
        algorithms: those of which the public key may be, as COSE numbers them, between blanks; None to use one.
        challenge: what the authenticator signs.
        timeout_ms: for how long it is good.
        created_at_ms: milliseconds since the epoch.
        expires_at_ms: from when on it is worth nothing.
    """

    options_id: str
    ceremony: Ceremony
    tenant_id: str
    client: str | None = None
    relying_party_id: str
    relying_party_name: str
    origin: str
    email: str | None = None
    user_handle: str | None = attrs.field(default=None, repr=False)
    user_verification: str
    user_presence: bool = attrs.field(converter=bool)  # a number in a database
    attestation: str | None = None
    algorithms: str | None = None
    challenge: str = attrs.field(repr=False)
    timeout_ms: int
    created_at_ms: int
    expires_at_ms: int


def check_passkey(passkey: Passkey) -> None:
    """
    Check all texts of a passkey.

    Raises:
        authweave.types.BadInputError: see `authweave.storage.check_text`.
    """
    check_credential_id(passkey.credential_id)
    check_text(passkey.recipe_user_id, "recipe_user_id")
    check_text(passkey.relying_party_id, "relying_party_id")
    check_text(passkey.public_key, "public_key", MAX_PUBLIC_KEY_CHARACTERS)
    check_text(passkey.user_handle or "", "user_handle")


def check_credential_id(credential_id: str) -> None:
    """
    Check the id of a passkey.

    Raises:
        authweave.types.BadInputError: see `authweave.storage.check_text`.
    """
    check_text(credential_id, "credential_id", MAX_CREDENTIAL_ID_CHARACTERS)


def check_options(options: CeremonyOptions) -> None:
    """
    Check all texts of options.

    Raises:
        authweave.types.BadInputError: see `authweave.storage.check_text`.
    """
    for name in ("options_id", "tenant_id", "relying_party_id", "challenge", "user_verification"):
        check_text(getattr(options, name), name)
    check_text(options.client or "", "client")
    check_text(options.user_handle or "", "user_handle")
    check_text(options.algorithms or "", "algorithms")
    check_text(options.attestation or "", "attestation")
    check_text(options.relying_party_name, "relying_party_name", MAX_NAME_CHARACTERS)
    check_text(options.origin, "origin", MAX_ORIGIN_CHARACTERS)
    check_email(options.email or "")
