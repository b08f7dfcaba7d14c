"""Providers that speak OpenID Connect, one for all the world."""

from __future__ import annotations

import json
from typing import Final

import attrs

from authweave.recipe.thirdparty.provider import CommonProviderConfig
from authweave.recipe.thirdparty.providers.profiles import ProviderProfile, openid_fields

from .apple_name import name_beside
from .apple_secret import with_client_secret
from .completing import check_hosted_domain, with_gitlab_host, with_hosted_domain
from .token_info import google_issued_to, named_to_bearer

GOOGLE: Final = ProviderProfile(
    defaults=CommonProviderConfig(
        "google",
        name="Google",
        oidc_discovery_endpoint="https://accounts.google.com",
        token_info_endpoint="https://oauth2.googleapis.com/tokeninfo",
        user_info_map=openid_fields(),
    ),
    confidential="web",
    vouched_for_by="`email_verified` in the ID token",
    issued_to=google_issued_to,
)

TWITCH_CLAIMS: Final = {"email": None, "email_verified": None}
"""What Twitch tells only where it is asked by name (OpenID Connect Core, section 5.5)."""

OPENID_PROVIDERS: Final = (
    GOOGLE,
    ProviderProfile(
        defaults=attrs.evolve(GOOGLE.defaults, third_party_id="google-workspaces", name="Google Workspaces"),
        confidential="web",
        vouched_for_by="`email_verified` in the ID token, whose `hd` has to be the configured domain",
        complete=with_hosted_domain,
        issued_to=google_issued_to,
        check_claims=check_hosted_domain,
    ),
    ProviderProfile(
        defaults=CommonProviderConfig(
            "apple",
            name="Apple",
            oidc_discovery_endpoint="https://appleid.apple.com",
            # Apple asks for it wherever it is to tell the address.
            authorization_endpoint_query_params={"response_mode": "form_post"},
            user_info_map=openid_fields(),
        ),
        needs=(
            ("teamId", "the team's id"),
            ("keyId", "the id of a key for Sign in with Apple"),
            ("privateKey", "that key, the text of its .p8 file"),
        ),
        vouched_for_by="`email_verified` in the ID token",
        complete=with_client_secret,
        said_beside=name_beside,
    ),
    ProviderProfile(
        defaults=CommonProviderConfig("gitlab", name="GitLab", user_info_map=openid_fields()),
        vouched_for_by="`email_verified` in the ID token or the user info",
        complete=with_gitlab_host,
        issued_to=named_to_bearer("application.uid"),
    ),
    ProviderProfile(
        defaults=CommonProviderConfig(
            "linkedin",
            name="LinkedIn",
            oidc_discovery_endpoint="https://www.linkedin.com/oauth",
            token_info_endpoint="https://www.linkedin.com/oauth/v2/introspectToken",
            user_info_map=openid_fields(),
            # The token endpoint answers a verifier with invalid_client, and ID tokens have no nonce.
            gives_up_pkce=True,
            gives_up_nonce=True,
        ),
        scope=("openid", "profile", "email"),
        confidential="all",
        # Its document has no list, which would mean the header (Discovery, section 3); it does not take that.
        auth_method="client_secret_post",
        vouched_for_by="`email_verified` in the ID token or the user info",
    ),
    ProviderProfile(
        defaults=CommonProviderConfig(
            "twitch",
            name="Twitch",
            oidc_discovery_endpoint="https://id.twitch.tv/oauth2",
            authorization_endpoint_query_params={
                "claims": json.dumps({"id_token": TWITCH_CLAIMS, "userinfo": TWITCH_CLAIMS}, separators=(",", ":"))
            },
            token_info_endpoint="https://id.twitch.tv/oauth2/validate",
            user_info_map=openid_fields(),
        ),
        scope=("openid", "user:read:email"),
        confidential="all",
        auth_method="client_secret_post",
        vouched_for_by="`email_verified` in the ID token, which Twitch is asked for by name",
        issued_to=named_to_bearer("client_id"),
    ),
    ProviderProfile(
        defaults=CommonProviderConfig(
            "slack",
            name="Slack",
            oidc_discovery_endpoint="https://slack.com",
            user_info_map=openid_fields(),
            # The token endpoint of OpenID answers a verifier beside a secret with internal_error.
            gives_up_pkce=True,
        ),
        scope=("openid", "profile", "email"),
        confidential="all",
        vouched_for_by="`email_verified` in the ID token",
    ),
)
