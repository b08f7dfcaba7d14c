"""What is answered to who verifies our tokens, as data (docs/reference/http.md, Keys)."""

from __future__ import annotations

from typing import Final

from authweave.http import TEXT, Answer, Header, array_of, object_schema

MAY_BE_READ: Final = (Header("access-control-allow-origin", "`*`: any website may read it."),)

KEY: Final = object_schema(
    "JsonWebKey",
    dict.fromkeys(("kty", "kid", "alg", "use", "n", "e", "crv", "x", "y"), TEXT),
    optional=("n", "e", "crv", "x", "y"),
    description="A public key (RFC 7517).",
)
JWKS: Final = Answer(
    200,
    "The public keys of all access tokens that are in use.",
    object_schema("JsonWebKeySet", {"keys": array_of(KEY)}),
    headers=MAY_BE_READ,
)
CONFIGURATION: Final = Answer(
    200,
    "Where the keys are. Endpoints below `/oauth` are named, and not served.",
    object_schema(
        "OpenIdConfiguration",
        {
            "status": {"type": "string", "const": "OK"},
            "issuer": TEXT,
            "jwks_uri": TEXT,
            "authorization_endpoint": TEXT,
            "token_endpoint": TEXT,
            "userinfo_endpoint": TEXT,
            "revocation_endpoint": TEXT,
            "token_introspection_endpoint": TEXT,
            "end_session_endpoint": TEXT,
            "subject_types_supported": array_of(TEXT),
            "id_token_signing_alg_values_supported": array_of(TEXT),
            "response_types_supported": array_of(TEXT),
        },
    ),
    headers=MAY_BE_READ,
)
