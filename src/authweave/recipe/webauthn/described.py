"""What the routes of the recipe take and answer, as data (docs/reference/http.md, Passkeys)."""

from __future__ import annotations

from typing import Final

from authweave.http import (
    GENERAL_ERROR,
    LEGACY_USER,
    OK,
    TEXT,
    USER,
    Answer,
    Parameter,
    Schema,
    array_of,
    object_schema,
    one_of,
    status_schema,
)
from authweave.recipe.session.interfaces import CHANGED_TOKEN, LINKING, NEW_TOKENS

MILLISECONDS: Final[Schema] = {"type": "integer", "description": "Milliseconds since the epoch."}
DURATION: Final[Schema] = {"type": "integer", "description": "Milliseconds."}
BINARY: Final[Schema] = {"type": "string", "description": "Bytes in base64url."}
WANTED: Final[Schema] = {"type": "string", "enum": ["required", "preferred", "discouraged"]}

OPTIONS_NOT_FOUND: Final = status_schema("OptionsNotFound", "OPTIONS_NOT_FOUND_ERROR")
INVALID_OPTIONS: Final = status_schema("InvalidOptions", "INVALID_OPTIONS_ERROR")
INVALID_CREDENTIALS: Final = status_schema("InvalidCredentials", "INVALID_CREDENTIALS_ERROR")
INVALID_AUTHENTICATOR: Final = status_schema("InvalidAuthenticator", "INVALID_AUTHENTICATOR_ERROR", reason=TEXT)
INVALID_EMAIL: Final = status_schema("InvalidEmail", "INVALID_EMAIL_ERROR", err=TEXT)
INVALID_RECOVERY: Final = status_schema("InvalidRecoverAccountToken", "RECOVER_ACCOUNT_TOKEN_INVALID_ERROR")
EMAIL_TAKEN: Final = status_schema("EmailAlreadyExists", "EMAIL_ALREADY_EXISTS_ERROR")
NOT_FOUND: Final = status_schema("CredentialNotFound", "CREDENTIAL_NOT_FOUND_ERROR")
SIGN_UP_NOT_ALLOWED: Final = status_schema("PasskeySignUpNotAllowed", "SIGN_UP_NOT_ALLOWED", reason=TEXT)
SIGN_IN_NOT_ALLOWED: Final = status_schema("PasskeySignInNotAllowed", "SIGN_IN_NOT_ALLOWED", reason=TEXT)
RECOVERY_NOT_ALLOWED: Final = status_schema("RecoverAccountNotAllowed", "RECOVER_ACCOUNT_NOT_ALLOWED", reason=TEXT)
REGISTER_NOT_ALLOWED: Final = status_schema(
    "RegisterCredentialNotAllowed", "REGISTER_CREDENTIAL_NOT_ALLOWED", reason=TEXT
)
EXISTS: Final = status_schema("PasskeyEmailExists", "OK", exists={"type": "boolean"})

EMAIL_OF_QUERY: Final = Parameter("email", "The address.", is_required=True)

OPTIONS_ID: Final[Schema] = {"type": "string", "description": "What the options were found by."}
REGISTRATION: Final = object_schema(
    "RegistrationCredential",
    {
        "id": BINARY,
        "rawId": BINARY,
        "type": {"type": "string", "const": "public-key"},
        "response": object_schema("AttestationResponse", {"clientDataJSON": BINARY, "attestationObject": BINARY}),
    },
)
AUTHENTICATION: Final = object_schema(
    "AuthenticationCredential",
    {
        "id": BINARY,
        "rawId": BINARY,
        "type": {"type": "string", "const": "public-key"},
        "response": object_schema(
            "AssertionResponse",
            {"clientDataJSON": BINARY, "authenticatorData": BINARY, "signature": BINARY, "userHandle": BINARY},
            optional=("userHandle",),
        ),
    },
)
FOR_REGISTRATION: Final = object_schema(
    "RegisterOptionsRequest",
    {
        "email": {"type": "string", "description": "The address; it or the token."},
        "recoverAccountToken": {"type": "string", "description": "That of the link in the mail."},
    },
    optional=("email", "recoverAccountToken"),
)
REGISTER_OPTIONS: Final = Answer(
    200,
    "What the browser makes a passkey with, if `status` is `OK`.",
    one_of(
        status_schema(
            "RegisterOptions",
            "OK",
            webauthnGeneratedOptionsId=OPTIONS_ID,
            createdAt=MILLISECONDS,
            expiresAt=MILLISECONDS,
            rp=object_schema("RelyingParty", {"id": TEXT, "name": TEXT}),
            user=object_schema("PasskeyUser", {"id": BINARY, "name": TEXT, "displayName": TEXT}),
            challenge=BINARY,
            timeout=DURATION,
            excludeCredentials=array_of(object_schema("ExcludedCredential", {"id": BINARY})),
            attestation=TEXT,
            pubKeyCredParams=array_of(object_schema("KeyAlgorithm", {"alg": {"type": "integer"}, "type": TEXT})),
            authenticatorSelection=object_schema(
                "AuthenticatorSelection",
                {"requireResidentKey": {"type": "boolean"}, "residentKey": WANTED, "userVerification": WANTED},
            ),
        ),
        INVALID_EMAIL,
        INVALID_RECOVERY,
        INVALID_OPTIONS,
        GENERAL_ERROR,
    ),
)
SIGN_IN_OPTIONS: Final = Answer(
    200,
    "What the browser uses a passkey with, if `status` is `OK`.",
    one_of(
        status_schema(
            "SignInOptions",
            "OK",
            webauthnGeneratedOptionsId=OPTIONS_ID,
            createdAt=MILLISECONDS,
            expiresAt=MILLISECONDS,
            rpId=TEXT,
            challenge=BINARY,
            timeout=DURATION,
            userVerification=WANTED,
        ),
        INVALID_OPTIONS,
        GENERAL_ERROR,
    ),
)


def ceremony(title: str, credential: Schema, *, may_link: bool = False, **others: Schema) -> Schema:
    """Return the schema of a body with what a browser made of options."""
    properties: dict[str, Schema] = {"webauthnGeneratedOptionsId": OPTIONS_ID, "credential": credential, **others}
    if may_link:
        properties["shouldTryLinkingWithSessionUser"] = LINKING
    return object_schema(title, properties, optional=("shouldTryLinkingWithSessionUser",))


def signed_in(*others: Schema, description: str) -> Answer:
    """Return the answer of a sign-up or sign-in."""
    current, former = (
        one_of(status_schema(title, "OK", user=user), *others, GENERAL_ERROR)
        for title, user in (("SignedIn", USER), ("LegacySignedIn", LEGACY_USER))
    )
    return Answer(200, description, current, legacy_schema=former, headers=NEW_TOKENS)


SIGN_UP: Final = signed_in(
    EMAIL_TAKEN,
    OPTIONS_NOT_FOUND,
    INVALID_OPTIONS,
    INVALID_CREDENTIALS,
    INVALID_AUTHENTICATOR,
    SIGN_UP_NOT_ALLOWED,
    description="`status` says whether there is a new user.",
)
SIGN_IN: Final = signed_in(
    INVALID_CREDENTIALS, SIGN_IN_NOT_ALLOWED, description="`status` says whether somebody is signed in."
)
EMAIL_EXISTS: Final = Answer(
    200, "`exists` says whether the tenant has a passkey user with the address.", one_of(EXISTS, GENERAL_ERROR)
)
RELATED_ORIGINS: Final = Answer(
    200, "The websites on which the passkeys are good.", object_schema("RelatedOrigins", {"origins": array_of(TEXT)})
)
EMAIL_BODY: Final = object_schema("RecoverAccountTokenRequest", {"email": TEXT})
RECOVERY_TOKEN: Final = Answer(
    200, "If there is such a user, a mail is on its way.", one_of(OK, RECOVERY_NOT_ALLOWED, GENERAL_ERROR)
)
RECOVERY: Final = Answer(
    200,
    "`status` says whether the account has the passkey.",
    one_of(
        OK,
        INVALID_RECOVERY,
        OPTIONS_NOT_FOUND,
        INVALID_OPTIONS,
        INVALID_CREDENTIALS,
        INVALID_AUTHENTICATOR,
        GENERAL_ERROR,
    ),
)
REGISTERED: Final = Answer(
    200,
    "`status` says whether the login method has the passkey.",
    one_of(OK, OPTIONS_NOT_FOUND, INVALID_CREDENTIALS, REGISTER_NOT_ALLOWED, GENERAL_ERROR),
    headers=CHANGED_TOKEN,
)
LISTED: Final = Answer(
    200,
    "The passkeys of the session's user.",
    one_of(
        status_schema(
            "Credentials",
            "OK",
            credentials=array_of(
                object_schema(
                    "Credential",
                    {
                        "webauthnCredentialId": BINARY,
                        "relyingPartyId": TEXT,
                        "recipeUserId": TEXT,
                        "createdAt": MILLISECONDS,
                    },
                )
            ),
        ),
        GENERAL_ERROR,
    ),
    headers=CHANGED_TOKEN,
)
REMOVE_BODY: Final = object_schema("RemoveCredentialRequest", {"webauthnCredentialId": BINARY})
REMOVED: Final = Answer(
    200, "`status` says whether the passkey is gone.", one_of(OK, NOT_FOUND, GENERAL_ERROR), headers=CHANGED_TOKEN
)
