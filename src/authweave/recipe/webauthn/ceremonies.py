"""
What authenticators say, checked by py_webauthn. It is loaded when the first passkey is made or used.

Whatever a client sends comes out as a result: what py_webauthn, CBOR and X.509 raise at it is of many kinds.
"""

from __future__ import annotations

import logging
from typing import Final

import attrs
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import (
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    encode_cbor,
    parse_cbor,
    parse_client_data_json,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorAssertionResponse,
    AuthenticatorAttestationResponse,
    PublicKeyCredentialType,
    RegistrationCredential,
)

from authweave.security import base64url, base64url_bytes

from .cbor import check_attestation, check_authenticator_data
from .store import MAX_PUBLIC_KEY_CHARACTERS, CeremonyOptions, Passkey
from .types import (
    AuthenticationPayload,
    InvalidAuthenticatorErrorResponse,
    InvalidCredentialsErrorResponse,
    RegistrationPayload,
)

logger: Final = logging.getLogger("authweave.webauthn")

KNOWN_ALGORITHMS: Final = frozenset(int(each) for each in COSEAlgorithmIdentifier)
"""Those whose signatures can be checked."""

NOT_VERIFIED: Final = "The authenticator did not check who uses it, which this application asks for."
OTHER_ALGORITHM: Final = "The authenticator made a key of an algorithm that this application did not ask for."


@attrs.frozen(kw_only=True)
class NewPasskey:
    """What an authenticator says of a passkey that it has made: its id and public key, and its counter."""

    credential_id: str
    public_key: str = attrs.field(repr=False)
    sign_count: int


class NotSentError(Exception):
    """What was sent is not what py_webauthn can be asked about."""


def check_registration(
    credential: RegistrationPayload, options: CeremonyOptions
) -> NewPasskey | InvalidCredentialsErrorResponse | InvalidAuthenticatorErrorResponse:
    """
    Check what an authenticator says of a passkey that it has made (Web Authentication Level 3, section 7.1).

    Challenge, page, domain and whether somebody was there have to be those of the options.
    """
    try:
        client_data = bytes_of(credential.response.clientDataJSON)
        refuse_other_origins(client_data)
        verified = verify_registration_response(
            credential=RegistrationCredential(
                id=credential.id,
                raw_id=bytes_of(credential.rawId),
                response=AuthenticatorAttestationResponse(
                    client_data_json=client_data,
                    attestation_object=attestation_of(credential, options),
                ),
                type=PublicKeyCredentialType.PUBLIC_KEY,
            ),
            expected_challenge=bytes_of(options.challenge),
            expected_rp_id=options.relying_party_id,
            expected_origin=options.origin,
            require_user_presence=options.user_presence,
            require_user_verification=False,  # below, with a reason
            supported_pub_key_algs=list(COSEAlgorithmIdentifier),  # likewise
        )
        algorithm = algorithm_of(verified.credential_public_key)
    except Exception as error:  # noqa: BLE001  what a client sent may raise anything
        tell(error)
        return InvalidCredentialsErrorResponse()
    made = NewPasskey(
        credential_id=base64url(verified.credential_id),
        public_key=base64url(verified.credential_public_key),
        sign_count=verified.sign_count,
    )
    if made.credential_id != credential.id or len(made.public_key) > MAX_PUBLIC_KEY_CHARACTERS:
        return InvalidCredentialsErrorResponse()
    if options.user_verification == "required" and not verified.user_verified:
        return InvalidAuthenticatorErrorResponse(NOT_VERIFIED)
    if str(algorithm) not in (options.algorithms or "").split():
        return InvalidAuthenticatorErrorResponse(OTHER_ALGORITHM)
    return made


def check_authentication(credential: AuthenticationPayload, options: CeremonyOptions, passkey: Passkey) -> int | None:
    """
    Check what an authenticator says who uses a passkey (Web Authentication Level 3, section 7.2).

    Returns:
        The signature counter, which is greater than it was, unless both are 0; None where something is not true.
    """
    handle = credential.response.userHandle
    if passkey.relying_party_id != options.relying_party_id:
        return None
    if handle and passkey.user_handle is not None and handle != passkey.user_handle:
        return None
    try:
        client_data = bytes_of(credential.response.clientDataJSON)
        refuse_other_origins(client_data)
        authenticator_data = bytes_of(credential.response.authenticatorData)
        check_authenticator_data(authenticator_data)
        verified = verify_authentication_response(
            credential=AuthenticationCredential(
                id=credential.id,
                raw_id=bytes_of(credential.rawId),
                response=AuthenticatorAssertionResponse(
                    client_data_json=client_data,
                    authenticator_data=authenticator_data,
                    signature=bytes_of(credential.response.signature),
                ),
                type=PublicKeyCredentialType.PUBLIC_KEY,
            ),
            expected_challenge=bytes_of(options.challenge),
            expected_rp_id=options.relying_party_id,
            expected_origin=options.origin,
            credential_public_key=bytes_of(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=options.user_verification == "required",
        )
    except Exception as error:  # noqa: BLE001  what a client sent may raise anything
        tell(error)
        return None
    return verified.new_sign_count


def algorithm_of(public_key: bytes) -> int:
    """
    Return the algorithm of a public key, as COSE numbers it.

    Raises:
        Exception: nothing could be checked with it.
    """
    decoded = decode_credential_public_key(public_key)
    decoded_public_key_to_cryptography(decoded)
    return int(decoded.alg)


def is_public_key(public_key: str) -> bool:
    """Return whether a text from elsewhere is a public key that can be stored, and signatures be checked with."""
    if len(public_key) > MAX_PUBLIC_KEY_CHARACTERS:
        return False
    try:
        data = bytes_of(public_key)
        check_attestation(data)
        return algorithm_of(data) in KNOWN_ALGORITHMS
    except Exception as error:  # noqa: BLE001  what somebody else wrote may raise anything
        tell(error)
        return False


def attestation_of(credential: RegistrationPayload, options: CeremonyOptions) -> bytes:
    """
    Return what the authenticator says of the passkey, without its statement where nobody has asked by whom it was made.

    Browsers leave that out then, as a rule. No certificate is read that nobody asked for.

    Raises:
        Exception: it is malformed.
    """
    sent = bytes_of(credential.response.attestationObject)
    check_attestation(sent)
    said = parse_cbor(sent)["authData"]
    if not isinstance(said, bytes):
        raise NotSentError
    check_authenticator_data(said)
    return encode_cbor({"fmt": "none", "attStmt": {}, "authData": said}) if options.attestation == "none" else sent


def bytes_of(text: str) -> bytes:
    """
    Read base64url.

    Raises:
        NotSentError: it is none.
    """
    data = base64url_bytes(text)
    if data is None:
        raise NotSentError
    return data


def refuse_other_origins(client_data: bytes) -> None:
    """
    Refuse what was done in a frame on the page of somebody else: what people see around it is not the website's.

    Raises:
        Exception: it was, or the text is malformed.
    """
    if parse_client_data_json(client_data).cross_origin:
        raise NotSentError


def tell(error: Exception) -> None:
    """Say at the level of debugging which check failed: of what kind it was, and not what was sent."""
    logger.debug("A passkey was refused: %s.", type(error).__name__, extra={"event": "passkey_refused"})
