"""Servers that speak OpenID Connect, of which each organisation has its own."""

from __future__ import annotations

from typing import Final

from authweave.recipe.thirdparty.provider import CommonProviderConfig
from authweave.recipe.thirdparty.providers.profiles import ProviderProfile, openid_fields

from .completing import check_directory, discovered_at

OPENID_SERVERS: Final = (
    ProviderProfile(
        defaults=CommonProviderConfig(
            "active-directory",
            name="Microsoft",
            issuer="https://login.microsoftonline.com/{tenantid}/v2.0",
            # A directory's administrators write into `email` what they like.
            user_info_map=openid_fields(email_verified=None),
        ),
        needs=(("directoryId", "the directory's (tenant's) id, or `common`, `organizations`, `consumers`"),),
        vouched_for_by="nothing: `email` is what a directory's administrator wrote",
        complete=discovered_at("https://login.microsoftonline.com/{directoryId}/v2.0"),
        check_claims=check_directory,
    ),
    ProviderProfile(
        defaults=CommonProviderConfig("okta", name="Okta", user_info_map=openid_fields()),
        needs=(("oktaDomain", "the organisation's domain, `dev-1.okta.com`"),),
        vouched_for_by="`email_verified` in the ID token or the user info",
        complete=discovered_at("{oktaDomain}"),
    ),
    ProviderProfile(
        defaults=CommonProviderConfig("auth0", name="Auth0", user_info_map=openid_fields()),
        needs=(("auth0Domain", "the tenant's domain, `dev-1.eu.auth0.com`, or your own"),),
        vouched_for_by="`email_verified` in the ID token",
        # With the slash, which its issuer has.
        complete=discovered_at("{auth0Domain}/"),
    ),
    ProviderProfile(
        defaults=CommonProviderConfig("cognito", name="Amazon Cognito", user_info_map=openid_fields()),
        needs=(("region", "the pool's region, `eu-central-1`"), ("userPoolId", "the pool's id")),
        vouched_for_by="`email_verified` in the ID token or the user info, which has it as a text",
        complete=discovered_at("https://cognito-idp.{region}.amazonaws.com/{userPoolId}"),
    ),
    ProviderProfile(
        defaults=CommonProviderConfig("keycloak", name="Keycloak", user_info_map=openid_fields()),
        needs=(("keycloakUrl", "where the server is, `https://id.example.com`"), ("realm", "the realm")),
        vouched_for_by="`email_verified` in the ID token or the user info",
        complete=discovered_at("{keycloakUrl}/realms/{realm}"),
    ),
    ProviderProfile(
        defaults=CommonProviderConfig("zitadel", name="ZITADEL", user_info_map=openid_fields()),
        needs=(("zitadelDomain", "the instance's domain, `acme-1.zitadel.cloud`, or your own"),),
        vouched_for_by="`email_verified` in the ID token or the user info",
        complete=discovered_at("{zitadelDomain}"),
    ),
    ProviderProfile(
        defaults=CommonProviderConfig(
            "authentik",
            name="authentik",
            # Before 2025.10 it said true of every address; since then it says false of every one.
            user_info_map=openid_fields(email_verified=None),
        ),
        needs=(
            ("authentikUrl", "where the server is, `https://id.example.com`"),
            ("application", "the application's slug"),
        ),
        vouched_for_by="nothing: authentik does not know, and before 2025.10 it said `true` of every address",
        # With the slash, which its issuer has.
        complete=discovered_at("{authentikUrl}/application/o/{application}/"),
    ),
)
