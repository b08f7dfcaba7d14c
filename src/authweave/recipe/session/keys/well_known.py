"""What other services read to verify our tokens (docs/reference/http.md, Keys)."""

from __future__ import annotations

from typing import Final

import attrs

from authweave.http import Exchange, Route
from authweave.recipe.session.keys.described import CONFIGURATION, JWKS
from authweave.recipe.session.keys.signing_keys import SigningKeys
from authweave.recipe.session.types import GetJWKSResult, GetOpenIdDiscoveryConfigurationResult, JsonWebKey
from authweave.security import PublicJWK
from authweave.types import AppInfo, Response

MAX_AGE_S: Final = 60
"""How long what is published may be kept, in seconds."""

PUBLISHED: Final = (
    ("access-control-allow-origin", "*"),
    ("cache-control", f"max-age={MAX_AGE_S}, must-revalidate"),
)


@attrs.frozen
class WellKnown:
    """Publish the signing keys, and where they are."""

    app_info: AppInfo
    keys: SigningKeys

    def routes(self) -> tuple[Route, ...]:
        """Return the routes."""
        return (
            Route(
                "get",
                "/jwt/jwks.json",
                self.jwks,
                reads=None,
                summary="List the keys that verify access tokens",
                answers=(JWKS,),
                has_tenants=False,
            ),
            Route(
                "get",
                "/.well-known/openid-configuration",
                self.openid_configuration,
                reads=None,
                summary="Tell where these keys are",
                answers=(CONFIGURATION,),
                has_tenants=False,
            ),
        )

    async def jwks(self, exchange: Exchange) -> Response:
        """Answer ``GET /jwt/jwks.json``: the public halves of the signing keys (RFC 7517)."""
        del exchange
        keys = [key.to_json() for key in (await self.key_set()).keys]
        return Response.from_json({"keys": keys}, headers=PUBLISHED)

    async def openid_configuration(self, exchange: Exchange) -> Response:
        """Answer ``GET /.well-known/openid-configuration``. The ``/oauth`` endpoints are named, not served."""
        configuration = await self.configuration(exchange.request.root_path)
        return Response.from_json({"status": "OK", **configuration.to_json()}, headers=PUBLISHED)

    async def key_set(self) -> GetJWKSResult:
        """Return what `jwks` answers."""
        return GetJWKSResult([json_web_key(key) for key in await self.keys.public()], MAX_AGE_S)

    async def configuration(self, root_path: str = "") -> GetOpenIdDiscoveryConfigurationResult:
        """Return what `openid_configuration` answers to a request with this root path."""
        issuer = self.app_info.api_domain + self.app_info.api_base_path
        keys_below = self.app_info.api_domain + self.app_info.base_path_below(root_path)
        # The newest first: after a change of algorithm the former one too, while its tokens live.
        algorithms = dict.fromkeys(key["alg"] for key in await self.keys.public())
        return GetOpenIdDiscoveryConfigurationResult(
            issuer=issuer,
            jwks_uri=f"{keys_below}/jwt/jwks.json",
            authorization_endpoint=f"{issuer}/oauth/auth",
            token_endpoint=f"{issuer}/oauth/token",
            userinfo_endpoint=f"{issuer}/oauth/userinfo",
            revocation_endpoint=f"{issuer}/oauth/revoke",
            token_introspection_endpoint=f"{issuer}/oauth/introspect",
            end_session_endpoint=f"{issuer}/oauth/end_session",
            subject_types_supported=["public"],
            id_token_signing_alg_values_supported=algorithms,
            response_types_supported=["code", "id_token", "id_token token"],
        )


def json_web_key(key: PublicJWK) -> JsonWebKey:
    """Return a key as a value; what its kind does not have is None."""
    return JsonWebKey(
        kty=key["kty"],
        kid=key["kid"],
        n=key.get("n"),
        e=key.get("e"),
        alg=key["alg"],
        use=key["use"],
        crv=key.get("crv"),
        x=key.get("x"),
        y=key.get("y"),
    )
