"""What other services read to verify our tokens (docs/reference/http.md, Keys)."""

from __future__ import annotations

from typing import Final

from authweave.app import App
from authweave.types import Response

from ._exchange import ContextT, Exchange

PUBLISHED: Final = (("access-control-allow-origin", "*"), ("cache-control", "max-age=60, must-revalidate"))


async def jwks(exchange: Exchange[ContextT]) -> Response:
    """Answer ``GET /jwt/jwks.json``: the public halves of the signing keys (RFC 7517)."""
    keys = await exchange.app.session.public_keys()
    return Response.from_json({"keys": keys}, headers=PUBLISHED)


async def openid_configuration(exchange: Exchange[ContextT]) -> Response:
    """Answer ``GET /.well-known/openid-configuration``. The ``/oauth`` endpoints are named, not served."""
    info = exchange.app.app_info
    issuer = info.api_domain + info.api_base_path
    return Response.from_json(
        {
            "status": "OK",
            "issuer": issuer,
            "jwks_uri": f"{issuer}/jwt/jwks.json",
            "authorization_endpoint": f"{issuer}/oauth/auth",
            "token_endpoint": f"{issuer}/oauth/token",
            "userinfo_endpoint": f"{issuer}/oauth/userinfo",
            "revocation_endpoint": f"{issuer}/oauth/revoke",
            "token_introspection_endpoint": f"{issuer}/oauth/introspect",
            "end_session_endpoint": f"{issuer}/oauth/end_session",
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": await algorithms(exchange.app),
            "response_types_supported": ["code", "id_token", "id_token token"],
        },
        headers=PUBLISHED,
    )


async def algorithms(app: App[ContextT]) -> list[str]:
    """Return what tokens are signed with, the newest first: after a change the former too, while its tokens live."""
    if "session" not in app.loaded:
        return ["RS256"]
    return list(dict.fromkeys(str(key["alg"]) for key in await app.session.public_keys()))
