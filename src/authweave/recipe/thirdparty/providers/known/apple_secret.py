"""Sign in with Apple: the client's secret is a token that the client itself makes."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import attrs

from authweave.recipe.thirdparty.provider import ProviderConfigForClient
from authweave.recipe.thirdparty.providers.profiles import required_setting
from authweave.types import Clock, ConfigurationError

AUDIENCE: Final = "https://appleid.apple.com"

LIFETIME_S: Final = 24 * 60 * 60
"""Apple takes half a year at most; a secret that leaks is better short-lived."""

RENEWED_EVERY_S: Final = LIFETIME_S // 2
CACHED: Final = 64
"""Secrets, of as many clients. One takes less than a millisecond to make."""


def with_client_secret(config: ProviderConfigForClient, clock: Clock) -> ProviderConfigForClient:
    """
    Make the client's secret, unless one is configured.

    Raises:
        authweave.types.ConfigurationError: the key or a name is missing, or the key is none.
    """
    if config.client_secret is not None:
        return config
    team, key_id, key = (required_setting(config, name) for name in ("teamId", "keyId", "privateKey"))
    from joserfc.errors import JoseError  # noqa: PLC0415  as below

    period_start_s = clock() // 1000 // RENEWED_EVERY_S * RENEWED_EVERY_S
    try:
        secret = client_secret(config.client_id, team, key_id, key, period_start_s)
    except (JoseError, ValueError, TypeError):
        message = (
            f"The client {config.client_id!r} of provider {config.third_party_id!r} has a 'privateKey' that is no EC "
            "key on P-256: put the whole text of the .p8 file there."
        )
        raise ConfigurationError(message) from None
    return attrs.evolve(config, client_secret=secret)


@lru_cache(CACHED)
def client_secret(client_id: str, team_id: str, key_id: str, private_key: str, issued_at_s: int) -> str:
    """Make a secret, as Apple describes it: a JSON Web Token signed with ES256. The same one until it is renewed."""
    from joserfc import jwt  # noqa: PLC0415  who has no client of Apple's needs none of it
    from joserfc.jwk import ECKey  # noqa: PLC0415  likewise

    key = ECKey.import_key(private_key.replace("\\n", "\n"))
    claims = {
        "iss": team_id,
        "iat": issued_at_s,
        "exp": issued_at_s + LIFETIME_S,
        "aud": AUDIENCE,
        "sub": client_id,
    }
    return jwt.encode({"alg": "ES256", "kid": key_id}, claims, key, algorithms=["ES256"])
