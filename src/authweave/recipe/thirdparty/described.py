"""What the routes of the recipe take and answer, as data (docs/reference/http.md, Providers)."""

from __future__ import annotations

from typing import Final

from authweave.http import (
    GENERAL_ERROR,
    LEGACY_USER,
    TEXT,
    USER,
    Answer,
    Header,
    Link,
    Parameter,
    Schema,
    object_schema,
    one_of,
    status_schema,
)
from authweave.recipe.session.interfaces import LINKING, NEW_TOKENS

NOT_EMPTY: Final[Schema] = {"type": "string", "minLength": 1}
REDIRECT_URI: Final[Schema] = {"type": "string", "format": "uri", "minLength": 1, "maxLength": 2048}
REDIRECT_URI_OR_NONE: Final[Schema] = {
    "type": "string",
    "maxLength": 2048,
    "description": "The same as at the start; empty for a code that belongs to none, from a native client.",
}

QUERY: Final = (
    Parameter("thirdPartyId", "The provider.", NOT_EMPTY, is_required=True),
    Parameter(
        "redirectURIOnProviderDashboard",
        "Where the provider sends the browser back to.",
        REDIRECT_URI,
        is_required=True,
    ),
    Parameter("clientType", "Which of the provider's clients the frontend is; needed where there are several."),
)
COMMON: Final[dict[str, Schema]] = {
    "thirdPartyId": NOT_EMPTY,
    "clientType": {"type": ["string", "null"]},
    "shouldTryLinkingWithSessionUser": LINKING,
}
OPTIONAL: Final = ("clientType", "shouldTryLinkingWithSessionUser")
WITH_CODE: Final = object_schema(
    "SignInUpWithCode",
    {
        **COMMON,
        "redirectURIInfo": object_schema(
            "RedirectUriInfo",
            {
                "redirectURIOnProviderDashboard": REDIRECT_URI_OR_NONE,
                "redirectURIQueryParams": {
                    "type": "object",
                    "additionalProperties": True,
                    "description": "All that the provider added to the URL.",
                },
                "pkceCodeVerifier": {
                    "type": ["string", "null"],
                    "description": "What came with the URL; of a native client also its own (RFC 7636).",
                },
            },
            optional=("redirectURIQueryParams", "pkceCodeVerifier"),
        ),
    },
    optional=OPTIONAL,
    description="The browser came back from the provider.",
)
WITH_TOKENS: Final = object_schema(
    "SignInUpWithTokens",
    {**COMMON, "oAuthTokens": {"type": "object", "additionalProperties": True}},
    optional=OPTIONAL,
    description="The client speaks with the provider itself.",
)
SIGN_IN_UP_BODY: Final[Schema] = {"anyOf": [WITH_CODE, WITH_TOKENS]}

URL: Final = status_schema(
    "AuthorisationUrl", "OK", urlWithQueryParams=TEXT, pkceCodeVerifier={"type": ["string", "null"]}
)
NO_EMAIL: Final = status_schema("NoEmailGivenByProvider", "NO_EMAIL_GIVEN_BY_PROVIDER")
NOT_ALLOWED: Final = status_schema("SignInUpNotAllowed", "SIGN_IN_UP_NOT_ALLOWED", reason=TEXT)

AUTHORISATION_URL: Final = Answer(
    200,
    "Where the browser goes.",
    one_of(URL, GENERAL_ERROR),
    links=(
        Link(
            "POST /signinup",
            "Come back from the provider, which adds a code.",
            body={
                "thirdPartyId": "$request.query.thirdPartyId",
                "redirectURIInfo": {
                    "redirectURIOnProviderDashboard": "$request.query.redirectURIOnProviderDashboard",
                    "redirectURIQueryParams": {"code": "that of the provider"},
                    "pkceCodeVerifier": "$response.body#/pkceCodeVerifier",
                },
            },
        ),
    ),
)


def signed_in(title: str, created: str, user: Schema) -> Schema:
    """Return what is answered, with the name of old for what was created or the one of today."""
    ok = status_schema(title, "OK", **{created: {"type": "boolean"}, "user": user})
    return one_of(ok, NO_EMAIL, NOT_ALLOWED, GENERAL_ERROR)


SIGN_IN_UP: Final = Answer(
    200,
    "`status` says whether somebody is signed in.",
    signed_in("SignedInUp", "createdNewRecipeUser", USER),
    legacy_schema=signed_in("LegacySignedInUp", "createdNewUser", LEGACY_USER),
    headers=NEW_TOKENS,
)

APPLE_BODY: Final = object_schema(
    "AppleForm",
    {"state": {"type": "string", "description": "Base64 of JSON with a `frontendRedirectURI`."}, "code": TEXT},
    optional=("code",),
)
APPLE: Final = (
    Answer(200, "An override has a message for the person.", GENERAL_ERROR),
    Answer(
        303,
        "The browser goes on to the website.",
        headers=(Header("location", "The page of the website, with the form in its query."),),
    ),
)
