"""What the routes of the recipe take and answer, as data: the application's OpenAPI document is made of it."""

from __future__ import annotations

from typing import Final

from authweave.http import GENERAL_ERROR, OK, TEXT, Answer, array_of, object_schema, one_of, status_schema

from .config import MAX_SCOPES

KEY: Final = object_schema(
    "ApiKey",
    {
        "keyId": TEXT,
        "name": TEXT,
        "scopes": array_of(TEXT),
        "createdAt": {"type": "integer"},
        "expiresAt": {"type": ["integer", "null"]},
    },
)
CREATE_BODY: Final = object_schema(
    "CreateApiKeyRequest",
    {
        "name": TEXT,
        "scopes": {**array_of(TEXT), "maxItems": MAX_SCOPES},
        "validityS": {"type": ["integer", "null"], "description": "For how many seconds the key is good."},
    },
    optional=("scopes", "validityS"),
)
REVOKE_BODY: Final = object_schema("RevokeApiKeyRequest", {"keyId": TEXT})

CREATED: Final = Answer(
    200,
    "The key, with its token, which nobody is shown again.",
    one_of(
        status_schema("ApiKeyCreated", "OK", key=KEY, token=TEXT),
        status_schema("TooManyApiKeys", "TOO_MANY_KEYS_ERROR", limit={"type": "integer"}),
        GENERAL_ERROR,
    ),
)
LISTED: Final = Answer(200, "The keys.", one_of(status_schema("ApiKeys", "OK", keys=array_of(KEY)), GENERAL_ERROR))
REVOKED: Final = Answer(
    200,
    "`status` says whether there was such a key.",
    one_of(OK, status_schema("UnknownApiKey", "UNKNOWN_KEY_ERROR"), GENERAL_ERROR),
)
